"""Sketches: what they keep, and how near their estimates come to the sets themselves."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.unit.network.returns.town import matrix

from havenwall.errors import BadConfig, BadGraph
from havenwall.network.returns.sketch import jaccard, ranks, rarity, sketch

COLUMNS = 4_000


def exact(left: set[int], right: set[int], weight: np.ndarray) -> tuple[float, float]:
    shared, union = (sum(weight[item] for item in part) for part in (left & right, left | right))
    return (shared / union if union else 0.0), shared


def test_an_element_counts_by_its_rarity_and_a_hub_not_at_all() -> None:
    sets = matrix([[0, 1, 2], [0, 1], [0, 3], [0]], columns=5)
    weight = rarity(sets, hub=4)
    assert weight[0] == weight[4] == 0
    assert weight[1] == pytest.approx(np.log(4 / 2))
    assert weight[2] == weight[3] == pytest.approx(np.log(4))
    assert rarity(sets, hub=3)[0] == 0


def test_the_lowest_ranks_are_kept_and_a_hub_never() -> None:
    weight = np.linspace(0, 2, 40)
    kept = sketch(matrix([list(range(40)), [7, 3]], columns=40), weight, size=5)
    rank = ranks(weight)
    assert set(kept.elements[:5].tolist()) == set(np.argsort(rank)[:5].tolist())
    assert kept.bound[0] == np.sort(rank)[5]
    assert kept.elements[5:].tolist() == [3, 7]
    assert np.isinf(kept.bound[1])
    assert np.isinf(rank[0])


def test_a_heavier_element_is_kept_more_often() -> None:
    weight = np.repeat([1.0, 4.0], COLUMNS // 2)
    kept = sketch(matrix([range(COLUMNS)], COLUMNS), weight, size=500)
    heavy = (kept.elements >= COLUMNS // 2).mean()
    assert 0.7 < heavy < 0.9


@settings(max_examples=40, derandomize=True)
@given(st.data())
def test_estimates_stay_near_the_exact_similarity(data: st.DataObject) -> None:
    seed = data.draw(st.integers(0, 2**32 - 1))
    common, left, right = (data.draw(st.integers(0, top)) for top in (600, 600, 600))
    rng = np.random.default_rng(seed)
    pool = rng.permutation(COLUMNS)[: common + left + right]
    a = set(pool[: common + left].tolist())
    b = set(pool[:common].tolist()) | set(pool[common + left :].tolist())
    weight = rng.uniform(0.2, 3, COLUMNS)
    size = 128
    sample = sketch(matrix([a, b], COLUMNS), weight, size, salt=data.draw(st.integers(0, 9)))
    likeness, shared = jaccard(sample, sample, np.array([[0, 1], [1, 0], [0, 0]]))
    truth, weight_shared = exact(a, b, weight)
    # Five standard errors of a sample of `size`.
    assert likeness[0] == pytest.approx(truth, abs=5 * np.sqrt(0.25 / size))
    assert shared[0] == pytest.approx(weight_shared, abs=0.5 * max(sum(weight[list(a | b)]), 1e-9))
    assert likeness[0] == likeness[1]
    assert likeness[2] == pytest.approx(1.0 if a else 0.0)


@settings(max_examples=60, derandomize=True)
@given(st.sets(st.integers(0, 99), max_size=20), st.sets(st.integers(0, 99), max_size=20))
def test_small_sets_are_kept_whole_and_compared_exactly(a: set[int], b: set[int]) -> None:
    weight = np.random.default_rng(3).uniform(0, 2, 100)
    sample = sketch(matrix([a, b], columns=100), weight, size=20)
    likeness, shared = jaccard(sample, sample, np.array([[0, 1]]))
    truth, weight_shared = exact(a, b, weight)
    assert likeness[0] == pytest.approx(truth)
    assert shared[0] == pytest.approx(weight_shared)


def test_the_estimate_is_unbiased_over_salts() -> None:
    rng = np.random.default_rng(5)
    pool, weight = rng.permutation(COLUMNS), rng.uniform(0.1, 4, COLUMNS)
    a, b = set(pool[:300].tolist()), set(pool[100:900].tolist())
    sets = matrix([a, b], COLUMNS)
    drawn = []
    for salt in range(200):
        sample = sketch(sets, weight, 64, salt)
        drawn.append([float(part[0]) for part in jaccard(sample, sample, np.array([[0, 1]]))])
    likeness, shared = np.mean(drawn, axis=0)
    truth, weight_shared = exact(a, b, weight)
    assert likeness == pytest.approx(truth, abs=0.02)
    assert shared == pytest.approx(weight_shared, rel=0.08)


def test_the_same_sets_give_the_same_sketch() -> None:
    sets, weight = matrix([range(0, 400, 3), [1, 2, 3]], COLUMNS), np.full(COLUMNS, 2.0)
    one, two = sketch(sets, weight, 16), sketch(sets, weight, 16)
    assert (one.elements == two.elements).all()
    assert (one.ranks == two.ranks).all()
    assert not (sketch(sets, weight, 16, salt=1).elements[:16] == one.elements[:16]).all()


def test_wrong_input_is_named() -> None:
    sets = matrix([[0, 1]], columns=3)
    with pytest.raises(BadConfig, match="hub"):
        rarity(sets, hub=2)
    with pytest.raises(BadConfig, match="size"):
        sketch(sets, np.ones(3), size=0)
    for weight in (np.ones(2), np.array([1.0, -1.0, 1.0])):
        with pytest.raises(BadGraph, match="weight"):
            sketch(sets, weight)
    with pytest.raises(BadGraph, match="columns"):
        jaccard(
            sketch(sets, np.ones(3)), sketch(matrix([[0]], COLUMNS), np.ones(COLUMNS)), np.array([[0, 0]])
        )

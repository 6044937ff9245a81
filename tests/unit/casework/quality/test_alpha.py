"""Krippendorff's alpha against the values of his own paper (2011), and its bounds."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.unit.casework.quality.krippendorff import alpha

from havenwall.casework.quality import resample

BINARY = ("0100000010", "1110010000")
NOMINAL = ("aabbdcccedda", "babbbcccedddd"[:12])
MANY = ("12332141 2...".replace(" ", ""), "1233224125.3", ".3332342251.", "12332441251.")


def units(*observers: str) -> list[list[str]]:
    return [[said for said in unit if said != "."] for unit in zip(*observers, strict=True)]


@pytest.mark.parametrize(("observers", "published"), [(BINARY, 0.095), (NOMINAL, 0.692), (MANY, 0.743)])
def test_it_gives_the_published_values(observers: tuple[str, ...], published: float) -> None:
    assert alpha(units(*observers)) == pytest.approx(published, abs=0.0006)


@given(st.lists(st.lists(st.sampled_from("abc"), min_size=2, max_size=4), min_size=1, max_size=20))
def test_it_is_at_most_one_and_one_only_on_full_agreement(found: list[list[str]]) -> None:
    value = alpha(found)
    agreed = all(len(set(unit)) == 1 for unit in found)
    if value is None:
        assert agreed, "no two answers differ at all"
    else:
        assert value <= 1 + 1e-9
        assert (value == pytest.approx(1)) == agreed


@given(st.lists(st.lists(st.sampled_from("ab"), min_size=2, max_size=2), min_size=2, max_size=10))
def test_equal_weights_change_nothing(found: list[list[str]]) -> None:
    plain, weighted = alpha(found), alpha(found, [7.0] * len(found))
    assert plain == (None if weighted is None else pytest.approx(weighted))


def test_units_with_one_answer_count_for_nothing() -> None:
    assert alpha([["a"], ["b"]]) is None
    assert alpha([["a", "a"], ["b", "b"], ["a"]]) == 1


PAIR = st.tuples(st.sampled_from("abc"), st.sampled_from("abc"), st.sampled_from([1.0, 2.5, 20.0]))


@given(st.lists(PAIR, min_size=2, max_size=30))
def test_from_counts_it_is_the_same(found: list[tuple[str, str, float]]) -> None:
    counts = np.zeros(9)
    for first, second, weight in found:
        counts["abc".index(first) * 3 + "abc".index(second)] += weight
    expected = alpha([(one, other) for one, other, _ in found], [weight for *_, weight in found])
    assert resample.alpha(counts, len(found)) == (None if expected is None else pytest.approx(expected))

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.unit.audit.compare.samples import platform

from havenwall.audit.compare import Recapture, TwoLists
from havenwall.audit.compare.recapture import chao, chao_lists, chapman, frequencies, lower_bounds, uneven


def test_chapman_by_hand() -> None:
    span = chapman(60, 50, 20)
    assert span.value == pytest.approx(61 * 51 / 21 - 1)
    assert 90 < span.low < span.value < span.high


def test_chao_by_hand() -> None:
    assert chao([50, 20, 10]).value == pytest.approx(80 + 50 * 49 / (2 * 21))
    assert chao([50, 20, 10], occasions=5).value == pytest.approx(80 + 0.8 * 50 * 49 / (2 * 21))


@given(st.sets(st.integers(0, 60), min_size=1), st.sets(st.integers(0, 60), min_size=1))
def test_two_lists_keep_what_was_seen(one: set[int], other: set[int]) -> None:
    span = chapman(len(one), len(other), len(one & other))
    assert len(one | other) <= span.low <= span.value + 1e-9
    assert span.value <= span.high + 1e-9
    # Chapman's estimate is what was seen and the product of what was seen once, over the overlap and one.
    alone = len(one - other) * len(other - one) / (len(one & other) + 1)
    assert span.value == pytest.approx(len(one | other) + alone)


@given(st.lists(st.integers(0, 500), min_size=1, max_size=8).filter(any), st.none() | st.integers(8, 100))
def test_chao_is_finite_and_never_below_what_was_seen(counts: list[int], occasions: int | None) -> None:
    span = chao(counts, occasions)
    assert sum(counts) <= span.low + 1e-9
    assert span.low <= span.value + 1e-9
    assert np.isfinite([span.low, span.value, span.high]).all()


def test_frequencies_of_lists() -> None:
    assert frequencies([{"a", "b"}, {"b", "c"}, {"b", "c", 7}]) == [2, 1, 1]


@given(st.sets(st.integers(0, 60), min_size=1), st.sets(st.integers(0, 60), min_size=1))
def test_chao_of_two_lists_is_chapman(one: set[int], other: set[int]) -> None:
    expected = chapman(len(one), len(other), len(one & other)).value
    assert chao_lists([one, other]).value == pytest.approx(expected)


def test_a_list_much_longer_than_the_others_does_not_inflate_the_bound() -> None:
    rng = np.random.default_rng(3)
    lists = [set(np.flatnonzero(rng.random(1000) < share).tolist()) for share in (0.5, 0.05, 0.05)]
    assert chao_lists(lists).low < 1000 < chao(frequencies(lists), 3).low


@given(st.lists(st.sets(st.integers(0, 30), min_size=1), min_size=2, max_size=6))
def test_bounds_of_lists_are_finite_and_never_below_what_was_seen(lists: list[set[int]]) -> None:
    span = chao_lists(lists)
    assert len(set().union(*lists)) <= span.low <= span.value + 1e-9
    assert np.isfinite([span.low, span.value, span.high]).all()


def test_lists_say_what_they_are() -> None:
    lists = {"tags": ["a", "b", "c", "a"], "search": ["b", "c", "d"]}
    (two,) = lower_bounds(platform("p", 4, recapture=Recapture(lists=lists)), 0.95)
    (three,) = lower_bounds(platform("p", 4, recapture=Recapture(lists=lists | {"walk": ["d", 7]})), 0.95)
    assert [(b.method, b.seen) for b in (two, three)] == [("Chapman", 4), ("Chao", 5)]
    assert all("lower bound" in b.warnings[0] and "avoid each other" in b.warnings[1] for b in (two, three))
    assert all("fewer than 7" in b.warnings[2] for b in (two, three))


def test_no_overlap_is_said() -> None:
    known = Recapture(two_lists=TwoLists(first=3, second=4, both=0))
    (bound,) = lower_bounds(platform("p", 7, recapture=known), 0.95)
    assert any("no account was found twice" in w for w in bound.warnings)


def test_unequal_accounts_are_noticed() -> None:
    rng = np.random.default_rng(1)
    alike = rng.binomial(10, 0.15, 3000)
    unequal = rng.binomial(10, rng.beta(0.3, 2.0, 3000))
    counts = [[int((times == n).sum()) for n in range(1, 11)] for times in (alike, unequal)]
    assert [uneven(c, 10) for c in counts] == [False, True]
    known = Recapture(frequencies=counts[1], occasions=10)
    (bound,) = lower_bounds(platform("p", 9, recapture=known), 0.95)
    assert any("well above" in w for w in bound.warnings)
    assert bound.at_least.value < 3000


def test_a_bound_that_adds_nothing_is_said() -> None:
    (bound,) = lower_bounds(platform("p", 9, recapture=Recapture(frequencies=[0, 5, 4])), 0.95)
    assert bound.at_least.value == 9
    assert bound.at_least.high > 9
    assert any("beyond what was seen" in w for w in bound.warnings)
    inside = Recapture(lists={"long": ["a", "b", "c"], "short": ["a"]})
    (bound,) = lower_bounds(platform("p", 3, recapture=inside), 0.95)
    assert bound.at_least.low == bound.at_least.value == 3 < bound.at_least.high
    assert any("beyond what was seen" in w for w in bound.warnings)
    (one_search,) = lower_bounds(platform("p", 3, recapture=Recapture(frequencies=[3])), 0.95)
    assert one_search.at_least.value == 3 + 3

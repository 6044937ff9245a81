import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from havenwall.network.graph import from_pairs
from havenwall.network.roles.rates import (
    expected_followers,
    log_lift,
    marked,
    ramp,
    share_of_ends,
    share_of_starts,
    sums,
)

FOLLOWS = from_pairs(np.array([0, 0, 1, 2]), np.array([1, 2, 2, 0]), (3, 3))


def test_shares_of_links():
    weight = np.array([1, 0, 0.5], np.float32)
    assert share_of_starts(FOLLOWS, weight) == pytest.approx((2 + 0.5) / 4)
    assert share_of_ends(FOLLOWS, weight) == pytest.approx((1 + 2 * 0.5) / 4)


def test_shares_of_an_empty_matrix_are_nothing():
    empty = from_pairs(np.array([], int), np.array([], int), (3, 3))
    assert share_of_starts(empty, np.ones(3, np.float32)) == 0


def test_sums_over_ones():
    assert sums(FOLLOWS, np.array([1, 2, 4], np.float32)).tolist() == [6, 4, 1]


def test_ramp_is_flat_outside():
    assert ramp(np.array([0, 1, 2, 3, 9.0]), 1, 3).tolist() == [0, 0, 0.5, 1, 1]


def test_lift_is_never_negative_and_one_says_little():
    lift = log_lift(np.array([0, 1, 19], np.float32), np.array([5, 0, 0], np.float32))
    assert lift == pytest.approx([0, np.log(2), np.log(20)])


def test_marks():
    assert marked(4, np.array([1, 3])).tolist() == [0, 1, 0, 1]


def naive_expectation(edges, weight, n):
    follows = {row: {t for s, t in edges if s == row and t != row} for row in range(n)}
    by = {row: {s for s, t in edges if t == row and s != row} for row in range(n)}
    links = sum(len(targets) for targets in follows.values())
    anywhere = sum(weight[s] * len(follows[s]) for s in range(n)) / max(links, 1)

    def near(source):
        others = [sum(weight[s] for s in by[t] - {source}) / max(len(by[t]) - 1, 1) for t in follows[source]]
        return sum(others) / max(len(others), 1)

    return [max(sum(near(s) for s in by[row]), len(by[row]) * anywhere) for row in range(n)]


@settings(max_examples=50)
@given(edges=st.lists(st.tuples(st.integers(0, 9), st.integers(0, 9)), max_size=60), seed=st.integers(0, 99))
def test_expected_followers_equal_the_naive_ones(edges, seed):
    weight = np.random.default_rng(seed).random(10).astype(np.float32)
    src, dst = np.array(edges, dtype=int).reshape(-1, 2).T
    follows = from_pairs(src, dst, (10, 10), loops=False)
    wanted = naive_expectation(set(edges), weight.tolist(), 10)
    assert expected_followers(follows, weight) == pytest.approx(wanted, abs=1e-4)

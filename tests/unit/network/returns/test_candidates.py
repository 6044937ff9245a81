"""Candidates: what sketches share, against counting every pair."""

from __future__ import annotations

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.unit.network.returns.town import matrix

from havenwall.network.graph import from_pairs
from havenwall.network.returns.candidates import SKETCHED, candidates, shortlist
from havenwall.network.returns.sketch import sketch

_SETS = st.lists(st.sets(st.integers(0, 11), max_size=8), min_size=1, max_size=9)


def naive(
    left: list[set[int]], right: list[set[int]], weight: np.ndarray, limit: int
) -> set[tuple[int, int]]:
    pairs = set()
    for j, mine in enumerate(right):
        shared = [(-sum(weight[item] for item in mine & other), i) for i, other in enumerate(left)]
        pairs |= {(i, j) for score, i in sorted(shared)[:limit] if score < 0}
    return pairs


@settings(max_examples=15, derandomize=True)
@given(_SETS, _SETS, st.integers(1, 4))
def test_the_shortlist_holds_those_that_share_most(
    left: list[set[int]], right: list[set[int]], limit: int
) -> None:
    # Powers of two: sums are exact, so equals are equal.
    weight = np.array([0.0, 1, 1, 2, 2, 4, 4, 8, 8, 16, 16, 32])
    # Sketches as large as the largest set keep everything.
    pairs = shortlist(sketch(matrix(left), weight, 12), sketch(matrix(right), weight, 12), limit)
    assert {(int(i), int(j)) for i, j in pairs} == naive(left, right, weight, limit)
    assert len(pairs) == len({tuple(pair) for pair in pairs.tolist()})


def test_kinds_and_ties_are_put_together() -> None:
    one, two, weight = matrix([{0, 1}, {0, 1}, {2}, {3}]), matrix([{5}, {6}, {5}, {6}]), np.ones(12)
    sets = dict(zip(SKETCHED, (one, two), strict=True))
    sides = [
        {kind: sketch(part.take(np.array(rows)), weight, 8) for kind, part in sets.items()}
        for rows in ([0, 3], [1, 2])
    ]
    alone = candidates(*sides, ties=matrix([set(), set()], 2), limit=3)
    assert alone.tolist() == [[0, 0], [1, 0], [0, 1]]
    tied = candidates(*sides, ties=matrix([{1}, {0, 1}], 2), limit=3)
    assert tied.tolist() == [[0, 0], [1, 0], [0, 1], [1, 1]]


def test_without_removed_accounts_there_are_no_candidates() -> None:
    none = np.empty(0, np.int64)
    assert candidates({}, {}, ties=from_pairs(none, none, (0, 2)), limit=3).shape == (0, 2)

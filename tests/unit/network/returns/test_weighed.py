"""Exact overlap of weighted sets, against Python's own sets."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.unit.network.returns.town import matrix

from havenwall.network.returns.weighed import Weighed, tied

WEIGHT = np.array([0.0, 0.0, 0.5, 1, 1.5, 2, 2.5, 3, 3.5, 4, 4.5, 5])


@settings(max_examples=25, derandomize=True)
@given(st.lists(st.sets(st.integers(0, 11)), min_size=2, max_size=6))
def test_weights_are_those_of_the_common_elements(sets: list[set[int]]) -> None:
    left, right = (part.ravel() for part in np.indices((len(sets), len(sets))))
    held = Weighed(matrix(sets), WEIGHT)
    shared, share = held.shared(left, right), held.overlap(left, right, 2.0)
    for place, (i, j) in enumerate(zip(left, right, strict=True)):
        both = [item for item in sets[i] & sets[j] if WEIGHT[item]]
        assert shared[place] == pytest.approx(sum(WEIGHT[both]))
        assert held.common(int(i), int(j)).tolist() == sorted(both, key=lambda item: -WEIGHT[item])
    assert held.total == pytest.approx([sum(WEIGHT[item] for item in part) for part in sets])
    assert [held.telling(row) for row in range(len(sets))] == [len(part - {0, 1}) for part in sets]
    assert ((share >= 0) & (share < 1)).all()


@settings(max_examples=25, derandomize=True)
@given(st.lists(st.sets(st.integers(0, 11)), min_size=1, max_size=6))
def test_tied_is_membership(sets: list[set[int]]) -> None:
    left, right = (part.ravel() for part in np.indices((len(sets), 12)))
    assert tied(matrix(sets), left, right).tolist() == [
        j in sets[i] for i, j in zip(left, right, strict=True)
    ]


def test_the_smaller_set_rules_and_one_thing_in_common_is_doubted() -> None:
    held = Weighed(matrix([{5}, {5, 6}, set(range(2, 12)), {3, 4, 5, 6, 7}, {0, 1}]), WEIGHT)
    one, two, five = held.overlap(np.array([0, 1, 3]), np.array([2, 2, 2]), 3.0)
    assert 0 < one < two < five < 1
    assert one == pytest.approx(2 / (2 + 3))
    assert held.overlap(np.array([4]), np.array([4]), 3.0)[0] == 0

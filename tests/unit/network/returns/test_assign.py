"""Rivals share the odds; the likeliest pair goes first."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from havenwall.network.returns.assign import among_rivals, assign


def test_without_rivals_the_probability_is_that_of_the_log_odds() -> None:
    odds = np.array([-2.0, 0.0, 3.0])
    lone = among_rivals(odds, np.arange(3), np.arange(3), both=True)
    assert lone == pytest.approx(1 / (1 + np.exp(-odds)))


def test_rivals_for_a_newcomer_share_and_those_for_a_former_only_when_it_has_one_return() -> None:
    odds = np.array([4.0, 4.0, 4.0])
    former, newcomer = np.array([0, 1, 1]), np.array([0, 0, 1])
    one = among_rivals(odds, former, newcomer, both=True)
    many = among_rivals(odds, former, newcomer, both=False)
    e = np.exp(4)
    assert one == pytest.approx([e / (1 + 2 * e), e / (1 + 3 * e), e / (1 + 2 * e)])
    assert many == pytest.approx([e / (1 + 2 * e), e / (1 + 2 * e), e / (1 + e)])


def test_the_probabilities_of_a_newcomer_add_up_to_one_at_most() -> None:
    rng = np.random.default_rng(1)
    former, newcomer = rng.integers(0, 5, 60), rng.integers(0, 5, 60)
    chance = among_rivals(rng.normal(3, 20, 60), former, newcomer, both=False)
    assert (np.bincount(newcomer, chance) <= 1 + 1e-9).all()
    assert np.isfinite(chance).all()


@settings(max_examples=100, derandomize=True)
@given(
    st.lists(st.tuples(st.integers(0, 4), st.integers(0, 4), st.integers(0, 9)), max_size=15),
    st.integers(1, 2),
)
def test_the_matching_is_stable(pairs: list[tuple[int, int, int]], successors: int) -> None:
    pairs = list({pair[:2]: pair for pair in pairs}.values())
    former, newcomer, score = (np.array([pair[side] for pair in pairs], np.int64) for side in range(3))
    chance = score / 10
    kept = assign(chance, former, newcomer, successors)
    assert (np.bincount(newcomer[kept], minlength=5) <= 1).all()
    assert (np.bincount(former[kept], minlength=5) <= successors).all()
    assert (np.diff(chance[kept]) <= 0).all()
    for place in set(range(len(pairs))) - set(kept.tolist()):
        taken = kept[newcomer[kept] == newcomer[place]]
        full = kept[former[kept] == former[place]]
        # Nobody prefers each other to what they got.
        blocked = (chance[taken] >= chance[place]).any()
        assert blocked or (len(full) == successors and (chance[full] >= chance[place]).all())


def test_nothing_gives_nothing() -> None:
    none = np.empty(0, np.int64)
    assert len(assign(np.empty(0), none, none, 1)) == 0
    assert len(among_rivals(np.empty(0), none, none, both=True)) == 0

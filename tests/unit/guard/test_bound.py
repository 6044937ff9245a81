from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from havenwall.errors import BadInput
from havenwall.guard import Guard, Outcome, Surface, ViewerClass

UNIVERSE = [f"account:{number}" for number in range(10)]


@pytest.fixture
def feed(standing):
    return [standing(1, "account:1"), standing(2, "account:5", "removed"), standing(3, "account:77")]


@pytest.mark.parametrize("dtype", ["i1", "i4", "i8", "u1", "u8"])
def test_places_are_answered_in_their_own_shape(tmp_path: Path, feed, bring, dtype: str) -> None:
    bring(tmp_path, feed)
    bound = Guard.open(tmp_path).bind(UNIVERSE)
    assert len(bound) == 10
    indices = np.array([[0, 1, 2], [5, 9, 100]], dtype=dtype)
    allowed = bound.allowed(indices, Surface.TRENDS)
    assert allowed.dtype == np.bool_
    assert allowed.tolist() == [[True, False, True], [False, True, False]]
    assert bound.allowed(np.empty((0, 3), dtype=dtype), Surface.TRENDS).shape == (0, 3)


def test_everything_outside_the_universe_is_false(tmp_path: Path, feed, bring) -> None:
    bring(tmp_path, feed)
    bound = Guard.open(tmp_path).bind(UNIVERSE)
    extremes = np.array([-1, -2, 10, 2**62, -(2**62), 2**63 - 1])
    for surface in Surface:
        assert not bound.allowed(extremes, surface).any()
    assert not bound.allowed(np.array([2**64 - 1, 2**63], dtype=np.uint64), Surface.TRENDS).any()
    assert not Guard.open(tmp_path).bind([]).allowed(np.array([-1, 0, 1]), Surface.TRENDS).any()


def test_demoted_candidates_are_allowed(tmp_path: Path, feed, bring) -> None:
    bring(tmp_path, feed)
    bound = Guard.open(tmp_path).bind(UNIVERSE)
    assert bound.allowed(np.array([1, 5]), Surface.NOTIFICATIONS).tolist() == [True, False]


def test_it_keeps_up_with_changes_lifts_and_snapshots(tmp_path: Path, feed, bring, standing) -> None:
    bring(tmp_path, feed)
    guard = Guard.open(tmp_path, refresh_every=0)
    bound = guard.bind(UNIVERSE)
    every = np.arange(10)
    feed += [standing(4, "account:1", "none"), standing(5, "account:2")]
    bring(tmp_path, feed)
    assert np.flatnonzero(~bound.allowed(every, Surface.TRENDS)).tolist() == [2, 5]
    feed += [standing(6, "account:2", "none"), standing(7, "account:3")]
    assert bring(tmp_path, feed, max_lines=2).rebuilt
    assert np.flatnonzero(~bound.allowed(every, Surface.TRENDS)).tolist() == [3, 5]
    assert np.flatnonzero(~guard.bind(UNIVERSE).allowed(every, Surface.TRENDS)).tolist() == [3, 5]


def test_it_fails_as_its_surface_declares(tmp_path: Path, feed, bring, standing) -> None:
    bound = Guard.open(tmp_path, refresh_every=0).bind(UNIVERSE)
    assert not bound.allowed(np.arange(10), Surface.TRENDS).any()
    assert bound.allowed(np.arange(10), Surface.SEARCH_RESULTS).all()
    bring(tmp_path, feed)
    assert bound.allowed(np.arange(10), Surface.TRENDS).sum() == 8


def test_misuse_is_refused(tmp_path: Path, feed, bring) -> None:
    bring(tmp_path, feed)
    guard = Guard.open(tmp_path)
    with pytest.raises(BadInput, match="twice"):
        guard.bind([*UNIVERSE, "account:1"])
    with pytest.raises(BadInput, match="kind:id"):
        guard.bind(["1", "2"])
    bound = guard.bind(UNIVERSE)
    with pytest.raises(BadInput, match="integers"):
        bound.allowed(np.array([0.0, 1.0]), Surface.TRENDS)
    with pytest.raises(BadInput, match="integers"):
        bound.allowed(np.array([True]), Surface.TRENDS)
    with pytest.raises(BadInput, match="surface"):
        bound.allowed(np.array([0]), "frontpage")  # type: ignore[arg-type]


@pytest.mark.parametrize("viewer_class", [None, *ViewerClass])
def test_judging_by_place_says_what_judging_by_name_says(tmp_path: Path, feed, bring, viewer_class) -> None:
    bring(tmp_path, feed)
    guard = Guard.open(tmp_path)
    bound, places, tied = guard.bind(UNIVERSE), np.arange(10), np.arange(10) % 5 == 0
    for surface in Surface:
        found = bound.judge(places, surface, viewer_class=viewer_class, tied=tied)
        named = guard.filter(UNIVERSE, surface, viewer_class=viewer_class, tied=[UNIVERSE[0], UNIVERSE[5]])
        told = {verdict.index: (verdict.outcome, verdict.factor) for verdict in named.verdicts}
        for place in range(10):
            outcome, factor = told.get(place, (Outcome.ALLOW, 1.0))
            assert tuple(Outcome)[found.outcome[place]] is outcome
            assert found.factor[place] == pytest.approx(factor)
        assert (found.version, found.stale) == (named.version, named.stale)
        shown = bound.allowed(places, surface, viewer_class=viewer_class, tied=tied)
        assert np.array_equal(shown, found.factor > 0)


def test_judging_a_viewer_who_gets_nothing_drops_all(tmp_path: Path, feed, bring) -> None:
    bring(tmp_path, feed)
    found = (
        Guard.open(tmp_path)
        .bind(UNIVERSE)
        .judge(
            np.array([[0, 1]]),
            Surface.RECOMMENDED_ACCOUNTS,
            viewer="account:5",
            tied=np.ones((1, 2), dtype=bool),
        )
    )
    assert found.outcome.tolist() == [[Outcome.DROP.severity] * 2]
    assert found.factor.tolist() == [[0, 0]]


def test_judging_says_when_there_is_no_data(tmp_path: Path) -> None:
    found = Guard.open(tmp_path).bind(UNIVERSE).judge(np.array([0, -1]), Surface.RECOMMENDED_ACCOUNTS)
    assert found.stale
    assert not found.factor.any()

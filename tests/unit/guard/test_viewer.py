from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from havenwall.errors import BadInput
from havenwall.guard import Guard, Outcome, Surface, ViewerClass

UNIVERSE = [f"account:{number}" for number in range(5)]


@pytest.fixture
def guard(tmp_path: Path, standing, bring) -> Guard:
    bring(
        tmp_path,
        [
            standing(1, "account:1"),
            standing(2, "account:2", "restricted", confirmed=True),
            standing(3, "account:3", "removed", confirmed=True),
            standing(4, "account:4", "none"),
        ],
    )
    return Guard.open(tmp_path)


@pytest.mark.parametrize(
    ("viewer_class", "outcome", "keep"),
    [
        (None, Outcome.DEMOTE, [0, 1]),
        (ViewerClass.ORDINARY, Outcome.DEMOTE, [0, 1]),
        (ViewerClass.MINOR, Outcome.DROP, [1]),
        (ViewerClass.RESTRICTED, Outcome.DROP, [1]),
        (ViewerClass.REVIEWER, Outcome.INTERSTITIAL, [0, 1]),
    ],
)
def test_who_looks_decides(guard: Guard, viewer_class, outcome: Outcome, keep: list[int]) -> None:
    answer = guard.filter(UNIVERSE[1:2] + UNIVERSE[:1], Surface.HASHTAG_PAGE, viewer_class=viewer_class)
    assert (answer.keep, [verdict.outcome for verdict in answer.verdicts]) == (keep, [outcome])
    verdict = guard.check("account:1", Surface.HASHTAG_PAGE, viewer_class=viewer_class)
    assert [verdict] == answer.verdicts


def test_a_standing_counts_whatever_class_the_caller_names(guard: Guard) -> None:
    for viewer_class in (None, *ViewerClass):
        answer = guard.filter(
            ["account:1"], Surface.HASHTAG_PAGE, viewer="account:2", viewer_class=viewer_class
        )
        assert answer.keep == []
    lifted = guard.filter(["account:1"], Surface.HASHTAG_PAGE, viewer="account:4")
    assert lifted.keep == [0]


def test_a_viewer_the_platform_restricts_itself_finds_closed_surfaces_closed(guard: Guard) -> None:
    answer = guard.filter(["account:0"], Surface.RECOMMENDED_ACCOUNTS, viewer_class=ViewerClass.RESTRICTED)
    assert answer.keep == []
    assert [(v.reason, v.decision_id) for v in answer.verdicts] == [("guard:viewer", None)]
    verdict = guard.check("account:0", Surface.RECOMMENDED_ACCOUNTS, viewer="account:2")
    assert (verdict.reason, verdict.decision_id) == ("guard:viewer", "decision-2")


def test_every_non_allow_names_version_and_reason(guard: Guard) -> None:
    for surface in Surface:
        for viewer_class in ViewerClass:
            answer = guard.filter(UNIVERSE, surface, viewer_class=viewer_class)
            assert all(v.reason and v.version == answer.version for v in answer.verdicts)
            assert all(
                v.decision_id is not None for v in answer.verdicts if not v.reason.startswith("guard:")
            )


def test_a_tie_gets_a_candidate_past_no_new_edge_only(guard: Guard) -> None:
    candidates = ["account:1", "account:3", "account:0"]
    stranger = guard.filter(candidates, Surface.MESSAGE)
    assert (stranger.keep, stranger.verdicts[0].factor) == ([2], 0.0)
    friend = guard.filter(candidates, Surface.MESSAGE, tied=["account:1", "account:3"])
    assert friend.keep == [0, 2]
    assert [(v.outcome, v.factor) for v in friend.verdicts] == [
        (Outcome.NO_NEW_EDGE, 1.0),
        (Outcome.DROP, 0.0),
    ]


@pytest.mark.parametrize("surface", Surface)
@pytest.mark.parametrize("viewer_class", [None, *ViewerClass])
@pytest.mark.parametrize("viewer", [None, "account:0", "account:2"])
@pytest.mark.parametrize("tied", [(), ("account:1", "account:2")])
def test_the_array_way_answers_as_the_list_way(guard: Guard, surface, viewer_class, viewer, tied) -> None:
    listed = guard.filter(UNIVERSE, surface, viewer, viewer_class=viewer_class, tied=tied)
    mask = np.isin(UNIVERSE, tied)
    allowed = guard.bind(UNIVERSE).allowed(
        np.arange(5), surface, viewer, viewer_class=viewer_class, tied=mask
    )
    assert np.flatnonzero(allowed).tolist() == listed.keep


def test_a_mask_of_another_shape_is_refused(guard: Guard) -> None:
    bound = guard.bind(UNIVERSE)
    for mask in (np.array([True]), np.zeros(5)):
        with pytest.raises(BadInput, match="tied"):
            bound.allowed(np.arange(5), Surface.MESSAGE, tied=mask)

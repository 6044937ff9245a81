from __future__ import annotations

import itertools
from pathlib import Path

import pytest

from havenwall.errors import BadInput
from havenwall.guard import CONTACTS, Guard, Outcome, Surface, ViewerClass

MINOR = ViewerClass.MINOR
CLEAN, SUSPECT, OTHER, CONFIRMED = "account:clean", "account:suspect", "account:other", "account:confirmed"


@pytest.fixture
def guard(tmp_path: Path, standing, bring) -> Guard:
    feed = [standing(1, SUSPECT), standing(2, OTHER), standing(3, CONFIRMED, "restricted", confirmed=True)]
    bring(tmp_path, feed)
    return Guard.open(tmp_path)


@pytest.mark.parametrize("surface", CONTACTS)
def test_clean_accounts_reach_each_other_and_themselves(guard: Guard, surface: Surface) -> None:
    for receiver_class in (None, MINOR):
        verdict = guard.contact(CLEAN, "account:friend", surface, receiver_class=receiver_class)
        assert (verdict.outcome, verdict.factor) == (Outcome.ALLOW, 1.0)
    own = guard.contact(SUSPECT, SUSPECT, surface)
    assert (own.outcome, own.version) == (Outcome.ALLOW, guard.status().version)


@pytest.mark.parametrize("surface", CONTACTS)
@pytest.mark.parametrize("tied", [False, True])
def test_two_suspicious_accounts_never_reach_each_other(guard: Guard, surface: Surface, tied: bool) -> None:
    for sender, receiver in itertools.permutations([SUSPECT, OTHER, CONFIRMED], 2):
        verdict = guard.contact(sender, receiver, surface, tied=tied)
        assert verdict.factor == 0
        assert verdict.outcome.severity >= Outcome.DROP.severity
        assert verdict.decision_id
        assert verdict.reason


@pytest.mark.parametrize("surface", CONTACTS)
@pytest.mark.parametrize("tied", [False, True])
def test_a_suspicious_account_and_a_minor_never_meet_either_way(
    guard: Guard, surface: Surface, tied: bool
) -> None:
    there = guard.contact(SUSPECT, CLEAN, surface, receiver_class=MINOR, tied=tied)
    back = guard.contact(CLEAN, SUSPECT, surface, sender_class=MINOR, tied=tied)
    assert (there.outcome, there.entity, there.factor) == (Outcome.DROP, SUSPECT, 0.0)
    assert (back.outcome, back.entity, back.factor) == (Outcome.DROP, SUSPECT, 0.0)
    confirmed = guard.contact(CONFIRMED, CLEAN, surface, receiver_class=MINOR, tied=tied)
    assert (confirmed.outcome, confirmed.decision_id) == (Outcome.DROP_AND_REFER, "decision-3")


@pytest.mark.parametrize("surface", CONTACTS)
def test_a_suspicion_alone_ends_no_tie_with_an_ordinary_account(guard: Guard, surface: Surface) -> None:
    for sender, receiver in ((SUSPECT, CLEAN), (CLEAN, SUSPECT)):
        assert guard.contact(sender, receiver, surface).factor == 0
        tied = guard.contact(sender, receiver, surface, tied=True)
        assert (tied.outcome, tied.factor, tied.entity) == (Outcome.NO_NEW_EDGE, 1.0, SUSPECT)


@pytest.mark.parametrize("surface", CONTACTS)
def test_a_restricted_account_is_handed_nobody_and_to_nobody(guard: Guard, surface: Surface) -> None:
    for sender, receiver in ((CONFIRMED, CLEAN), (CLEAN, CONFIRMED)):
        verdict = guard.contact(sender, receiver, surface)
        assert (verdict.factor, verdict.entity) == (0.0, CONFIRMED)
        assert verdict.decision_id == "decision-3"
    # What the platform knows by itself counts as much.
    word = guard.contact(CLEAN, "account:friend", surface, sender_class=ViewerClass.RESTRICTED)
    assert (word.outcome, word.reason) == (Outcome.DROP, "guard:viewer")


@pytest.mark.parametrize("surface", CONTACTS)
def test_without_data_ties_go_on_and_nobody_new_is_met(tmp_path: Path, surface: Surface) -> None:
    guard = Guard.open(tmp_path / "nowhere")
    stranger = guard.contact(CLEAN, "account:friend", surface)
    assert (stranger.outcome, stranger.factor, stranger.reason) == (
        Outcome.NO_NEW_EDGE,
        0.0,
        "guard:no-snapshot",
    )
    assert guard.contact(CLEAN, "account:friend", surface, tied=True).factor == 1


def test_misuse_is_refused(guard: Guard) -> None:
    with pytest.raises(BadInput, match="no contact"):
        guard.contact(CLEAN, SUSPECT, Surface.TRENDS)
    for pair in (("clean", CLEAN), (CLEAN, "clean")):
        with pytest.raises(BadInput, match="kind:id"):
            guard.contact(*pair, Surface.FOLLOW)

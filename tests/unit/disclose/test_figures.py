"""Figures count each action once and say how much a machine began."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from havenwall.disclose import draft_referral, figures
from havenwall.errors import NotReady
from havenwall.model import (
    Action,
    ActionKind,
    ActionState,
    Case,
    CaseClass,
    CaseState,
    CaseTopic,
    Decision,
    Exhibit,
    Member,
    MemberState,
    Verb,
)

START = datetime(2026, 1, 1, tzinfo=UTC)
END = datetime(2026, 2, 1, tzinfo=UTC)


def action(name: str, state: ActionState, by: str = "policy:rule") -> Action:
    return Action(
        id=name,
        kind=ActionKind.SUPPRESS,
        entity="account:a",
        decision_id="d",
        state=state,
        at=START,
        by=by,
        why="w",
    )


class View:
    """A month on the platform."""

    def events(self, start: datetime, end: datetime) -> int:
        return 7

    def signals(self, start: datetime, end: datetime) -> dict[str, int]:
        return {"report": 2}

    def decisions(self, start: datetime, end: datetime) -> list[Decision]:
        clear = Decision(id="d", verb=Verb.CLEAR, entities=("a", "b"), by="user:mira", why="w", at=START)
        return [clear]

    def actions(self, start: datetime, end: datetime) -> list[Action]:
        return [
            action("1", ActionState.CONFIRMED),
            action("1", ActionState.REVERSED, "user:mira"),
            action("2", ActionState.CONFIRMED, "user:mira"),
        ]

    def cases_opened(self, start: datetime, end: datetime) -> int:
        return 1


def test_each_action_counts_once() -> None:
    found = figures(View(), START, END)
    assert found.actions == {"suppress": 2}
    assert found.reversed_actions == 1
    assert found.automated_share == 0.5
    assert (found.members_cleared, found.members_confirmed) == (2, 0)


def case(confirmed: int) -> Case:
    return Case(
        id="c",
        title="Network around 1 confirmed accounts",
        case_class=CaseClass.CHILD_SAFETY,
        topic=CaseTopic.NETWORK,
        state=CaseState.IN_REVIEW,
        priority=50,
        opened_at=START,
        updated_at=START,
        due_at=START + timedelta(days=1),
        version=1,
        members=2,
        proposed=1,
        confirmed=confirmed,
        cleared=0,
    )


def member(name: str, state: MemberState, by: str | None) -> Member:
    return Member(
        case_id="c", entity=name, state=state, probability=0.9, risk_id=None, added_at=START, decided_by=by
    )


def test_a_referral_needs_a_person_and_names_only_the_confirmed() -> None:
    open_one = member("account:b", MemberState.PROPOSED, None)
    with pytest.raises(NotReady):
        draft_referral(case(1), [member("account:a", MemberState.CONFIRMED, "platform"), open_one], [])
    exhibits = [
        Exhibit(
            id=name,
            case_id="c",
            action_id=name,
            entity=f"account:{name}",
            sha256="0",
            size=1,
            path="p",
            key_id="k",
            at=START,
            hold_until=END,
        )
        for name in ("a", "b")
    ]
    members = [member("account:a", MemberState.CONFIRMED, "user:mira"), open_one]
    draft = draft_referral(case(1), members, exhibits)
    assert draft.subjects == ("account:a",)
    assert draft.exhibits == ("a",)
    assert draft.id == draft_referral(case(1), members, exhibits).id

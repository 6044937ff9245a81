"""Appeal: a person's request to look again at a restriction. Another person looks, and says why."""

from __future__ import annotations

from datetime import datetime, timedelta
from enum import StrEnum

import msgspec

from havenwall.model.case import ActionKind, CaseClass, CaseTopic

APPEAL_WITHIN = timedelta(days=183)
"""How long a restriction can be appealed (Art. 20(1) DSA: six months at least)."""


class AppealState(StrEnum):
    """Where an appeal stands."""

    WAITING = "waiting"
    """Kept; a person who had no part in the restriction will decide."""
    UPHELD = "upheld"
    """The restriction was wrong: everything is taken back."""
    TURNED_DOWN = "turned_down"
    """The restriction stays."""


class Finding(StrEnum):
    """What the person who decides an appeal found; the statement of reasons is made from it."""

    NOT_SHOWN = "not_shown"
    """What the restriction rested on does not hold."""
    NO_BREACH = "no_breach"
    """It holds, and breaks no rule."""
    CONTEXT = "context"
    """It is allowed in its context: news, research, help, art."""
    MISTAKEN = "mistaken"
    """Another account was meant."""
    STANDS = "stands"
    """Facts and ground hold; the restriction stays."""

    @property
    def state(self) -> AppealState:
        """What it makes of the appeal."""
        return AppealState.TURNED_DOWN if self is Finding.STANDS else AppealState.UPHELD


class AppealDraft(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """An appeal as a platform sends it for one of its users."""

    source_id: str
    """The platform's own id of it, 1 to 200 characters. Sending it twice changes nothing."""
    action_id: str
    """The action it is about, as in its notice."""
    text: str
    """Why it is wrong, in the person's own words, 1 to 10,000 characters."""
    language: str = "en"
    """Of the answer, as a tag such as `en` or `de-AT`."""


class Grounds(msgspec.Struct, frozen=True, kw_only=True):
    """The facts a statement of reasons is made from. No reviewer and no reporter is named in it."""

    action_id: str
    entity: str
    kind: ActionKind
    at: datetime
    expires_at: datetime | None
    """When the restriction ends by itself."""
    case_class: CaseClass
    topic: CaseTopic | None
    """What the case was about."""
    policy: str | None
    """The platform's policy that was broken, where one was named."""
    rule: str | None
    """The rule a machine followed."""
    machine_found: bool
    """Whether a machine brought the entity up; else people reported it."""
    machine_decided: bool
    two_persons: bool
    """Whether a second person agreed."""
    ended_at: datetime | None = None
    """When it ended, if it is over."""
    taken_back: bool = False
    """Whether it was taken back; else it ended by itself. What was taken back leaves nothing to appeal."""


class Statement(msgspec.Struct, frozen=True, kw_only=True):
    """A statement of reasons (Art. 17(3) DSA), in words and as the facts it was made from."""

    reference: str
    code: str = ""
    """Secret of the person restricted, by which they appeal; empty where it was given before."""
    language: str
    grounds: Grounds
    title: str
    restriction: str
    """What was decided, and for how long."""
    facts: str
    ground: str
    automation: str
    """Whether a machine found it, and whether a machine decided."""
    redress: str
    """What the person can do now."""
    may_appeal: bool


class Appeal(msgspec.Struct, frozen=True, kw_only=True):
    """An appeal as it is kept."""

    id: str
    number: str
    """To read out on the telephone, such as HW-7K2M-9QXD."""
    sender: str
    """`key:NAME`, or `public`."""
    source_id: str
    entity: str
    text: str
    language: str
    grounds: Grounds
    """Of what it contests."""
    case_id: str | None
    case_class: CaseClass
    received_at: datetime
    due_at: datetime
    state: AppealState = AppealState.WAITING
    finding: Finding | None = None
    decided_at: datetime | None = None
    decided_by: str | None = None
    why: str = ""
    """Reason of the person who decided, for the history; not for the person restricted."""
    statement: Statement | None = None
    """The outcome, as the person restricted is told it."""

    def overdue(self, at: datetime) -> bool:
        """Whether it should have been decided by a moment."""
        return self.state is AppealState.WAITING and self.due_at < at


class AppealStanding(msgspec.Struct, frozen=True, kw_only=True):
    """An appeal as those who sent it see it: where it stands, and what they are told."""

    id: str
    number: str
    source_id: str
    entity: str
    action_id: str
    state: AppealState
    received_at: datetime
    due_at: datetime
    decided_at: datetime | None = None
    statement: Statement | None = None
    new: bool = False
    """Whether this is the answer to the first time it was sent."""


def standing_of(appeal: Appeal, *, new: bool = False) -> AppealStanding:
    """What the sender of an appeal may know; nobody who decided is named."""
    return AppealStanding(
        id=appeal.id,
        number=appeal.number,
        source_id=appeal.source_id,
        entity=appeal.entity,
        action_id=appeal.grounds.action_id,
        state=appeal.state,
        received_at=appeal.received_at,
        due_at=appeal.due_at,
        decided_at=appeal.decided_at,
        statement=appeal.statement,
        new=new,
    )


class AppealCount(msgspec.Struct, frozen=True, kw_only=True):
    """How many appeals wait, and how many of those are overdue."""

    waiting: int
    overdue: int

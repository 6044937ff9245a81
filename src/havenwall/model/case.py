"""Case: what a reviewer works on; Action and Standing: what follows from decisions."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

import msgspec

from havenwall.model.risk import NetworkRole
from havenwall.model.urgency import CaseSource, PriorityPart


class CaseClass(StrEnum):
    """What kind of harm a case is about; rights are given per class."""

    CHILD_SAFETY = "child_safety"
    GENERAL = "general"
    """All else that people report: it must not get lost either, and is for other eyes."""


class CaseTopic(StrEnum):
    """What holds a case together. What comes up goes to the newest live case of its class, topic and key;
    there is one, unless persons split it or opened an older one again."""

    NETWORK = "network"
    """Accounts that network scoring found around confirmed ones."""
    COMMUNITY = "community"
    """Accounts that are alike, found without any confirmed one."""
    SINGLE = "single"
    """An entity that came up by itself: known media, behaviour. One case for each."""
    REPORT = "report"
    """What people report of one entity."""
    LIVE = "live"
    """A live stream: urgent by its audience."""
    GROUP = "group"
    """A group or a tag, with its members, rules and content."""
    CARE = "care"
    """Accounts that may be a minor's or a victim's: for care, never restricted by a machine."""
    AUDIT = "audit"
    """Accounts drawn by lot, to see how good the scores are. Nothing speaks against them but the lot."""


class CaseState(StrEnum):
    """Where a case stands."""

    OPEN = "open"
    IN_REVIEW = "in_review"
    DECIDED = "decided"
    CLOSED = "closed"


class MemberState(StrEnum):
    """What is known of one member of a case."""

    PROPOSED = "proposed"
    CONFIRMED = "confirmed"
    CLEARED = "cleared"
    CARE = "care"
    """May be a minor or a victim: gets help, no punishment."""


class Case(msgspec.Struct, frozen=True, kw_only=True):
    """One or many entities before a reviewer; a network is one case."""

    id: str
    title: str
    case_class: CaseClass
    topic: CaseTopic
    key: str = ""
    """What the case is about where a topic has many: the entity; empty where it has one."""
    state: CaseState
    priority: float
    """0..100, higher first."""
    opened_at: datetime
    updated_at: datetime
    due_at: datetime
    version: int
    """Rises with each change; a write must name the version it saw."""
    members: int
    proposed: int
    confirmed: int
    cleared: int
    care: int = 0
    queue: str = ""
    """Where it waits."""
    placed: bool = False
    """Whether a person put it there; rules then leave it, until the queue is gone."""
    priority_parts: tuple[PriorityPart, ...] = ()
    """What the priority is the sum of."""
    source: CaseSource = CaseSource.MACHINE
    language: str = ""
    imminent: bool = False
    audience: int = 0
    kinds: tuple[str, ...] = ()
    """Kinds of its members: `account`, `group`."""
    known_at: datetime | None = None
    """When we first knew; None in cases from before this was noted."""
    clock: str = ""
    """What the time of answer rests on, as a sentence."""
    merged_into: str | None = None
    split_from: str | None = None
    snoozed_until: datetime | None = None
    held_by: str | None = None
    """Who works on it now; None when nobody does."""
    held_until: datetime | None = None


class Member(msgspec.Struct, frozen=True, kw_only=True):
    """One entity in a case."""

    case_id: str
    entity: str
    state: MemberState
    probability: float
    risk_id: str | None
    added_at: datetime
    role: NetworkRole | None = None
    """The part it seemed to play when it came into the case."""
    decided_by: str | None = None
    decided_at: datetime | None = None


class CaseEvent(msgspec.Struct, frozen=True, kw_only=True):
    """One line of a case's history. Append-only: who, when, what, why."""

    id: str
    case_id: str
    at: datetime
    by: str
    what: str
    """`opened`, `members_added`, `confirmed`, `cleared`, `note`, `state`, `queue`, `taken`, `given_back`,
    `expired`, `handed_over`, `snoozed`, `merged`, `split`, `no_rule`."""
    why: str
    entities: tuple[str, ...] = ()
    decision_id: str | None = None
    old: str | None = None
    new: str | None = None
    version: int = 0
    """The version of the case that this line is part of; 0 in lines that change nothing in it (who works on
    it, where it waits, notes)."""
    outward: bool = False
    """Whether a note is for people outside: who reported something in the case before it reads it."""


class ActionKind(StrEnum):
    """The ladder of action, mildest first, and what is done for somebody rather than to them."""

    PRESERVE = "preserve"
    SUPPRESS = "suppress"
    RESTRICT = "restrict"
    REFER = "refer"
    REMOVE = "remove"
    CARE = "care"
    """The platform shows help to somebody who may be a minor or a victim. No rung: it restricts nothing."""


class ActionState(StrEnum):
    """How far an action has come."""

    PLANNED = "planned"
    SENT = "sent"
    CONFIRMED = "confirmed"
    FAILED = "failed"
    REVERSED = "reversed"


class Action(msgspec.Struct, frozen=True, kw_only=True):
    """Something done because of a decision. Each change of state is a new row with the same id."""

    id: str
    kind: ActionKind
    entity: str
    decision_id: str
    state: ActionState
    at: datetime
    by: str
    why: str
    case_id: str | None = None
    expires_at: datetime | None = None
    """When it is taken back by itself."""


class Restriction(StrEnum):
    """What is in force on an entity, mildest first."""

    NONE = "none"
    SUPPRESSED = "suppressed"
    RESTRICTED = "restricted"
    REMOVED = "removed"


class Standing(msgspec.Struct, frozen=True, kw_only=True):
    """The restriction now in force on an entity, derived from its actions."""

    seq: int
    """Position in the change feed; the guard asks for what came after."""
    entity: str
    restriction: Restriction
    confirmed: bool
    """Whether a person or a verified list stands behind it."""
    decision_id: str
    reason: str
    """Reason code: the rule or verb it rests on."""
    at: datetime

"""What the platform is told to do: endpoints, notices of actions, deliveries and each try at them."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

import msgspec

from havenwall.model.case import Action, ActionKind, ActionState, CaseClass

TOLD_KINDS = (ActionKind.SUPPRESS, ActionKind.RESTRICT, ActionKind.REMOVE, ActionKind.CARE)
"""Kinds of actions that the platform has a part in; the others are Havenwall's own."""


class Endpoint(msgspec.Struct, frozen=True, kw_only=True):
    """Where a platform takes notices. Its secret is kept sealed, beside it."""

    name: str
    """1 to 40 of a-z, 0-9, dash; a letter first."""
    url: str
    kinds: tuple[ActionKind, ...]
    """Which kinds of actions it is told of."""
    classes: tuple[CaseClass, ...]
    """Of cases of which classes."""
    on: bool
    created_at: datetime
    changed_at: datetime


class EndpointStatus(msgspec.Struct, frozen=True, kw_only=True):
    """An endpoint, and how deliveries to it stand."""

    endpoint: Endpoint
    waiting: int
    failed: int
    """Failed for good: they wait for somebody to replay them."""
    failures: int
    """Tries in a row that failed."""
    shut_until: datetime | None
    """While it fails again and again nothing is sent before this moment."""


class ActionNotice(msgspec.Struct, frozen=True, kw_only=True):
    """What a platform is told of one action in one state."""

    key: str
    """`action id:state`. The same notice may come twice; whoever has seen the key does nothing more."""
    seq: int
    """Rises; of two notices about an entity the one with the higher number holds."""
    action_id: str
    kind: ActionKind
    entity: str
    state: ActionState
    """`planned`: carry it out. `reversed`: take it back. `confirmed`: the guard does it already."""
    at: datetime
    case_class: CaseClass
    expires_at: datetime | None = None
    """When it ends by itself; a notice `reversed` follows then."""

    @classmethod
    def of(cls, action: Action, seq: int, case_class: CaseClass) -> ActionNotice:
        """The notice of an action. Reasons that people wrote stay here."""
        return cls(
            key=f"{action.id}:{action.state.value}",
            seq=seq,
            action_id=action.id,
            kind=action.kind,
            entity=action.entity,
            state=action.state,
            at=action.at,
            case_class=case_class,
            expires_at=action.expires_at,
        )


class DeliveryState(StrEnum):
    """How far a delivery has come."""

    WAITING = "waiting"
    DELIVERED = "delivered"
    FAILED = "failed"
    """For good: every try failed. Nothing more is sent until somebody replays it."""
    OVERTAKEN = "overtaken"
    """The action was taken back before this arrived."""


class Delivery(msgspec.Struct, frozen=True, kw_only=True):
    """One notice on its way to one endpoint."""

    id: str
    endpoint: str
    action_id: str
    kind: ActionKind
    entity: str
    told: ActionState
    """The state of the action that it tells of."""
    state: DeliveryState
    tries: int
    at: datetime
    due_at: datetime
    """When it is tried next, while it waits."""


class DeliveryTry(msgspec.Struct, frozen=True, kw_only=True):
    """One line of the delivery log."""

    delivery: str
    at: datetime
    by: str
    """`worker`, or who sent it by hand."""
    status: int | None
    """HTTP status; None where there was no answer."""
    millis: int
    error: str
    """Empty when it arrived."""


class Answered(StrEnum):
    """What a platform says of an action."""

    CONFIRMED = "confirmed"
    FAILED = "failed"


class Confirmation(msgspec.Struct, frozen=True, kw_only=True):
    """A platform's word on an action: by the API, or as the answer to a webhook."""

    state: Answered
    reason: str = ""
    """Why it failed."""

"""Proposal: a decision that waits for a second person. Radius: whom a decision would touch."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

import msgspec

from havenwall.model.decision import Decision


class Radius(msgspec.Struct, frozen=True, kw_only=True):
    """Whom a decision would touch, from what is in the store at this moment."""

    entities: int
    accounts: int
    """Accounts among them."""
    followers: int
    """Accounts that follow one of them, each counted once, those decided on left out."""
    bystanders: dict[str, int]
    """Of the accounts those that seem to be no part of the network, by role."""
    possible_minors: int
    verified: int
    """Accounts that the platform has verified."""
    returned: int
    """Accounts that may be removed ones again."""
    in_force: dict[str, int]
    """How many are under each restriction now."""


class ProposalState(StrEnum):
    """What became of a proposal."""

    WAITING = "waiting"
    APPROVED = "approved"
    REJECTED = "rejected"
    EXPIRED = "expired"


class Proposal(msgspec.Struct, frozen=True, kw_only=True):
    """A decision that waits for a second person. Nothing happens meanwhile but that evidence is preserved."""

    id: str
    case_id: str
    decision: Decision
    """As it is carried out once somebody approves."""
    state: ProposalState
    radius: Radius
    """As it was when it was proposed."""
    at: datetime
    by: str
    expires_at: datetime
    settled_at: datetime | None = None
    settled_by: str | None = None
    settled_why: str = ""

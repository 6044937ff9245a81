"""What leaves the system or is kept for those who may ask: Exhibit, Referral, Figures."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

import msgspec


class Exhibit(msgspec.Struct, frozen=True, kw_only=True):
    """A preserved piece of evidence in the vault."""

    id: str
    case_id: str
    action_id: str
    """The preserve action that asked for it; one exhibit per action, however often it is retried."""
    entity: str
    sha256: str
    """Of the plain content."""
    size: int
    """Bytes of the plain content."""
    path: str
    """Of the sealed file, relative to the vault."""
    key_id: str
    at: datetime
    hold_until: datetime


class ReferralState(StrEnum):
    """How far a referral has come."""

    DRAFT = "draft"
    SENT = "sent"


class Referral(msgspec.Struct, frozen=True, kw_only=True):
    """A report to an outside authority, prepared from a case."""

    id: str
    case_id: str
    authority: str
    state: ReferralState
    at: datetime
    subjects: tuple[str, ...]
    """The confirmed members."""
    exhibits: tuple[str, ...]
    narrative: str


class Figures(msgspec.Struct, frozen=True, kw_only=True):
    """Counts for the public, by period. No personal data."""

    start: datetime
    end: datetime
    events: int
    signals: dict[str, int]
    """By detector."""
    cases_opened: int
    members_confirmed: int
    members_cleared: int
    actions: dict[str, int]
    """By kind, planned in the period."""
    reversed_actions: int
    automated_share: float
    """Share of the period's suppressions that a machine began."""

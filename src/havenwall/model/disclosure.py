"""What leaves the system or is kept for those who may ask: Exhibit, Referral, Figures."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

import msgspec


class MediaFacts(msgspec.Struct, frozen=True, kw_only=True):
    """What is told of a picture in the vault without showing it."""

    kind: str
    """What was decoded: `picture`, or `animation` of which the first frame is shown."""
    pdq: str = ""
    """64 digits, of the first frame; empty where it is too plain for one."""
    quality: int = 0
    """Of the PDQ, 0 to 100."""
    matches: tuple[str, ...] = ()
    """Lists that know it, as `list (distance)`."""
    cluster: str = ""
    """Id of the first exhibit that was the same or nearly so; its own where it was the first."""


class Exhibit(msgspec.Struct, frozen=True, kw_only=True):
    """A preserved piece of evidence in the vault."""

    id: str
    case_id: str
    action_id: str
    """The preserve action that asked for it; one exhibit per action, however often it is retried.
    A picture that was attached has its own id here."""
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
    media: MediaFacts | None = None
    """Null for what is no picture: the record of an action."""


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

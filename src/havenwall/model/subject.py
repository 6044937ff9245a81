"""What is known of a group, a tag or a live stream that a case is about."""

from __future__ import annotations

from datetime import date, datetime

import msgspec

from havenwall.model.risk import Risk
from havenwall.model.signal import Signal


class Week(msgspec.Struct, frozen=True, kw_only=True):
    """Who came and went in one week."""

    start: date
    """Its Monday, UTC."""
    joined: int
    left: int
    size: int
    """Accounts in it when the week was over."""


class GroupFacts(msgspec.Struct, frozen=True, kw_only=True):
    """A group or a tag: its accounts, how it grows, and what was found in its name, rules and content."""

    entity: str
    size: int
    """Accounts in it, or that use it, now."""
    weeks: tuple[Week, ...]
    """The last weeks with a change, oldest first."""
    risk: Risk | None
    """Of the newest scoring that knows it."""
    signals: tuple[Signal, ...]
    """On the entity itself, newest first; `evidence["field"]` says where a term stood."""


class Sight(msgspec.Struct, frozen=True, kw_only=True):
    """One time a stream showed something known."""

    at: datetime
    risk: float
    """0..1, grows with matches."""
    level: int
    audience: int | None
    """Who watched then; None where the platform did not say."""
    distance: int | None
    """Bits from the entry it matched."""
    bank: str


class StreamFacts(msgspec.Struct, frozen=True, kw_only=True):
    """A live stream: its matches over time, and how long it took to act."""

    entity: str
    sights: tuple[Sight, ...]
    """Oldest first."""
    audience: int | None
    """The largest that was told."""
    first_signal: datetime | None
    hidden_at: datetime | None
    """When it was first suppressed, by a machine or a person."""
    seconds_to_hidden: float | None
    """From the first signal; None while it is not hidden."""


class Subject(msgspec.Struct, frozen=True, kw_only=True):
    """What a case is about, where it is a group, a tag or a live stream."""

    entity: str
    group: GroupFacts | None = None
    stream: StreamFacts | None = None

"""What a behaviour rule sees of an event."""

from __future__ import annotations

from typing import NamedTuple


class Row(NamedTuple):
    """One event, with what rules need of it."""

    name: str
    """Its id in its source: two different events have two names."""
    type: str
    at: int
    """µs since 1970 UTC."""
    entity: str
    target: str | None
    link: str | None
    text: str | None
    minor: str | None
    age_band: str | None
    verified: str | None
    answered: str | None
    hash: str | None
    """A hash of the media, as `kind:value`."""

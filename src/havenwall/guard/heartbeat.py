"""The publisher's sign of life, and how a reader measures its age without trusting the clock."""

from __future__ import annotations

import math
import time
from pathlib import Path
from typing import Final

import msgspec

HEARTBEAT: Final = "heartbeat"
"""File in the root whose time stamp is the sign of life."""


def beat(root: Path) -> None:
    """Say that everything decided until now has been published. Call it at least every few seconds."""
    root.mkdir(parents=True, exist_ok=True)
    (root / HEARTBEAT).touch()


def last_beat(root: Path) -> int | None:
    """Time stamp (nanoseconds) of the last sign of life; None when there is none to be seen."""
    try:
        return (root / HEARTBEAT).stat().st_mtime_ns
    except OSError:
        return None


class Sighting(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """A sign of life as a reader saw it.

    The wall clock is asked once, when the time stamp is new; from then on the monotonic clock counts.
    A clock set back, or a time stamp in the future, can therefore not keep old data fresh.
    """

    stamp: int | None
    age_then: float
    """Seconds between the sign of life and the moment it was seen; infinite when there is none."""
    seen_at: float
    """`time.monotonic()` of that moment."""

    def age(self) -> float:
        """Seconds since the sign of life."""
        return self.age_then + time.monotonic() - self.seen_at


def sight(stamp: int | None) -> Sighting:
    """A sighting of this time stamp, now."""
    age = math.inf if stamp is None else max(0.0, time.time() - stamp / 1e9)
    return Sighting(stamp=stamp, age_then=age, seen_at=time.monotonic())

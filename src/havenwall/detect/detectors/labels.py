"""What the platform's own team concluded: confirmed and cleared accounts."""

from __future__ import annotations

import polars as pl

from havenwall.detect.detectors.base import rows, signal
from havenwall.model import EventType, Signal


class Confirmed:
    """The platform's team confirmed the account: the strongest evidence there is."""

    name = "confirmed"
    version = "1"

    def detect(self, events: pl.DataFrame) -> list[Signal]:
        """One signal of strength 1 for each `confirmed` event."""
        return [signal(self, event, strength=1.0) for event in rows(events, EventType.CONFIRMED)]


class Cleared:
    """The platform's team found the account innocent.

    Strength says how strongly a signal speaks for belonging, so it is 0 here: a rule that asks for strong
    signals must never catch somebody for having been cleared.
    """

    name = "cleared"
    version = "1"

    def detect(self, events: pl.DataFrame) -> list[Signal]:
        """One signal of strength 0 for each `cleared` event."""
        return [signal(self, event, strength=0.0) for event in rows(events, EventType.CLEARED)]

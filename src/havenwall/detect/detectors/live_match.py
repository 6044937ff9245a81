"""Live streams that show known media."""

from __future__ import annotations

from typing import Any

import msgspec
import polars as pl

from havenwall.detect.detectors.base import rows, signal
from havenwall.model import EventType, Signal

LIVE_SOURCE = "havenwall-live"
"""Source of the events by which the look-out on live streams tells of a match."""
_TOLD = (
    *("level", "risk", "urgency", "audience", "firm"),
    *("bank", "entry", "distance", "verification", "form", "clip", "coverage"),
)


class LiveMatches:
    """A frame of a live stream is known: a signal on the stream, and one on the account that streams."""

    name = "live-match"
    version = "2"

    def detect(self, events: pl.DataFrame) -> list[Signal]:
        """Two signals for each of our own `live` events; strength is the risk it tells. The evidence `firm`
        is `yes` where the matches are enough for a machine to act (see `Stand.firm`)."""
        ours = events.filter(pl.col("source") == LIVE_SOURCE)
        return [found for event in rows(ours, EventType.LIVE) for found in self._signals(event)]

    def _signals(self, event: dict[str, Any]) -> list[Signal]:
        told = _attributes(event["attributes"])
        evidence = {name: told[name] for name in _TOLD if told.get(name)} | {"stream": event["target"]}
        strength = _share(told.get("risk", ""))
        return [
            signal(self, event | {"entity": entity}, strength=strength, match=entity, evidence=evidence)
            for entity in (event["target"], event["entity"])
        ]


def _attributes(text: str | None) -> dict[str, str]:
    try:
        return msgspec.json.decode(text or "{}", type=dict[str, str])
    except msgspec.DecodeError:
        return {}  # Intake writes this column; a broken one must not stop the stage.


def _share(text: str) -> float:
    try:
        return min(1.0, max(0.0, float(text)))
    except ValueError:
        return 0.0

"""Reports by users: weak evidence, because anybody can report anybody."""

from __future__ import annotations

from typing import Any

import msgspec
import polars as pl

from havenwall.detect.detectors.base import rows, signal
from havenwall.model import EventType, Signal

_STRENGTH = 0.3
_MAX_REASON = 64


class Reports:
    """Somebody reported the entity."""

    name = "report"
    version = "1"

    def detect(self, events: pl.DataFrame) -> list[Signal]:
        """One signal of strength 0.3 for each `report` event; what the reporter wrote stays in the event."""
        found = rows(events, EventType.REPORT)
        return [signal(self, event, strength=_STRENGTH, evidence=_evidence(event)) for event in found]


def _evidence(event: dict[str, Any]) -> dict[str, str]:
    evidence = {
        "reporter": "known" if event["target"] else "unknown",
        "length": str(len(event["text"] or "")),
    }
    reason = _reason(event["attributes"])
    return evidence | {"reason": reason} if reason else evidence


def _reason(attributes: str | None) -> str:
    try:
        known = msgspec.json.decode(attributes or "{}", type=dict[str, str])
    except msgspec.DecodeError:
        return ""  # Intake writes this column; a broken one must not stop the report.
    return known.get("reason", "")[:_MAX_REASON]

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
    told = _attributes(event["attributes"])
    # Reports taken by Havenwall itself say that the reporter is known, and keep sealed who it is.
    known = event["target"] or told.get("reporter") == "known"
    evidence = {
        "reporter": "known" if known else "unknown",
        "length": str(len(event["text"] or "")),
    }
    reason = told.get("reason", "")[:_MAX_REASON]
    return evidence | {"reason": reason} if reason else evidence


def _attributes(written: str | None) -> dict[str, str]:
    try:
        return msgspec.json.decode(written or "{}", type=dict[str, str])
    except msgspec.DecodeError:
        return {}  # Intake writes this column; a broken one must not stop the report.

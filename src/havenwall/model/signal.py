"""Signal: one piece of evidence about one entity."""

from __future__ import annotations

from datetime import datetime

import msgspec


class Signal(msgspec.Struct, frozen=True, kw_only=True):
    """One piece of evidence about one entity, with who found it and on which list."""

    id: str
    """Made from the detector and the event it rests on, so that repeated work gives the same id."""
    entity: str
    detector: str
    """Name of the detector: `confirmed`, `cleared`, `term`, `report`, `media-hash`, ..."""
    version: str
    """Version of the detector or of the list it used."""
    strength: float
    """0..1"""
    at: datetime
    evidence: dict[str, str] = {}
    """What was seen, readable by a reviewer. Never the content itself."""

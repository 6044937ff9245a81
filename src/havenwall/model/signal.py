"""Signal: one piece of evidence about one entity."""

from __future__ import annotations

from datetime import datetime

import msgspec

RETURN = "return"
"""Detector of the signals that say: this may be a removed account again."""

BEHAVIOUR = "behaviour"
"""The stage that looks at what accounts do over time."""

CLASSIFIER = "classifier"
"""Detector of the signals that an operator's classifier gives; its evidence names which."""

CARE = "care"
"""Detector of signals on possible minors, whatever was seen: for care, and no machine ever acts on them."""


class Signal(msgspec.Struct, frozen=True, kw_only=True):
    """One piece of evidence about one entity, with who found it and on which list."""

    id: str
    """Made from the detector and the event it rests on, so that repeated work gives the same id."""
    entity: str
    detector: str
    """Name of the detector: `confirmed`, `cleared`, `term`, `report`, `media-hash`, `return`, `care`, ..."""
    version: str
    """Version of the detector or of the list it used."""
    strength: float
    """0..1"""
    at: datetime
    evidence: dict[str, str] = {}
    """What was seen, readable by a reviewer. Never the content itself."""


class FoundReturn(msgspec.Struct, frozen=True, kw_only=True):
    """An account that may be a removed account again, as a `return` signal tells it."""

    newcomer: str
    """The account that may be the return, or a backup made before the removal."""
    former: str
    """The confirmed account that was removed."""
    probability: float
    """0..1, given all other candidates for either of them."""
    days: float | None
    """Days from the removal to the newcomer's creation, below 0 for a backup; None where nobody told."""
    reasons: tuple[str, ...]
    """Sentences on what speaks for it and against it, the weightiest first."""
    at: datetime
    """When it was told of."""
    signal: str
    """Id of the signal."""

    @classmethod
    def of(cls, signal: Signal) -> FoundReturn:
        """What a `return` signal says."""
        days = signal.evidence["days"]
        return cls(
            newcomer=signal.entity,
            former=signal.evidence["former"],
            probability=signal.strength,
            days=float(days) if days else None,
            reasons=tuple(text for name, text in signal.evidence.items() if name not in ("former", "days")),
            at=signal.at,
            signal=signal.id,
        )

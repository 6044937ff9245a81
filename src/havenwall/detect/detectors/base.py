"""The one shape every detector has."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Protocol

import polars as pl

from havenwall.model import EventType, Signal, derived_id


class Detector(Protocol):
    """Looks at events and says what they are evidence of."""

    @property
    def name(self) -> str:
        """Name of the detector; signals carry it."""
        ...

    @property
    def version(self) -> str:
        """Version of the detector, or of the list it uses."""
        ...

    def detect(self, events: pl.DataFrame) -> list[Signal]:
        """Signals from a frame of events (`EVENT_SCHEMA`). The same frame gives the same ids."""
        ...


def rows(events: pl.DataFrame, *types: EventType) -> Iterator[dict[str, Any]]:
    """The events of the given types, one dict each; the filter runs in Polars, before any Python."""
    wanted = [kind.value for kind in types]
    return events.filter(pl.col("type").is_in(wanted)).iter_rows(named=True)


def signal(
    detector: Detector,
    event: Mapping[str, Any],
    *,
    strength: float,
    match: str = "",
    evidence: dict[str, str] | None = None,
) -> Signal:
    """A signal on the event's entity. `match` tells apart several findings in one event."""
    return Signal(
        id=derived_id(detector.name, detector.version, event["source"], event["source_id"], match),
        entity=event["entity"],
        detector=detector.name,
        version=detector.version,
        strength=strength,
        at=event["at"],
        evidence=evidence or {},
    )

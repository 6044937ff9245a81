"""Events as rows of a frame, and back."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import msgspec
import polars as pl

from havenwall.engine import EVENT_SCHEMA
from havenwall.model import Event, EventType, LinkKind

_JSON = msgspec.json.Encoder(order="sorted")


def to_frame(events: Iterable[Event]) -> pl.DataFrame:
    """Events as a frame with the event columns, one row each."""
    return pl.DataFrame([_row(event) for event in events], schema=EVENT_SCHEMA, orient="row")


def to_events(frame: pl.DataFrame) -> Iterator[Event]:
    """The events of a frame, in order."""
    return (_event(row) for row in frame.select(list(EVENT_SCHEMA)).iter_rows(named=True))


def _row(event: Event) -> tuple[object, ...]:
    return (
        event.source,
        event.source_id,
        event.type.value,
        event.at,
        event.entity,
        event.target,
        event.link.value if event.link else None,
        event.weight,
        event.text,
        list(event.tags),
        _JSON.encode(event.attributes).decode() if event.attributes else None,
    )


def _event(row: dict[str, object]) -> Event:
    tags, attributes = row["tags"], row["attributes"]
    return Event(
        source=str(row["source"]),
        source_id=str(row["source_id"]),
        type=EventType(str(row["type"])),
        at=row["at"],  # type: ignore[arg-type]
        entity=str(row["entity"]),
        target=row["target"],  # type: ignore[arg-type]
        link=LinkKind(str(row["link"])) if row["link"] else None,
        weight=row["weight"],  # type: ignore[arg-type]
        text=row["text"],  # type: ignore[arg-type]
        tags=tuple(tags) if tags else (),  # type: ignore[arg-type]
        attributes=msgspec.json.decode(str(attributes), type=dict[str, str]) if attributes else {},
    )

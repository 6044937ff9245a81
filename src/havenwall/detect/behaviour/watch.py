"""All rules over a stream of events: rows in, Signals out."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import UTC, datetime, timedelta
from typing import Final

import polars as pl

from havenwall.detect.behaviour.base import Behaviour, Found
from havenwall.detect.behaviour.bounded import Bounded, Memory
from havenwall.detect.behaviour.known import Known
from havenwall.detect.behaviour.registry import BEHAVIOURS
from havenwall.detect.behaviour.row import Row
from havenwall.model import CARE, EventType, LinkKind, Signal, derived_id

_TYPES: Final = tuple(
    each.value
    for each in EventType
    if each not in (EventType.LINK, EventType.UNLINK, EventType.GROUP, EventType.LIVE)
)
_LINKS: Final = (LinkKind.FOLLOW.value, LinkKind.SHARED_CONTACT.value)
_SAID: Final = ("minor", "age_band", "verified", "answered")
_HASHES: Final = ("sha256", "sha1", "md5", "pdq")
_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
_TOLD: Final = 500_000


class Watch:
    """Every rule with all it remembers. The same events in the same order give the same signals.

    An account gets one signal per rule, strength and calendar month, so that what goes on is said again and
    what has been said once does not fill the store. A signal on a possible minor carries the detector `care`
    instead of the rule's name: nothing may ever act on it but care.
    """

    def __init__(self, makers: Iterable[Callable[[], Behaviour]] = BEHAVIOURS) -> None:
        rules = tuple(make() for make in makers)
        self._rules = {kind.value: tuple(rule for rule in rules if kind in rule.takes) for kind in EventType}
        self._known = Known()
        self._told: Bounded[int] = Bounded(_TOLD, int)
        own = (each for rule in rules for each in rule.memory)
        self._memory: tuple[Memory, ...] = (*self._known.memory, self._told, *own)

    def take(self, events: pl.DataFrame) -> list[Signal]:
        """Signals that a frame of events (`EVENT_SCHEMA`), the next of the stream, brings up."""
        return [signal for row in _rows(events) for signal in self._look(row)]

    def dump(self) -> Iterator[bytes]:
        """All that is remembered, part by part, each made when it is asked for."""
        return (memory.dump() for memory in self._memory)

    def fill(self, parts: Sequence[bytes | memoryview]) -> None:
        """Go on from what another one with the same rules has dumped.

        Raises:
            ValueError: these are not the parts of such a one; this one cannot be used any more.
        """
        for memory, part in zip(self._memory, parts, strict=True):
            memory.fill(part)

    def _look(self, row: Row) -> Iterator[Signal]:
        self._known.take(row)
        for rule in self._rules[row.type]:
            for found in rule.see(row, self._known):
                rung = rule.ladder.rung(found.level)
                if rung >= 0:
                    yield from self._tell(rule, found, rung, row)

    def _tell(self, rule: Behaviour, found: Found, rung: int, row: Row) -> Iterator[Signal]:
        at = _EPOCH + timedelta(microseconds=row.at)
        care = self._known.minor(found.entity)
        month = at.strftime("%Y-%m")
        key = f"{rule.name}\n{care}\n{month}\n{found.entity}"
        if self._told.get(key, -1) >= rung:
            return
        self._told.put(key, rung)
        detector = CARE if care else rule.name
        yield Signal(
            id=derived_id(detector, rule.name, rule.version, found.entity, str(rung), month),
            entity=found.entity,
            detector=detector,
            version=rule.version,
            strength=rule.ladder[rung][1],
            at=at,
            evidence=found.evidence | ({"behaviour": rule.name} if care else {}),
        )


def _rows(events: pl.DataFrame) -> Iterator[Row]:
    """The events that rules look at, as rows, filtered and unpacked before any Python."""
    wanted = pl.col("type").is_in(_TYPES) | pl.col("link").is_in(_LINKS)
    shown = events.filter(wanted).select(
        pl.concat_str("source", pl.lit("\n"), "source_id"),
        "type",
        pl.col("at").dt.epoch("us"),
        "entity",
        "target",
        "link",
        "text",
        *(_said(name).alias(name) for name in _SAID),
        pl.coalesce(pl.format(f"{kind}:{{}}", _said(kind)) for kind in _HASHES).alias("hash"),
    )
    return map(Row._make, shown.iter_rows())


def _said(name: str) -> pl.Expr:
    return pl.col("attributes").str.json_path_match(f"$.{name}")

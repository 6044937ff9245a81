"""All rules at a place in the journal: goes on through it, is laid down and taken up again."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

import msgspec

from havenwall.detect.behaviour.view import BehaviourView
from havenwall.detect.behaviour.watch import Watch
from havenwall.model import Signal


class Place(NamedTuple):
    """How far in the journal.

    A position alone would not do: compaction puts events before it and after it into one segment, whose
    position is that of the last. The number of events is the same before and after.
    """

    at: int = 0
    """Position, in the journal's numbers."""
    seen: int = 0
    """Events up to there."""
    source: str = ""
    source_id: str = ""
    """Id of the last of them: another journal has another event there."""


_encode = msgspec.msgpack.Encoder().encode
_decode = msgspec.msgpack.Decoder(Place).decode


class Course:
    """A `Watch` and the place it has come to. What it remembers rests on the events up to there alone."""

    def __init__(self) -> None:
        self.watch = Watch()
        self.place = Place()

    def step(self, view: BehaviourView, limit: int) -> list[Signal] | None:
        """Look at the next events, about `limit` of them; their signals, or None if there are no more."""
        events, at = view.read(self.place.at, self.place.seen, limit)
        if not events.height:
            return None
        source, source_id = events.select("source", "source_id").row(-1)
        signals = self.watch.take(events)
        self.place = Place(at, self.place.seen + events.height, source, source_id)
        return signals

    def dump(self) -> Iterator[bytes]:
        """The place, then what is remembered, part by part."""
        yield _encode(self.place)
        yield from self.watch.dump()

    @classmethod
    def taken_up(cls, parts: list[memoryview], view: BehaviourView) -> Course | None:
        """One that goes on from what was dumped; None if that is damaged, or of another journal."""
        course = cls()
        try:
            course.place = _decode(parts[0])
            if not view.holds(*course.place):
                return None
            course.watch.fill(parts[1:])
        except (ValueError, IndexError):
            return None
        return course

"""What the behaviour stage asks of the store."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Protocol

import polars as pl


class BehaviourView(Protocol):
    """The journal as a stream that can be read again from any event."""

    def done(self) -> int:
        """The position up to which the stage's signals are kept; 0 before the first time."""
        ...

    def read(self, after: int, seen: int, limit: int) -> tuple[pl.DataFrame, int]:
        """Events (`EVENT_SCHEMA`) after a position, about `limit` of them, and the new position.

        `seen` is how many events lie up to `after`. No events: there are no more, and the position is the
        old one.
        """
        ...

    def holds(self, at: int, seen: int, source: str, source_id: str) -> bool:
        """Whether the event numbered `seen` (the first is 1), once at a position, is the one with this id."""
        ...


class Keeps(Protocol):
    """Where the stage's memory is laid down. Losing it costs time and nothing else."""

    def save(self, at: int, done: int, parts: Iterable[bytes]) -> int:
        """Lay down the memory of all events up to a position; returns its bytes, 0 if it could not be done.

        What is needed to start again from `done` stays as well.
        """
        ...

    def load(self, upto: int) -> Iterator[list[memoryview]]:
        """Whole memories of positions up to one, the newest first; damaged and foreign ones are left out."""
        ...


class NoKeeps:
    """Lays nothing down: each start reads the whole journal."""

    def save(self, at: int, done: int, parts: Iterable[bytes]) -> int:
        """Do nothing."""
        return 0

    def load(self, upto: int) -> Iterator[list[memoryview]]:
        """Nothing."""
        return iter(())

"""What the behaviour stage may see: the journal from any event on, and how far its signals are kept."""

from __future__ import annotations

import polars as pl
import sqlalchemy as sa

from havenwall.engine import Stream
from havenwall.model import BEHAVIOUR
from havenwall.store.database import Database
from havenwall.store.journal import Journal
from havenwall.store.schema import CURSOR, JOURNAL


class StoreBehaviourView:
    """The journal as a stream that can be read again from any event."""

    def __init__(self, database: Database, journal: Journal) -> None:
        self._database = database
        self._journal = journal

    def done(self) -> int:
        """The position up to which the stage's signals are kept; 0 before the first time."""
        here = (CURSOR.c.stage == BEHAVIOUR) & (CURSOR.c.stream == Stream.EVENT.value)
        with self._database.read() as connection:
            return int(connection.scalar(sa.select(CURSOR.c.seq).where(here)) or 0)

    def read(self, after: int, seen: int, limit: int) -> tuple[pl.DataFrame, int]:
        """Events after a position, about `limit` of them (a segment comes whole), and the new position.

        `seen` is how many events lie up to `after`: where compaction has put some of them into a segment with
        later ones, these alone are given.
        """
        with self._database.read() as connection:
            events, at = self._journal.read(connection, after, limit)
            # Compaction leaves the last row of a run: where there still is a row, nothing reaches across.
            if not after or connection.scalar(sa.select(sa.exists().where(JOURNAL.c.seq == after))):
                return events, at
            # Once it is gone nothing changes there any more; what was read may be from before that, since on
            # PostgreSQL each statement sees its own moment.
            events, at = self._journal.read(connection, after, limit)
            return events[seen - _count(connection, after) :], at

    def holds(self, at: int, seen: int, source: str, source_id: str) -> bool:
        """Whether the event numbered `seen` (the first is 1), once at a position, is the one with this id."""
        with self._database.read() as connection:
            before = _count(connection, at - 1)
            events, _ = self._journal.read(connection, at - 1, 1)
        if not 0 < seen - before <= events.height:
            return False
        found: tuple[str, str] = events.select("source", "source_id").row(seen - before - 1)
        return found == (source, source_id)


def _count(connection: sa.Connection, upto: int) -> int:
    query = sa.select(sa.func.coalesce(sa.func.sum(JOURNAL.c["count"]), 0)).where(JOURNAL.c.seq <= upto)
    return int(connection.scalar(query) or 0)

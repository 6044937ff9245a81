"""What the behaviour stage may see: the journal from any position, and how far its signals are kept."""

from __future__ import annotations

import polars as pl
import sqlalchemy as sa

from havenwall.engine import Stream
from havenwall.model import BEHAVIOUR
from havenwall.store.database import Database
from havenwall.store.journal import Journal
from havenwall.store.schema import CURSOR


class StoreBehaviourView:
    """The journal as a stream that can be read again from the start."""

    def __init__(self, database: Database, journal: Journal) -> None:
        self._database = database
        self._journal = journal

    def done(self) -> int:
        """The position up to which the stage's signals are kept; 0 before the first time."""
        here = (CURSOR.c.stage == BEHAVIOUR) & (CURSOR.c.stream == Stream.EVENT.value)
        with self._database.read() as connection:
            return int(connection.scalar(sa.select(CURSOR.c.seq).where(here)) or 0)

    def read(self, after: int, limit: int) -> tuple[pl.DataFrame, int]:
        """Events after a position, about `limit` of them (a segment comes whole), and the new position."""
        with self._database.read() as connection:
            return self._journal.read(connection, after, limit)

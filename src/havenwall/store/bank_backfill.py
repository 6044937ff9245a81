"""Searches of what was already seen for entries that are new: what is to be done, and how far it is."""

from __future__ import annotations

import msgspec
import polars as pl
import sqlalchemy as sa

from havenwall.engine import Output
from havenwall.errors import Conflict
from havenwall.model import Signal
from havenwall.model.bank import Backfill
from havenwall.store.bank_schema import BANK_BACKFILL as T
from havenwall.store.bank_schema import BANK_ENTRY as E
from havenwall.store.database import Database
from havenwall.store.journal import Journal
from havenwall.store.keep import keep
from havenwall.store.rows import decode_all

_encode = msgspec.json.Encoder().encode


class BankBackfills:
    """One search at a time covers the entries of all imports since the last."""

    def __init__(self, database: Database, journal: Journal) -> None:
        self._database, self._journal = database, journal

    def begin(self, followed: int) -> Backfill | None:
        """The search that is to be done now, new or under way; None when there is nothing new to look for.

        Args: `followed`: position up to which the index knows the history of entries. What comes into the
        journal later is looked at live, with those entries.
        """
        with self._database.write() as connection:
            newest = self._newest(connection)
            if newest is not None and not newest.done:
                return newest
            after = newest.upto if newest else 0
            upto = int(connection.scalar(sa.select(sa.func.max(E.c.entry)).where(E.c.seq <= followed)) or 0)
            end = self._journal.end(connection)
            if upto <= after:
                return None
            fresh = Backfill(after=after, upto=upto, position=0, end=end, found=0, done=end == 0)
            connection.execute(sa.insert(T).values(done=fresh.done, body=_encode(fresh)))
            return fresh

    def read(self, search: Backfill, limit: int) -> tuple[pl.DataFrame, int]:
        """The next events of a search, about `limit` of them, and the position after them."""
        with self._database.read() as connection:
            events, position = self._journal.read(connection, search.position, limit)
        return events, max(position, search.end) if events.is_empty() else position

    def step(self, search: Backfill, position: int, signals: tuple[Signal, ...]) -> Backfill:
        """Keep what was found up to a position; returns how far the search then is.

        Raises:
            Conflict: somebody else has gone on with it.
        """
        fresh = msgspec.structs.replace(
            search, position=position, found=search.found + len(signals), done=position >= search.end
        )
        with self._database.write() as connection:
            if self._newest(connection) != search:
                raise Conflict("somebody else searches what was seen", hint="nothing is left to do here")
            newest = sa.select(sa.func.max(T.c.seq)).scalar_subquery()
            values = {"done": fresh.done, "body": _encode(fresh)}
            connection.execute(sa.update(T).where(T.c.seq == newest).values(**values))
            keep(connection, Output(signals=signals))
        return fresh

    def newest(self) -> Backfill | None:
        """The newest search, done or under way."""
        with self._database.read() as connection:
            return self._newest(connection)

    @staticmethod
    def _newest(connection: sa.Connection) -> Backfill | None:
        bodies = connection.scalars(sa.select(T.c.body).order_by(T.c.seq.desc()).limit(1))
        return next(iter(decode_all(bodies, Backfill)), None)

"""What a case about a group, a tag or a live stream may see: who is in it, what was found on it."""

from __future__ import annotations

import polars as pl
import sqlalchemy as sa

from havenwall.model import Action, Risk, Signal
from havenwall.store import schema as t
from havenwall.store.database import Database
from havenwall.store.journal import Journal
from havenwall.store.rows import decode_all, newest_risks


class StoreSubjectView:
    """Ties, signals, risk and actions of one entity. Ask it only of the entity of a case one may see."""

    def __init__(self, database: Database, journal: Journal) -> None:
        self._database = database
        self._journal = journal

    def ties(self, entity: str) -> pl.DataFrame:
        """Link and unlink events to an entity, oldest first: entity, target, link, type, at."""
        with self._database.read() as connection:
            return self._journal.ties_to(connection, [entity])

    def signals(self, entity: str, limit: int = 200) -> list[Signal]:
        """Signals on an entity, newest first."""
        s = t.SIGNAL.c
        query = sa.select(s.body).where(s.entity == entity).order_by(s.seq.desc()).limit(limit)
        with self._database.read() as connection:
            return decode_all(connection.scalars(query), Signal)

    def risk(self, entity: str) -> Risk | None:
        """The newest risk of an entity."""
        return newest_risks(self._database, [entity]).get(entity)

    def actions(self, entity: str) -> list[Action]:
        """Every state that actions on an entity have been in, oldest first."""
        a = t.ACTION.c
        with self._database.read() as connection:
            bodies = connection.scalars(sa.select(a.body).where(a.entity == entity).order_by(a.seq))
            return decode_all(bodies, Action)

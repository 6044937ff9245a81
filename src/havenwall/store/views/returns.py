"""What the search for returns may see: confirmed and removed accounts, and how everything was."""

from __future__ import annotations

import polars as pl
import sqlalchemy as sa

from havenwall.model import RETURN, EventType, FoundReturn, Restriction, Signal, Standing
from havenwall.store.database import Database
from havenwall.store.journal import Journal
from havenwall.store.rows import decode_all
from havenwall.store.schema import LABEL, SIGNAL, STANDING

_GONE = EventType.REMOVED.value
_TOLD_BY = (EventType.LINK, EventType.UNLINK, EventType.ACCOUNT, EventType.REMOVED)
_REMOVED = {"entity": pl.String(), "at": pl.Datetime("us", "UTC")}
_MOST = 20_000
"""The newest returns; older ones have long been looked at or never will."""


class StoreReturnsView:
    """Accounts that are gone, and those that may be them again."""

    def __init__(self, database: Database, journal: Journal) -> None:
        self._database = database
        self._journal = journal

    def confirmed(self) -> list[str]:
        """Accounts confirmed by a person or a verified list, in order of their names."""
        query = sa.select(LABEL.c.entity).where(LABEL.c.label == "confirmed").order_by(LABEL.c.entity)
        with self._database.read() as connection:
            return list(connection.scalars(query))

    def removed(self) -> pl.DataFrame:
        """Accounts that are gone: entity, at. Removed by the platform, or by a decision of ours."""
        ours = sa.select(STANDING.c.body).where(STANDING.c.restriction == Restriction.REMOVED.value)
        with self._database.read() as connection:
            told = self._journal.removals(connection)
            standing = decode_all(connection.scalars(ours), Standing)
        decided = pl.DataFrame([(each.entity, each.at) for each in standing], _REMOVED, orient="row")
        return pl.concat([told, decided]).group_by("entity", maintain_order=True).agg(pl.col("at").min())

    def mark(self) -> tuple[int, int]:
        """Changes whenever `history` or `removed` could be different: newest position, removals of ours."""
        gone = sa.select(sa.func.count()).where(STANDING.c.restriction == Restriction.REMOVED.value)
        with self._database.read() as connection:
            return self._journal.newest(connection, _TOLD_BY), int(connection.scalar(gone) or 0)

    def history(self) -> pl.DataFrame:
        """Link, unlink, account and removed events, oldest first: type, at, entity, target, link, text (its
        beginning), attributes; removals of ours among them."""
        with self._database.read() as connection:
            events = self._journal.history(connection)
        ours = self.removed().join(events.filter(pl.col("type") == _GONE), on="entity", how="anti")
        return pl.concat([events, ours.with_columns(type=pl.lit(_GONE))], how="diagonal")

    def found(self) -> list[FoundReturn]:
        """Returns that were told of, newest first."""
        query = sa.select(SIGNAL.c.body).where(SIGNAL.c.detector == RETURN)
        with self._database.read() as connection:
            bodies = connection.scalars(query.order_by(SIGNAL.c.seq.desc()).limit(_MOST))
            return [FoundReturn.of(signal) for signal in decode_all(bodies, Signal)]

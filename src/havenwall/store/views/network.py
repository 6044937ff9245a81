"""What the network stage may see: links, confirmed and cleared accounts."""

from __future__ import annotations

from collections.abc import Collection

import polars as pl
import sqlalchemy as sa

from havenwall.model import EventType
from havenwall.store.database import Database
from havenwall.store.journal import Journal
from havenwall.store.schema import LABEL

_TIE = ["entity", "target", "link"]


class StoreNetworkView:
    """Links as they are now, and what is known for sure."""

    def __init__(self, database: Database, journal: Journal) -> None:
        self._database = database
        self._journal = journal

    def links(self, among: Collection[str] | None = None) -> pl.DataFrame:
        """Present ties: entity, target, link, weight. A tie undone later is not among them.

        `among` narrows them to those with both ends in a set of entities.
        """
        with self._database.read() as connection:
            events = self._journal.links(connection, among)
        if not (events["type"] == EventType.UNLINK.value).any():
            return events.unique(_TIE, keep="last").select(*_TIE, "weight")
        newest = events.sort("at", maintain_order=True).unique(_TIE, keep="last")
        return newest.filter(pl.col("type") == EventType.LINK.value).select(*_TIE, "weight")

    def seeds(self) -> list[str]:
        """Accounts confirmed by a person or a verified list."""
        return self._labelled("confirmed")

    def cleared(self) -> list[str]:
        """Accounts that a person found innocent."""
        return self._labelled("cleared")

    def _labelled(self, label: str) -> list[str]:
        query = sa.select(LABEL.c.entity).where(LABEL.c.label == label).order_by(LABEL.c.entity)
        with self._database.read() as connection:
            return list(connection.scalars(query))

"""What the network stage may see: links, confirmed and cleared accounts."""

from __future__ import annotations

from collections.abc import Collection

import polars as pl
import sqlalchemy as sa

from havenwall.model import EventType
from havenwall.store.database import Database
from havenwall.store.journal import Journal
from havenwall.store.schema import LABEL, SIGNAL

_TIE = ["entity", "target", "link"]
_OWN = ("term", "media-hash")
_HEARD = sa.select(
    SIGNAL.c.entity,
    sa.func.sum(sa.case((SIGNAL.c.detector == "report", 1), else_=0)),
    # One match of its own content is full strength: lists are the operator's own.
    sa.func.max(sa.case((SIGNAL.c.detector.in_(_OWN), 1.0), else_=0.0)),
).group_by(SIGNAL.c.entity)
_HEARD_SCHEMA = {"entity": pl.String(), "reports": pl.Int64(), "signal": pl.Float64()}


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

    def profiles(self) -> pl.DataFrame:
        """What the platform said: entity, created, minor, verified, reports, signal; one row per account.

        `minor` and `verified` are the attributes of that name, "true" or anything else; the newest counts.
        """
        with self._database.read() as connection:
            accounts = self._journal.profiles(connection)
            heard = pl.DataFrame(
                connection.execute(_HEARD).fetchall(), _HEARD_SCHEMA, orient="row", infer_schema_length=None
            )
        told = (
            accounts.sort("at", maintain_order=True)
            .group_by("entity")
            .agg(created=pl.col("at").min(), minor=_said("minor"), verified=_said("verified"))
        )
        return told.join(heard, on="entity", how="full", coalesce=True)

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


def _said(name: str) -> pl.Expr:
    value = pl.col("attributes").str.json_path_match(f"$.{name}")
    return (value.drop_nulls().last() == "true").alias(name)

"""What the network stage may see: links, confirmed and cleared accounts."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from datetime import timedelta

import msgspec
import polars as pl
import sqlalchemy as sa

from havenwall.model import MINOR_BANDS, RETURN, EventType, now
from havenwall.model.community import COMMUNITY
from havenwall.store.database import Database
from havenwall.store.journal import Journal
from havenwall.store.schema import JOURNAL, LABEL, SIGNAL

_TIE = ["entity", "target", "link"]
_OWN = ("term", "media-hash")
_CONCLUDED = (COMMUNITY, RETURN)
"""Detectors of what we concluded ourselves: nobody told us, so nothing may be concluded from it again."""
_HEARD = sa.select(
    SIGNAL.c.entity,
    sa.func.sum(sa.case((SIGNAL.c.detector == "report", 1), else_=0)),
    # One match of its own content is full strength: lists are the operator's own.
    sa.func.max(sa.case((SIGNAL.c.detector.in_(_OWN), 1.0), else_=0.0)),
).group_by(SIGNAL.c.entity)
_HEARD = _HEARD.where(SIGNAL.c.detector.not_in(_CONCLUDED))
_HEARD_SCHEMA = {"entity": pl.String(), "reports": pl.Int64(), "signal": pl.Float64()}
_SIGNALS = {"entity": pl.String(), "detector": pl.String(), "strength": pl.Float64()}
_PART = 50_000
"""Signals that are read at a time: memory grows with the accounts that have some, not with the signals."""


class _Strength(msgspec.Struct):
    strength: float


class _Told(msgspec.Struct):
    evidence: dict[str, str]


class StoreNetworkView:
    """Links as they are now, and what is known for sure."""

    def __init__(self, database: Database, journal: Journal, cleared_for: timedelta) -> None:
        self._database = database
        self._journal = journal
        self._cleared_for = cleared_for

    def links(self, among: Collection[str] | None = None) -> pl.DataFrame:
        """Present ties: entity, target, link, weight, since (UTC). A tie undone later is not among them.

        Of a tie told of several times the first date counts, of one taken up again the newest.

        `among` narrows them to those with both ends in a set of entities.
        """
        with self._database.read() as connection:
            events = self._journal.links(connection, among)
        if not (events["type"] == EventType.UNLINK.value).any():
            return events.group_by(_TIE).agg(pl.col("weight").last(), since=pl.col("at").min())
        newest = events.sort("at", maintain_order=True).unique(_TIE, keep="last")
        present = newest.filter(pl.col("type") == EventType.LINK.value)
        return present.select(*_TIE, "weight", since="at")

    def profiles(self) -> pl.DataFrame:
        """What the platform said: entity, created, minor, verified, reports, signal; one row per account.

        `minor` and `verified` are the attributes of that name, "true" or anything else; the newest counts.
        Who has an `age_band` of a minor is one as well.
        """
        with self._database.read() as connection:
            accounts = self._journal.profiles(connection)
            heard = pl.DataFrame(
                connection.execute(_HEARD).fetchall(), _HEARD_SCHEMA, orient="row", infer_schema_length=None
            )
        told = (
            accounts.sort("at", maintain_order=True)
            .group_by("entity")
            .agg(
                created=pl.col("at").min(),
                # Where one is true the other does not matter; where neither was told it is not known.
                minor=pl.coalesce(pl.any_horizontal(*_MINOR), *_MINOR),
                verified=_said("verified"),
            )
        )
        return told.join(heard, on="entity", how="full", coalesce=True)

    def seeds(self) -> list[str]:
        """Accounts confirmed by a person or a verified list."""
        return self._labelled("confirmed")

    def cleared(self) -> list[str]:
        """Accounts that a person found innocent, not so long ago that it no longer counts."""
        return self._labelled("cleared", LABEL.c.at >= now() - self._cleared_for)

    def signals(self) -> pl.DataFrame:
        """The strongest signal of each detector on each account: entity, detector, strength (0..1).

        Communities and returns, which are conclusions of ours, are not among them.
        """
        known = pl.DataFrame(schema=_SIGNALS)
        for part in self._signal_parts():
            both = pl.concat([known, part])
            known = both.group_by("entity", "detector", maintain_order=True).agg(pl.col("strength").max())
        return known

    def _signal_parts(self) -> Iterator[pl.DataFrame]:
        decode = msgspec.json.Decoder(_Strength).decode
        query = sa.select(SIGNAL.c.seq, SIGNAL.c.entity, SIGNAL.c.detector, SIGNAL.c.body)
        query = query.where(SIGNAL.c.detector.not_in(_CONCLUDED), SIGNAL.c.entity.startswith("account:"))
        after = 0
        while True:
            with self._database.read() as connection:
                here = query.where(SIGNAL.c.seq > after).order_by(SIGNAL.c.seq).limit(_PART)
                rows = connection.execute(here).all()
            if not rows:
                return
            after = rows[-1].seq
            told = [(row.entity, row.detector, decode(row.body).strength) for row in rows]
            yield pl.DataFrame(told, _SIGNALS, orient="row")

    def mark(self) -> tuple[int, int]:
        """Position of the newest signal that is no conclusion, and about how many link events there are."""
        newest = sa.select(SIGNAL.c.seq).where(SIGNAL.c.detector.not_in(_CONCLUDED))
        links = (JOURNAL.c.kind == "segment") | JOURNAL.c.type.in_(
            [EventType.LINK.value, EventType.UNLINK.value]
        )
        count = sa.select(sa.func.coalesce(sa.func.sum(JOURNAL.c["count"]), 0)).where(links)
        with self._database.read() as connection:
            signal = connection.scalar(newest.order_by(SIGNAL.c.seq.desc()).limit(1))
            return int(signal or 0), int(connection.scalar(count) or 0)

    def communities(self) -> dict[str, str]:
        """The community that each account was told to be of, by account."""
        decode = msgspec.json.Decoder(_Told).decode
        query = sa.select(SIGNAL.c.entity, SIGNAL.c.body).where(SIGNAL.c.detector == COMMUNITY)
        with self._database.read() as connection:
            rows = connection.execute(query).all()
        return {row.entity: decode(row.body).evidence["community"] for row in rows}

    def _labelled(self, label: str, *narrowed: sa.ColumnElement[bool]) -> list[str]:
        query = sa.select(LABEL.c.entity).where(LABEL.c.label == label, *narrowed).order_by(LABEL.c.entity)
        with self._database.read() as connection:
            return list(connection.scalars(query))


def _said(name: str, *values: str) -> pl.Expr:
    value = pl.col("attributes").str.json_path_match(f"$.{name}")
    return value.drop_nulls().last().is_in(values or ("true",)).alias(name)


_MINOR = (_said("minor"), _said("age_band", *MINOR_BANDS))

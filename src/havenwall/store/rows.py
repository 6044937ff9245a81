"""Small reads that several views share."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime, timedelta
from typing import Any, TypeVar

import msgspec
import sqlalchemy as sa

from havenwall.model import CARE, Risk, now
from havenwall.store.database import Database
from havenwall.store.schema import LABEL, RISK, SIGNAL

T = TypeVar("T")
_CHUNK = 500
"""Names per query; SQLite takes some thousands of parameters, PostgreSQL some ten thousands."""


def chunks(names: Sequence[T]) -> Iterator[Sequence[T]]:
    """The names, or numbers, in parts small enough for one query."""
    for start in range(0, len(names), _CHUNK):
        yield names[start : start + _CHUNK]


def by_names(
    connection: sa.Connection,
    columns: Sequence[sa.ColumnElement[Any]],
    key: sa.ColumnElement[str],
    names: Iterable[str],
    *,
    where: sa.ColumnElement[bool] | None = None,
) -> Iterator[sa.Row[Any]]:
    """Rows whose `key` is one of the names; `where` narrows them, or joins the tables of `columns`."""
    narrowed = sa.true() if where is None else where
    for part in chunks(sorted(set(names))):
        yield from connection.execute(sa.select(*columns).where(key.in_(part), narrowed))


def decode_all(bodies: Iterable[bytes], kind: type[T]) -> list[T]:
    """Records of one kind from their stored form."""
    decoder = msgspec.json.Decoder(kind)
    return [decoder.decode(body) for body in bodies]


def read_labels(database: Database, entities: Iterable[str]) -> dict[str, str]:
    """`confirmed` or `cleared`, of the entities that have a label."""
    with database.read() as connection:
        rows = by_names(connection, [LABEL.c.entity, LABEL.c.label], LABEL.c.entity, entities)
        return {row.entity: row.label for row in rows}


def read_aged_labels(database: Database, entities: Iterable[str], cleared_for: timedelta) -> dict[str, str]:
    """`confirmed`, `cleared`, or `was_cleared` where the clearing is older than `cleared_for`."""
    columns, since = [LABEL.c.entity, LABEL.c.label, LABEL.c.at], now() - cleared_for
    with database.read() as connection:
        rows = by_names(connection, columns, LABEL.c.entity, entities)
        return {row.entity: aged(row.label, row.at, since) for row in rows}


def aged(label: str, at: datetime, since: datetime) -> str:
    """A label as it counts now: a clearing from before `since` no longer does, a confirmation always."""
    return "was_cleared" if label == "cleared" and at < since else label


def read_care(database: Database, entities: Iterable[str]) -> set[str]:
    """The entities that have a signal which is for care only."""
    with database.read() as connection:
        rows = by_names(
            connection, [SIGNAL.c.entity], SIGNAL.c.entity, entities, where=SIGNAL.c.detector == CARE
        )
        return {row.entity for row in rows}


def newest_risks(database: Database, entities: Iterable[str]) -> dict[str, Risk]:
    """The newest risk of each entity that has one."""
    with database.read() as connection:
        rows = by_names(connection, [RISK.c.seq, RISK.c.entity, RISK.c.body], RISK.c.entity, entities)
        newest = {row.entity: row.body for row in sorted(rows, key=lambda row: row.seq)}
    return {entity: msgspec.json.decode(body, type=Risk) for entity, body in newest.items()}

"""Small reads that several views share."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Any, TypeVar

import msgspec
import sqlalchemy as sa

from havenwall.model import Risk
from havenwall.store.database import Database
from havenwall.store.schema import LABEL, RISK

T = TypeVar("T")
_CHUNK = 500
"""Names per query; SQLite takes some thousands of parameters, PostgreSQL some ten thousands."""


def chunks(names: Sequence[str]) -> Iterator[Sequence[str]]:
    """The names in parts small enough for one query."""
    for start in range(0, len(names), _CHUNK):
        yield names[start : start + _CHUNK]


def by_names(
    connection: sa.Connection,
    columns: Sequence[sa.ColumnElement[Any]],
    key: sa.ColumnElement[str],
    names: Iterable[str],
) -> Iterator[sa.Row[Any]]:
    """Rows whose `key` is one of the names."""
    for part in chunks(sorted(set(names))):
        yield from connection.execute(sa.select(*columns).where(key.in_(part)))


def decode_all(bodies: Iterable[bytes], kind: type[T]) -> list[T]:
    """Records of one kind from their stored form."""
    decoder = msgspec.json.Decoder(kind)
    return [decoder.decode(body) for body in bodies]


def read_labels(database: Database, entities: Iterable[str]) -> dict[str, str]:
    """`confirmed` or `cleared`, of the entities that have a label."""
    with database.read() as connection:
        rows = by_names(connection, [LABEL.c.entity, LABEL.c.label], LABEL.c.entity, entities)
        return {row.entity: row.label for row in rows}


def newest_risks(database: Database, entities: Iterable[str]) -> dict[str, Risk]:
    """The newest risk of each entity that has one."""
    with database.read() as connection:
        rows = by_names(connection, [RISK.c.seq, RISK.c.entity, RISK.c.body], RISK.c.entity, entities)
        newest = {row.entity: row.body for row in sorted(rows, key=lambda row: row.seq)}
    return {entity: msgspec.json.decode(body, type=Risk) for entity, body in newest.items()}

"""What somebody set for themselves, one record of each kind."""

from __future__ import annotations

from typing import TypeVar

import msgspec
import sqlalchemy as sa

from havenwall.store.comfort_schema import PREFERENCE
from havenwall.store.database import Database

T = TypeVar("T", bound=msgspec.Struct)


def preference(database: Database, person: str, kind: str, otherwise: T) -> T:
    """What a person (`user:NAME`) set; `otherwise` if they have said nothing."""
    with database.read() as connection:
        body = connection.scalar(sa.select(PREFERENCE.c.body).where(_of(person, kind)))
    return otherwise if body is None else msgspec.json.decode(body, type=type(otherwise))


def keep_preference(database: Database, person: str, kind: str, record: msgspec.Struct) -> None:
    """Keep what a person set, instead of what they set before."""
    row = {"person": person, "kind": kind, "body": msgspec.json.encode(record)}
    with database.write() as connection:
        connection.execute(sa.delete(PREFERENCE).where(_of(person, kind)))
        connection.execute(sa.insert(PREFERENCE).values(**row))


def _of(person: str, kind: str) -> sa.ColumnElement[bool]:
    return (PREFERENCE.c.person == person) & (PREFERENCE.c.kind == kind)

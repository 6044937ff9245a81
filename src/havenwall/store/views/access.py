"""The access log: who looked at what."""

from __future__ import annotations

import msgspec
import sqlalchemy as sa

from havenwall.model import Viewer, now
from havenwall.store.database import Database
from havenwall.store.schema import ACCESS


class Access(msgspec.Struct, frozen=True, kw_only=True):
    """One line of the access log."""

    at: str
    by: str
    what: str
    subject: str


def note_access(database: Database, viewer: Viewer, what: str, subject: str) -> None:
    """Write down that somebody looked at personal data."""
    with database.write_aside() as connection:
        note(connection, viewer, what, subject)


def note(connection: sa.Connection, viewer: Viewer, what: str, subject: str) -> None:
    """Write it down in a transaction that is open: the line is kept if, and only if, the rest is."""
    row = {"at": now(), "by": viewer.name, "what": what, "subject": subject}
    connection.execute(sa.insert(ACCESS).values(**row))


def read_access(database: Database, limit: int = 100, offset: int = 0) -> list[Access]:
    """The newest lines of the access log."""
    query = sa.select(ACCESS).order_by(ACCESS.c.seq.desc()).limit(limit).offset(offset)
    with database.read() as connection:
        rows = connection.execute(query).all()
    return [Access(at=row.at.isoformat(), by=row.by, what=row.what, subject=row.subject) for row in rows]

"""API keys of programs: scopes, expiry, last use. Of a secret only its hash is kept."""

from __future__ import annotations

from datetime import datetime

import sqlalchemy as sa

from havenwall.errors import BadInput, Forbidden, NotFound
from havenwall.model import SYSTEM, ApiKey, Right, Viewer, now
from havenwall.store import people_rows as rows
from havenwall.store.database import Database
from havenwall.store.schema import TOKEN
from havenwall.store.views.access import note

_LONGEST_NAME = 60


class Keys:
    """Which programs may call, and what each may do."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def add(
        self, name: str, scopes: frozenset[Right], *, expires_at: datetime | None = None, by: Viewer = SYSTEM
    ) -> tuple[ApiKey, str]:
        """A fresh key, and its secret, which nobody can be shown again.

        Raises:
            BadInput: the name is not acceptable, or the expiry has passed.
            Forbidden: a scope is a right that the maker has not.
        """
        name = name.strip()
        if not name or len(name) > _LONGEST_NAME or not name.isprintable():
            raise BadInput(f"use 1 to {_LONGEST_NAME} characters", field="name")
        if expires_at is not None and expires_at <= now():
            raise BadInput("lies in the past", field="expires_at")
        if beyond := sorted(scopes - by.rights):
            raise Forbidden(f"nobody gives a key a right they have not: {', '.join(beyond)}")
        with self._database.write() as connection:
            secret = rows.new_token(
                connection, "key", name, expires_at, rights=rows.packed(scopes), made_by=by.name
            )
            row = rows.live_token(connection, "key", secret)
            note(connection, by, "key made", f"{name} ({rows.token_id(row)})")
        return _key(row), secret

    def all(self) -> list[ApiKey]:
        """Every key, the newest first, also those that ended."""
        query = (
            sa.select(TOKEN).where(TOKEN.c.kind == "key").order_by(TOKEN.c.created_at.desc(), TOKEN.c.hash)
        )
        with self._database.read() as connection:
            return [_key(row) for row in connection.execute(query)]

    def revoke(self, key_id: str, *, by: Viewer = SYSTEM) -> ApiKey:
        """End a key; servers that have just heard it may still do so for a second. Doing it again is fine.

        Raises:
            NotFound: there is no such key.
        """
        here = rows.by_id("key", key_id)
        with self._database.write() as connection:
            ended = sa.update(TOKEN).where(here, TOKEN.c.ended_at.is_(None)).values(ended_at=now())
            if connection.execute(ended).rowcount:
                note(connection, by, "key revoked", key_id)
            row = connection.execute(sa.select(TOKEN).where(here)).first()
        if row is None:
            raise NotFound(f"there is no key {key_id}")
        return _key(row)

    def viewer(self, secret: str) -> Viewer:
        """Who an API key stands for; notes, to the minute, that it was used.

        Raises:
            Unauthenticated: it is unknown, expired or revoked.
        """
        with self._database.read() as connection:
            row = rows.live_token(connection, "key", secret)
        if rows.unseen_for(row):
            with self._database.write_aside(lasting=False) as connection:
                connection.execute(sa.update(TOKEN).where(TOKEN.c.hash == row.hash).values(last_seen=now()))
        return Viewer(name=f"key:{row.person}", rights=rows.unpacked(row.rights))


def _key(row: rows.Row) -> ApiKey:
    return ApiKey(
        id=rows.token_id(row),
        name=row.person,
        scopes=rows.unpacked(row.rights),
        created_at=row.created_at,
        created_by=row.made_by,
        expires_at=row.expires_at,
        last_used=row.last_seen,
        revoked_at=row.ended_at,
    )

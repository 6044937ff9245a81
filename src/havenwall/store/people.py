"""People, sessions, one-time sign-in links and API keys. Secrets are kept only as hashes."""

from __future__ import annotations

import hashlib
import re
import secrets
from datetime import timedelta

import sqlalchemy as sa
from argon2 import PasswordHasher
from argon2.exceptions import VerificationError

from havenwall.errors import BadInput, Conflict, NotFound, Unauthenticated
from havenwall.model import Person, Right, Role, Viewer, now
from havenwall.store.database import Database
from havenwall.store.schema import PERSON, TOKEN

_NAME = re.compile(r"[a-z][a-z0-9._-]{1,59}")
_SHORTEST_PASSWORD = 12
SESSION_HOURS = 12
LINK_MINUTES = 30


class People:
    """Who may sign in, and what the secret in their hand stands for."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._hasher = PasswordHasher()
        # Checked when there is no such person, so that the answer takes as long either way.
        self._nobody = self._hasher.hash(secrets.token_urlsafe())

    def add(self, name: str, role: Role, password: str | None = None) -> Person:
        """Make a person known.

        Raises:
            BadInput: the name or the password is not acceptable.
            Conflict: the name is taken.
        """
        if not _NAME.fullmatch(name):
            raise BadInput("use 2 to 60 of a-z, 0-9, dot, dash, underscore", field="name")
        digest = self._hash(password) if password is not None else None
        person = Person(name=name, role=role, created_at=now())
        with self._database.write() as connection:
            if _find(connection, name):
                raise Conflict(f"there is a person {name} already")
            row = {"name": name, "role": role.value, "created_at": person.created_at, "password_hash": digest}
            connection.execute(sa.insert(PERSON).values(**row))
        return person

    def all(self) -> list[Person]:
        """Everybody, by name."""
        with self._database.read() as connection:
            return [_person(row) for row in connection.execute(sa.select(PERSON).order_by(PERSON.c.name))]

    def person(self, name: str) -> Person:
        """One person.

        Raises:
            NotFound: nobody has this name.
        """
        with self._database.read() as connection:
            row = _find(connection, name)
        if row is None:
            raise NotFound(f"there is no person {name}")
        return _person(row)

    def check_password(self, name: str, password: str) -> Person:
        """The person whose password this is.

        Raises:
            Unauthenticated: name or password is wrong, or the person is disabled.
        """
        with self._database.read() as connection:
            row = _find(connection, name)
        digest = row.password_hash if row is not None and row.password_hash else self._nobody
        try:
            self._hasher.verify(digest, password)
        except VerificationError:
            row = None
        if row is None or row.password_hash is None or row.disabled_at is not None:
            raise Unauthenticated("name or password is wrong")
        return _person(row)

    def disable(self, name: str) -> None:
        """Shut a person out; their sessions and links end."""
        with self._database.write() as connection:
            connection.execute(sa.update(PERSON).where(PERSON.c.name == name).values(disabled_at=now()))
            # A key may bear the same name; it belongs to a program, not to the person.
            theirs = (TOKEN.c.person == name) & TOKEN.c.kind.in_(("session", "link"))
            connection.execute(sa.update(TOKEN).where(theirs).values(ended_at=now()))

    def new_session(self, person: Person) -> str:
        """A fresh session secret."""
        return self._new_token("session", person.name, timedelta(hours=SESSION_HOURS))

    def new_link(self, person: Person) -> str:
        """A fresh secret for a sign-in link that works once."""
        return self._new_token("link", person.name, timedelta(minutes=LINK_MINUTES))

    def new_key(self, name: str, scopes: frozenset[Right]) -> str:
        """A fresh API key with some rights. Shown once; only its hash is kept."""
        return self._new_token("key", name, None, ",".join(sorted(scopes)))

    def session_viewer(self, secret: str) -> Viewer:
        """Who a session secret stands for.

        Raises:
            Unauthenticated: it is unknown, ended or expired.
        """
        person = self.person(self._live("session", secret).person)
        if person.disabled_at is not None:
            raise Unauthenticated
        return person.viewer()

    def key_viewer(self, secret: str) -> Viewer:
        """Who an API key stands for.

        Raises:
            Unauthenticated: it is unknown or revoked.
        """
        row = self._live("key", secret)
        rights = frozenset(Right(scope) for scope in row.scopes.split(",") if scope)
        return Viewer(name=f"key:{row.person}", rights=rights)

    def use_link(self, secret: str) -> Person:
        """The person a sign-in link belongs to; the link is used up.

        Raises:
            Unauthenticated: it is unknown, used or expired.
        """
        row = self._live("link", secret)
        if not self.end(secret):
            raise Unauthenticated("this sign-in link was used already")
        return self.person(row.person)

    def end(self, secret: str) -> bool:
        """End a session, link or key; returns whether it was live."""
        here = (TOKEN.c.hash == _digest(secret)) & TOKEN.c.ended_at.is_(None)
        with self._database.write() as connection:
            return connection.execute(sa.update(TOKEN).where(here).values(ended_at=now())).rowcount == 1

    def _hash(self, password: str) -> str:
        if len(password) < _SHORTEST_PASSWORD:
            raise BadInput(f"use at least {_SHORTEST_PASSWORD} characters", field="password")
        return self._hasher.hash(password)

    def _new_token(self, kind: str, person: str, life: timedelta | None, scopes: str = "") -> str:
        secret = f"hw_{kind}_{secrets.token_urlsafe(32)}"
        row = {
            "hash": _digest(secret),
            "kind": kind,
            "person": person,
            "scopes": scopes,
            "created_at": now(),
            "expires_at": now() + life if life else None,
        }
        with self._database.write() as connection:
            connection.execute(sa.insert(TOKEN).values(**row))
        return secret

    def _live(self, kind: str, secret: str) -> sa.Row[tuple[object, ...]]:
        query = sa.select(TOKEN).where(TOKEN.c.hash == _digest(secret), TOKEN.c.kind == kind)
        with self._database.read() as connection:
            row = connection.execute(query).first()
        if (
            row is None
            or row.ended_at is not None
            or (row.expires_at is not None and row.expires_at <= now())
        ):
            raise Unauthenticated
        return row


def _digest(secret: str) -> str:
    # The secrets are 256 random bits: a fast hash is enough, nothing can be guessed.
    return hashlib.sha256(secret.encode()).hexdigest()


def _find(connection: sa.Connection, name: str) -> sa.Row[tuple[object, ...]] | None:
    return connection.execute(sa.select(PERSON).where(PERSON.c.name == name)).first()


def _person(row: sa.Row[tuple[object, ...]]) -> Person:
    return Person(name=row.name, role=Role(row.role), created_at=row.created_at, disabled_at=row.disabled_at)

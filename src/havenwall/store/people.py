"""People, their sessions and one-time sign-in links. Secrets are kept only as hashes.

Who makes a change is `by`; each change is in the access log, written with it.
"""

from __future__ import annotations

import secrets
from datetime import timedelta
from functools import cache

import msgspec
import sqlalchemy as sa
from argon2 import PasswordHasher
from argon2.exceptions import VerificationError

from havenwall.errors import BadInput, Conflict, Unauthenticated
from havenwall.model import SYSTEM, Person, Right, Role, Viewer, now
from havenwall.store import people_rows as rows
from havenwall.store.database import Database
from havenwall.store.keys import Keys
from havenwall.store.schema import PERSON, TOKEN
from havenwall.store.views.access import note

_SHORTEST_PASSWORD = 12
SESSION_HOURS = 12
LINK_MINUTES = 30
HALF_MINUTES = 10


class SessionLife(msgspec.Struct, frozen=True, kw_only=True):
    """How long a session lasts."""

    longest: timedelta = timedelta(hours=SESSION_HOURS)
    idle: timedelta = timedelta(hours=1)
    """Without a request for so long, it ends."""


@cache
def _nobodys() -> str:
    """A password hash that is checked where there is no such person, so that the answer takes as long."""
    return PasswordHasher().hash(secrets.token_urlsafe())


class People:
    """Who may sign in, and what the secret in their hand stands for."""

    def __init__(self, database: Database, life: SessionLife | None = None) -> None:
        self._database = database
        self.life = life or SessionLife()
        self._keys = Keys(database)
        self._hasher = PasswordHasher()

    def add(self, name: str, role: Role, password: str | None = None, *, by: Viewer = SYSTEM) -> Person:
        """Make a person known.

        Raises:
            BadInput: the name or the password is not acceptable.
            Conflict: the name is taken.
            Forbidden: an API key asks.
        """
        rows.only_persons(by)
        if not rows.NAME.fullmatch(name):
            raise BadInput("use 2 to 60 of a-z, 0-9, dot, dash, underscore", field="name")
        hashed = self._hash(password) if password is not None else None
        row = {"name": name, "role": role.value, "created_at": now(), "password_hash": hashed}
        with self._database.write() as connection:
            if rows.people(connection, PERSON.c.name == name):
                raise Conflict(f"there is a person {name} already")
            connection.execute(sa.insert(PERSON).values(**row))
            note(connection, by, "person added", f"{name} as {role.value}")
            return rows.person(connection, name)

    def all(self) -> list[Person]:
        """Everybody, by name."""
        with self._database.read() as connection:
            return rows.people(connection)

    def person(self, name: str) -> Person:
        """One person.

        Raises:
            NotFound: nobody has this name.
        """
        with self._database.read() as connection:
            return rows.person(connection, name)

    def check_password(self, name: str, password: str) -> Person:
        """The person whose password this is.

        Raises:
            Unauthenticated: name or password is wrong, or the person is disabled or signs in elsewhere.
        """
        nobodys = _nobodys()
        found, kept = self._with_password(name)
        try:
            self._hasher.verify(kept or nobodys, password)
        except VerificationError:
            found = None
        # Whom another server shuts out must not come in by a password of before.
        if found is None or kept is None or found.elsewhere or found.disabled_at is not None:
            raise Unauthenticated("name or password is wrong")
        return found

    def set_password(self, name: str, password: str, *, keep: str = "", by: Viewer = SYSTEM) -> None:
        """Give a person a password; their other sessions and links end.

        Args: `keep`: secret of the session that goes on.

        Raises:
            BadInput: the password is too short.
            Conflict: the person signs in by another server, which alone says who they are.
            NotFound: nobody has this name.
        """
        digest = self._hash(password)
        with self._database.write() as connection:
            if rows.person(connection, name).elsewhere:
                raise Conflict(f"{name} signs in by another server", hint="change the password there")
            connection.execute(sa.update(PERSON).where(PERSON.c.name == name).values(password_hash=digest))
            rows.end_theirs(connection, name, keep)
            note(connection, by, "password changed", name)

    def disable(self, name: str, *, by: Viewer = SYSTEM) -> None:
        """Shut a person out; their sessions and links end.

        Raises:
            Conflict: they are the last who may manage people.
            NotFound: nobody has this name.
        """
        self._change(name, "person shut out", "", by, disabled_at=now())

    def enable(self, name: str, *, by: Viewer = SYSTEM) -> None:
        """Let a person in again; they need a new link or their password.

        Raises:
            Forbidden: an API key asks.
            NotFound: nobody has this name.
        """
        rows.only_persons(by)
        self._change(name, "person let in again", "", by, disabled_at=None)

    def change_role(self, name: str, role: Role, *, by: Viewer = SYSTEM) -> Person:
        """Give a person another role; it holds from their next request.

        Raises: as `disable`; Forbidden: an API key asks.
        """
        rows.only_persons(by)
        self._change(name, "role of a person changed", f" to {role.value}", by, role=role.value)
        return self.person(name)

    def new_session(self, person: Person, device: str = "") -> str:
        """A fresh session secret. `device`: what the browser says of itself."""
        told = "".join(letter for letter in device if letter.isprintable())[:200]
        return self._new("session", person.name, self.life.longest, device=told)

    def new_link(self, person: Person, *, by: Viewer = SYSTEM) -> str:
        """A fresh secret for a sign-in link that works once. Raises Forbidden: an API key asks."""
        rows.only_persons(by)
        with self._database.write() as connection:
            note(connection, by, "sign-in link made", person.name)
            until = now() + timedelta(minutes=LINK_MINUTES)
            return rows.new_token(connection, "link", person.name, until, made_by=by.name)

    def new_half(self, person: Person) -> str:
        """A fresh secret for somebody who has passed the first factor, and must still pass the second."""
        return self._new("half", person.name, timedelta(minutes=HALF_MINUTES))

    def half_person(self, secret: str) -> Person:
        """Who has passed the first factor.

        Raises:
            Unauthenticated: the secret is unknown, used or expired, or the person is shut out.
        """
        with self._database.read() as connection:
            found = rows.person(connection, rows.live_token(connection, "half", secret).person)
        if found.disabled_at is not None:
            raise Unauthenticated
        return found

    def new_key(self, name: str, scopes: frozenset[Right]) -> str:
        """A fresh API key with some rights, made by the machine's owner. See `Keys.add`."""
        return self._keys.add(name, scopes)[1]

    def key_viewer(self, secret: str) -> Viewer:
        """Who an API key stands for. See `Keys.viewer`."""
        return self._keys.viewer(secret)

    def session_person(self, secret: str) -> Person:
        """Whose session it is; notes, to the minute, that they were here.

        Raises:
            Unauthenticated: it is unknown, ended, expired or idle for too long, or its person is shut out.
        """
        with self._database.read() as connection:
            row = rows.live_token(connection, "session", secret)
            found = rows.person(connection, row.person)
        if found.disabled_at is not None or (row.last_seen or row.created_at) <= now() - self.life.idle:
            raise Unauthenticated
        if rows.unseen_for(row):
            with self._database.write_aside(lasting=False) as connection:
                connection.execute(sa.update(TOKEN).where(TOKEN.c.hash == row.hash).values(last_seen=now()))
        return found

    def session_viewer(self, secret: str) -> Viewer:
        """Who a session secret stands for. Raises as `session_person`."""
        return self.session_person(secret).viewer()

    def use_link(self, secret: str) -> Person:
        """The person a sign-in link belongs to; the link is used up.

        Raises:
            Unauthenticated: it is unknown, used or expired.
        """
        with self._database.read() as connection:
            row = rows.live_token(connection, "link", secret)
        if not self.end(secret):
            raise Unauthenticated("this sign-in link was used already")
        return self.person(row.person)

    def end(self, secret: str) -> bool:
        """End a session, link or key; returns whether it was live."""
        here = (TOKEN.c.hash == rows.digest(secret)) & TOKEN.c.ended_at.is_(None)
        with self._database.write() as connection:
            return connection.execute(sa.update(TOKEN).where(here).values(ended_at=now())).rowcount == 1

    def _change(self, name: str, what: str, more: str, by: Viewer, **values: object) -> None:
        with self._database.write() as connection:
            rows.person(connection, name)
            before = rows.managers(connection)
            connection.execute(sa.update(PERSON).where(PERSON.c.name == name).values(**values))
            rows.keep_a_manager(connection, before)
            if values.get("disabled_at"):
                rows.end_theirs(connection, name)
            note(connection, by, what, f"{name}{more}")

    def _with_password(self, name: str) -> tuple[Person | None, str | None]:
        if not rows.NAME.fullmatch(name):
            return None, None
        with self._database.read() as connection:
            found = rows.people(connection, PERSON.c.name == name)
            kept = connection.scalar(sa.select(PERSON.c.password_hash).where(PERSON.c.name == name))
        return (found[0] if found else None), kept

    def _hash(self, password: str) -> str:
        if len(password) < _SHORTEST_PASSWORD:
            raise BadInput(f"use at least {_SHORTEST_PASSWORD} characters", field="password")
        return self._hasher.hash(password)

    def _new(self, kind: str, name: str, life: timedelta, **columns: str) -> str:
        with self._database.write() as connection:
            return rows.new_token(connection, kind, name, now() + life, **columns)

"""Rows of people, rights and secrets, read and written inside a transaction of somebody else."""

from __future__ import annotations

import hashlib
import re
import secrets
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa

from havenwall.errors import BadInput, Conflict, Forbidden, NotFound, Unauthenticated
from havenwall.model import ROLE_RIGHTS, Person, Right, Role, Viewer, now
from havenwall.store.people_schema import IDENTITY, ROLE_RIGHT, SECOND_FACTOR
from havenwall.store.schema import PERSON, TOKEN

NAME = re.compile(r"[a-z][a-z0-9._-]{1,59}")
"""What a person may be called."""
_ID = 20
"""Characters of a secret's hash that name it in lists: they tell nothing of the 256 random bits."""
_SEEN_EVERY = timedelta(minutes=1)
Row = sa.Row[tuple[Any, ...]]


def digest(secret: str) -> str:
    """What is kept of a secret of 80 random bits or more: a fast hash is enough, nothing can be guessed."""
    return hashlib.sha256(secret.encode()).hexdigest()


def token_id(row: Row) -> str:
    """The id under which lists show a session or key."""
    return str(row.hash)[:_ID]


def packed(rights: frozenset[Right]) -> str:
    """Rights as they stand in a column."""
    return ",".join(sorted(rights))


def unpacked(text: str) -> frozenset[Right]:
    """Rights from a column; one that this release does not know gives nothing."""
    return frozenset(Right(name) for name in text.split(",") if name in set(Right))


def people(connection: sa.Connection, *which: sa.ColumnElement[bool]) -> list[Person]:
    """Persons by name, with what their roles may do now."""
    second = (SECOND_FACTOR.c.person == PERSON.c.name) & SECOND_FACTOR.c.confirmed_at.is_not(None)
    joined = PERSON.outerjoin(ROLE_RIGHT, ROLE_RIGHT.c.role == PERSON.c.role).outerjoin(SECOND_FACTOR, second)
    joined = joined.outerjoin(IDENTITY, IDENTITY.c.person == PERSON.c.name)
    demanded = ROLE_RIGHT.c.second_factor.label("demanded")
    kept = (ROLE_RIGHT.c.rights, demanded, SECOND_FACTOR.c.confirmed_at, IDENTITY.c.subject)
    query = sa.select(PERSON, *kept).select_from(joined).where(*which).order_by(PERSON.c.name)
    return [_person(row) for row in connection.execute(query)]


def person(connection: sa.Connection, name: str) -> Person:
    """One person.

    Raises:
        NotFound: nobody has this name.
    """
    # A name that cannot be one is not asked for: PostgreSQL refuses some characters with an error.
    found = people(connection, PERSON.c.name == name) if NAME.fullmatch(name) else []
    if not found:
        raise NotFound(f"there is no person {name}")
    return found[0]


def only_persons(by: Viewer) -> None:
    """Do nothing if a person asks, or the machine's owner.

    Raises:
        Forbidden: it is an API key, which could so become any person, or give them its own rights.
    """
    if by.name.startswith("key:"):
        raise Forbidden("a person must decide this", hint="sign in; an API key cannot")


def end_theirs(connection: sa.Connection, name: str, keep: str = "") -> None:
    """End a person's sessions and links, but the session with the secret `keep`."""
    # A key may bear the same name; it belongs to a program, not to the person.
    theirs = (TOKEN.c.person == name) & TOKEN.c.kind.in_(("session", "link", "half"))
    ending = theirs & TOKEN.c.ended_at.is_(None) & (TOKEN.c.hash != digest(keep))
    connection.execute(sa.update(TOKEN).where(ending).values(ended_at=now()))


def managers(connection: sa.Connection) -> int:
    """How many persons who are not shut out may manage people, second factor or not."""
    joined = PERSON.outerjoin(ROLE_RIGHT, ROLE_RIGHT.c.role == PERSON.c.role)
    query = sa.select(PERSON.c.role, ROLE_RIGHT.c.rights).select_from(joined)
    rows = connection.execute(query.where(PERSON.c.disabled_at.is_(None)))
    return sum(Right.MANAGE_PEOPLE in role_rights(Role(row.role), row.rights) for row in rows)


def keep_a_manager(connection: sa.Connection, before: int) -> None:
    """Do nothing if somebody may still manage people, or nobody could `before`.

    Raises:
        Conflict: the change takes that right from the last person who has it.
    """
    if before and not managers(connection):
        raise Conflict(
            "this takes manage_people from the last person who has it",
            hint="give another person a role with that right first",
        )


def role_rights(role: Role, kept: str | None) -> frozenset[Right]:
    """What a role may do: as kept, else as Havenwall comes."""
    return ROLE_RIGHTS[role] if kept is None else unpacked(kept)


def new_token(
    connection: sa.Connection, kind: str, name: str, expires_at: datetime | None, **columns: str
) -> str:
    """A fresh secret of 256 random bits; only its hash is kept."""
    secret = f"hw_{kind}_{secrets.token_urlsafe(32)}"
    row = {"hash": digest(secret), "kind": kind, "person": name} | columns
    connection.execute(sa.insert(TOKEN).values(**row, created_at=now(), expires_at=expires_at))
    return secret


def live_token(connection: sa.Connection, kind: str, secret: str) -> Row:
    """The row of a secret.

    Raises:
        Unauthenticated: it is unknown, of another kind, ended or expired.
    """
    query = sa.select(TOKEN).where(TOKEN.c.hash == digest(secret), TOKEN.c.kind == kind)
    row = connection.execute(query.where(live())).first()
    if row is None:
        raise Unauthenticated
    return row


def live() -> sa.ColumnElement[bool]:
    """Whether a token has neither ended nor expired."""
    return TOKEN.c.ended_at.is_(None) & (TOKEN.c.expires_at.is_(None) | (TOKEN.c.expires_at > now()))


def unseen_for(row: Row) -> bool:
    """Whether a token's last use is so long ago that it is worth a write."""
    return row.last_seen is None or row.last_seen <= now() - _SEEN_EVERY


def by_id(kind: str, token: str) -> sa.ColumnElement[bool]:
    """The session or key that lists show under an id.

    Raises:
        BadInput: it is no id.
    """
    if not re.fullmatch(rf"[0-9a-f]{{{_ID}}}", token):
        raise BadInput(f"an id has {_ID} of 0-9 and a-f", field="id")
    return TOKEN.c.hash.startswith(token) & (TOKEN.c.kind == kind)


def _person(row: Row) -> Person:
    role, second = Role(row.role), row.confirmed_at is not None
    return Person(
        name=row.name,
        role=role,
        created_at=row.created_at,
        rights=frozenset() if row.demanded and not second else role_rights(role, row.rights),
        disabled_at=row.disabled_at,
        has_password=row.password_hash is not None,
        second_factor=second,
        elsewhere=row.subject is not None,
    )

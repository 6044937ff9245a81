"""Whom a sign-in server means by its own name for somebody."""

from __future__ import annotations

import sqlalchemy as sa

from havenwall.errors import BadInput, Conflict
from havenwall.model import Person, Role, Viewer, now
from havenwall.store import people_rows as rows
from havenwall.store.database import Database
from havenwall.store.people_schema import IDENTITY
from havenwall.store.schema import PERSON
from havenwall.store.views.access import note


class Identities:
    """Persons who sign in elsewhere."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def signed_in(self, issuer: str, subject: str, name: str, role: Role) -> Person:
        """The person of a subject, with the role that the server gives; made known on first sight.

        The last person who may manage people keeps their role, whatever the server says.

        Raises:
            BadInput: the name or subject cannot be kept.
            Conflict: somebody who does not sign in by this server has the name.
        """
        if not subject.isprintable() or not 0 < len(subject) <= 255:
            raise BadInput("the sign-in server names nobody", field="sub")
        by = Viewer(name="system", rights=frozenset())
        with self._database.write() as connection:
            known = _name(connection, issuer, subject)
            if known is None:
                return _add(connection, issuer, subject, name, role, by)
            found = rows.person(connection, known)
            if found.role is not role and _may_change(connection, found, role):
                note(connection, by, "role of a person changed", f"{known} to {role.value} by sign-in server")
            return rows.person(connection, known)


def _name(connection: sa.Connection, issuer: str, subject: str) -> str | None:
    here = (IDENTITY.c.issuer == issuer) & (IDENTITY.c.subject == subject)
    found: str | None = connection.scalar(sa.select(IDENTITY.c.person).where(here))
    return found


def _add(connection: sa.Connection, issuer: str, subject: str, name: str, role: Role, by: Viewer) -> Person:
    if not rows.NAME.fullmatch(name):
        raise BadInput("the sign-in server gives no name that can be kept", field="name")
    if rows.people(connection, PERSON.c.name == name):
        raise Conflict(f"there is a person {name} who does not sign in by this server")
    connection.execute(sa.insert(PERSON).values(name=name, role=role.value, created_at=now()))
    made = {"issuer": issuer, "subject": subject, "person": name, "made_at": now()}
    connection.execute(sa.insert(IDENTITY).values(**made))
    note(connection, by, "person added", f"{name} as {role.value} by sign-in server")
    return rows.person(connection, name)


def _may_change(connection: sa.Connection, found: Person, role: Role) -> bool:
    before = rows.managers(connection)
    mine = PERSON.c.name == found.name
    connection.execute(sa.update(PERSON).where(mine).values(role=role.value))
    if before and not rows.managers(connection):
        connection.execute(sa.update(PERSON).where(mine).values(role=found.role.value))
        return False
    return True

"""The role matrix: what each role may do, as the operator has set it."""

from __future__ import annotations

from collections.abc import Sequence

import msgspec
import sqlalchemy as sa

from havenwall.errors import Conflict
from havenwall.model import SYSTEM, Right, Role, RoleRights, Viewer, now
from havenwall.store import people_rows as rows
from havenwall.store.database import Database
from havenwall.store.people_schema import ROLE_RIGHT
from havenwall.store.views.access import note


class Roles:
    """Rights of roles, kept and changed."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def all(self) -> list[RoleRights]:
        """Every role with its rights, in the order of `Role`."""
        with self._database.read() as connection:
            kept = {row.role: row for row in connection.execute(sa.select(ROLE_RIGHT))}
        return [_role(role, kept.get(role.value)) for role in Role]

    def role(self, role: Role) -> RoleRights:
        """One role with its rights."""
        with self._database.read() as connection:
            return _read(connection, role)

    def change(
        self, role: Role, rights: frozenset[Right], version: int, *, second_factor: bool, by: Viewer = SYSTEM
    ) -> RoleRights:
        """Give a role these rights and no others. Arguments and errors as `change_all`."""
        wanted = RoleRights(role=role, rights=rights, version=version, second_factor=second_factor)
        return self.change_all([wanted], by=by)[0]

    def change_all(self, wanted: Sequence[RoleRights], *, by: Viewer = SYSTEM) -> list[RoleRights]:
        """Give roles these rights and no others, all or none; they hold from everybody's next request.

        Args:
            wanted: each with its `version` as the caller saw it; a role that does not differ stays as it
                is. Persons of a role with `second_factor` who have none may then only set one up.

        Raises:
            Conflict: a role changed in the meantime, or this takes MANAGE_PEOPLE from the last person
                who has it.
            Forbidden: an API key asks.
        """
        rows.only_persons(by)
        with self._database.write() as connection:
            before = rows.managers(connection)
            done = [_change(connection, row, by) for row in wanted]
            rows.keep_a_manager(connection, before)
        return done


def _change(connection: sa.Connection, wanted: RoleRights, by: Viewer) -> RoleRights:
    old = _read(connection, wanted.role)
    if old.version != wanted.version:
        raise Conflict(
            f"the role {old.role.value} changed in the meantime", hint="look again, then change it"
        )
    if (old.rights, old.second_factor) == (wanted.rights, wanted.second_factor):
        return old
    changed = {"version": old.version + 1, "changed_at": now(), "changed_by": by.name}
    new = msgspec.structs.replace(wanted, **changed)
    _write(connection, new)
    _note(connection, by, old, new)
    return new


def _read(connection: sa.Connection, role: Role) -> RoleRights:
    row = connection.execute(sa.select(ROLE_RIGHT).where(ROLE_RIGHT.c.role == role.value)).first()
    return _role(role, row)


def _write(connection: sa.Connection, new: RoleRights) -> None:
    values = {
        "role": new.role.value,
        "rights": rows.packed(new.rights),
        "second_factor": new.second_factor,
        "version": new.version,
        "changed_at": new.changed_at,
        "changed_by": new.changed_by,
    }
    connection.execute(sa.delete(ROLE_RIGHT).where(ROLE_RIGHT.c.role == new.role.value))
    connection.execute(sa.insert(ROLE_RIGHT).values(**values))


def _note(connection: sa.Connection, by: Viewer, old: RoleRights, new: RoleRights) -> None:
    given = [f"+{right.value}" for right in sorted(new.rights - old.rights)]
    taken = [f"-{right.value}" for right in sorted(old.rights - new.rights)]
    demand = []
    if new.second_factor != old.second_factor:
        demand = ["+second factor" if new.second_factor else "-second factor"]
    for change in given + taken + demand:
        note(connection, by, "rights of a role changed", f"{new.role.value} {change}")


def _role(role: Role, row: rows.Row | None) -> RoleRights:
    if row is None:
        return RoleRights(role=role, rights=rows.role_rights(role, None))
    return RoleRights(
        role=role,
        rights=rows.unpacked(row.rights),
        second_factor=bool(row.second_factor),
        version=row.version,
        changed_at=row.changed_at,
        changed_by=row.changed_by,
    )

"""Where the members of cases come from, when persons merged and split cases."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping

import msgspec
import sqlalchemy as sa

from havenwall.model import CaseClass
from havenwall.store import schema as t
from havenwall.store.rows import by_names

C = t.CASE.c


class Kin(msgspec.Struct, frozen=True, kw_only=True):
    """A case and where its members went or came from."""

    id: str
    case_class: CaseClass
    merged_into: str | None
    split_from: str | None


def kin_of(connection: sa.Connection, entity: str) -> dict[str, Kin]:
    """The cases of an entity, by id: in which it is, from which something was done to it, and from which it
    came when they were merged or split."""
    member, action = t.MEMBER.c, t.ACTION.c
    cases = set(connection.scalars(sa.select(member.case_id).where(member.entity == entity)))
    cases |= set(connection.scalars(sa.select(action.case_id).where(action.entity == entity).distinct()))
    return sources(connection, (one for one in cases if one))


def sources(connection: sa.Connection, case_ids: Iterable[str]) -> dict[str, Kin]:
    """The cases, and all from which their members may have come, by id."""
    found: dict[str, Kin] = {}
    wanted: Collection[str] = set(case_ids)
    while wanted:
        fresh = {one.id: one for one in _read(connection, wanted)}
        found |= fresh
        wanted = {one.split_from for one in fresh.values() if one.split_from} - found.keys()
    return found


def families(kin: Mapping[str, Kin]) -> dict[str, str]:
    """For each case one that stands for all that are merged or split among them."""
    head = {name: name for name in kin}
    for one in kin.values():
        for other in (one.merged_into, one.split_from):
            if other in head:
                old, new = head[one.id], head[other]
                head = {name: new if at == old else at for name, at in head.items()}
    return head


def _read(connection: sa.Connection, names: Collection[str]) -> list[Kin]:
    # A merger is flat: what was merged into a case names the one in which it is now.
    columns = [C.id, C.case_class, C.merged_into, C.split_from]
    rows = [*by_names(connection, columns, C.id, names), *by_names(connection, columns, C.merged_into, names)]
    return [
        Kin(
            id=row.id,
            case_class=CaseClass(row.case_class),
            merged_into=row.merged_into,
            split_from=row.split_from,
        )
        for row in rows
    ]

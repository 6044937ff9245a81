"""What people set for their console and share in it: choices, saved filters, presence, message templates."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import msgspec
import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite

from havenwall.errors import Conflict, NotFound
from havenwall.model import now
from havenwall.model.console import ConsoleChoice, MessageTemplate, Onlooker, SavedFilter
from havenwall.store.comfort_schema import MESSAGE_TEMPLATE, PRESENCE, SAVED_FILTER
from havenwall.store.database import Database
from havenwall.store.preferences import keep_preference, preference

_KIND = "console"
_F, _M = SAVED_FILTER.c, MESSAGE_TEMPLATE.c


class ConsoleStore:
    """By person (`user:NAME`), but for the templates, which are the operator's."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def choice(self, person: str) -> ConsoleChoice:
        """How somebody wants the console to be; as it comes if they have said nothing."""
        return preference(self._database, person, _KIND, ConsoleChoice())

    def choose(self, person: str, choice: ConsoleChoice) -> None:
        """Keep how somebody wants the console to be."""
        keep_preference(self._database, person, _KIND, choice)

    def filters(self, person: str, role: str) -> list[SavedFilter]:
        """A person's own filters and those shared with their role, by name."""
        mine = (_F.owner == person) | ((_F.role == role) & (_F.role != ""))
        query = sa.select(SAVED_FILTER).where(mine).order_by(_F.name, _F.id)
        with self._database.read() as connection:
            return [_filter(row) for row in connection.execute(query)]

    def save_filter(self, new: SavedFilter, most: int) -> None:
        """Keep a filter; one of the same owner and name is replaced.

        Raises:
            Conflict: the owner has `most` of them.
        """
        same = (_F.owner == new.owner) & (_F.name == new.name)
        held = sa.select(sa.func.count()).select_from(SAVED_FILTER).where(_F.owner == new.owner)
        with self._database.write() as connection:
            connection.execute(sa.delete(SAVED_FILTER).where(same))
            if (connection.scalar(held) or 0) >= most:
                raise Conflict(f"you have {most} filters", hint="delete one that you do not need")
            connection.execute(sa.insert(SAVED_FILTER).values(**msgspec.structs.asdict(new)))

    def drop_filter(self, person: str, filter_id: str) -> None:
        """Delete a filter of one's own.

        Raises:
            NotFound: the person has none such.
        """
        gone = sa.delete(SAVED_FILTER).where(_F.id == filter_id, _F.owner == person)
        with self._database.write() as connection:
            if not connection.execute(gone).rowcount:
                raise NotFound("you have no such filter")

    def look(self, case_id: str, person: str, life: timedelta) -> list[Onlooker]:
        """Note that a person has a case open, and say who else has, newest first.

        Args: `life`: after which a row says nothing any more.
        """
        at, c = now(), PRESENCE.c
        others = sa.select(PRESENCE).where(c.case_id == case_id, c.person != person, c.seen_at > at - life)
        with self._database.write_aside(lasting=False) as connection:
            connection.execute(sa.delete(PRESENCE).where(c.seen_at <= at - life))
            # Nobody takes turns here: two pages of one person may say so at the same moment.
            connection.execute(_seen(self._database.dialect, case_id=case_id, person=person, seen_at=at))
            rows = connection.execute(others.order_by(c.seen_at.desc())).all()
        return [Onlooker(person=row.person, seen_at=row.seen_at) for row in rows]

    def templates(self) -> list[MessageTemplate]:
        """The operator's messages, by name and language."""
        query = sa.select(MESSAGE_TEMPLATE).order_by(_M.name, _M.language)
        with self._database.read() as connection:
            return [MessageTemplate(**row._mapping) for row in connection.execute(query)]

    def keep_template(self, new: MessageTemplate) -> None:
        """Keep a message instead of the one of its name and language."""
        self._replace(new.name, new.language, msgspec.structs.asdict(new))

    def drop_template(self, name: str, language: str) -> None:
        """Go back to the message that comes with Havenwall."""
        self._replace(name, language, None)

    def _replace(self, name: str, language: str, row: dict[str, Any] | None) -> None:
        same = (_M.name == name) & (_M.language == language)
        with self._database.write() as connection:
            connection.execute(sa.delete(MESSAGE_TEMPLATE).where(same))
            if row is not None:
                connection.execute(sa.insert(MESSAGE_TEMPLATE).values(**row))


def _seen(dialect: str, **row: object) -> sa.Insert:
    insert = postgresql.insert if dialect == "postgresql" else sqlite.insert
    new = insert(PRESENCE).values(**row)
    return new.on_conflict_do_update(index_elements=["case_id", "person"], set_={"seen_at": row["seen_at"]})


def _filter(row: Any) -> SavedFilter:
    return SavedFilter(id=row.id, name=row.name, owner=row.owner, query=row.query, role=row.role, at=row.at)

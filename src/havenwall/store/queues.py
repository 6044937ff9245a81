"""Queues as they are kept. Whatever is changed, every case is in a queue that is there afterwards."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any

import msgspec
import sqlalchemy as sa

from havenwall.errors import BadInput, Conflict, NotFound
from havenwall.model import DEFAULT_QUEUES, CaseClass, Queue, new_id, now, route
from havenwall.store.case_rows import COLUMNS, C, add_lines, due_in, line, own_case, read_queues
from havenwall.store.database import Database
from havenwall.store.queue_schema import QUEUE, QUEUE_CHANGE
from havenwall.store.schema import CASE

_encode = msgspec.json.Encoder().encode
_PART = 1000
"""Cases that are routed anew at a time."""


class QueueChange(msgspec.Struct, frozen=True, kw_only=True):
    """One change of a queue."""

    id: str
    name: str
    at: datetime
    by: str
    old: Queue | None
    new: Queue | None
    moved: int
    """Cases that changed their queue."""


class QueueCount(msgspec.Struct, frozen=True, kw_only=True):
    """How much waits in a queue."""

    waiting: int
    overdue: int
    held: int
    snoozed: int
    oldest_due_at: datetime | None


class Queues:
    """Reads and writes queues."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def all(self) -> dict[str, Queue]:
        """All queues by name, in the order in which they are asked."""
        with self._database.read() as connection:
            return read_queues(connection)

    def queue(self, name: str) -> Queue:
        """One queue.

        Raises:
            NotFound: there is none of this name.
        """
        found = self.all().get(name)
        if found is None:
            raise NotFound(f"there is no queue {name}")
        return found

    def save(self, queue: Queue, by: str) -> QueueChange:
        """Keep a queue, and route the cases of its class by the rules as they are then.

        Raises:
            BadInput: the queue is there already, for cases of another class.
        """
        with self._database.write() as connection:
            old = read_queues(connection).get(queue.name)
            if old and old.case_class is not queue.case_class:
                raise BadInput("a queue keeps its class", field="case_class", hint="make another queue")
            connection.execute(sa.delete(QUEUE).where(QUEUE.c.name == queue.name))
            row = {"case_class": queue.case_class.value, "position": queue.position, "body": _encode(queue)}
            connection.execute(sa.insert(QUEUE).values(name=queue.name, **row))
            return _changed(connection, by, old, queue, queue.case_class)

    def delete(self, name: str, by: str) -> QueueChange:
        """Take a queue away; its cases go where the other rules of their class bring them.

        Raises:
            NotFound: there is none of this name.
            Conflict: it is the default queue of a class.
        """
        with self._database.write() as connection:
            old = read_queues(connection).get(name)
            if old is None:
                raise NotFound(f"there is no queue {name}")
            if name in DEFAULT_QUEUES.values():
                raise Conflict(f"the queue {name} takes what no other wants; it cannot be deleted")
            connection.execute(sa.delete(QUEUE).where(QUEUE.c.name == name))
            return _changed(connection, by, old, None, old.case_class)

    def changes(self, limit: int = 50) -> list[QueueChange]:
        """The newest changes of queues."""
        query = sa.select(QUEUE_CHANGE.c.body).order_by(QUEUE_CHANGE.c.at.desc()).limit(limit)
        with self._database.read() as connection:
            return [msgspec.json.decode(body, type=QueueChange) for body in connection.scalars(query)]

    def counts(self) -> dict[str, QueueCount]:
        """How much waits in each queue: numbers only."""
        at = now()
        with self._database.read() as connection:
            names = list(read_queues(connection))
            waiting = _tally(connection)
            overdue = _tally(connection, C.queue.in_(names), C.due_at < at)
            held, snoozed = _few(connection, C.held_until > at), _few(connection, C.snoozed_until > at)
            oldest = _oldest(connection, names)
        return {
            name: QueueCount(
                waiting=waiting.get(name, 0),
                overdue=overdue.get(name, 0),
                held=held.get(name, 0),
                snoozed=snoozed.get(name, 0),
                oldest_due_at=oldest[name],
            )
            for name in names
        }


def _tally(connection: sa.Connection, *narrowed: sa.ColumnElement[bool]) -> dict[str, int]:
    # Each number from an index that holds all it needs: one walk over the cases takes thrice as long.
    query = sa.select(C.queue, sa.func.count().label("found")).where(C.waiting, *narrowed).group_by(C.queue)
    return {row.queue: row.found for row in connection.execute(query)}


def _few(connection: sa.Connection, narrowed: sa.ColumnElement[bool]) -> Counter[str]:
    # Asked for what waits as well, SQLite walks over all that waits and not over the few.
    return Counter(
        row.queue for row in connection.execute(sa.select(C.queue, C.waiting).where(narrowed)) if row.waiting
    )


def _oldest(connection: sa.Connection, names: Sequence[str]) -> dict[str, datetime | None]:
    first = [
        sa.select(sa.literal(name).label("queue"), sa.func.min(C.due_at).label("due")).where(
            C.waiting, C.queue == name
        )
        for name in names
    ]
    return {row.queue: row.due for row in connection.execute(sa.union_all(*first))}


def _changed(
    connection: sa.Connection, by: str, old: Queue | None, new: Queue | None, of: CaseClass
) -> QueueChange:
    moved = _route_anew(connection, by, of)
    name = (new or old or Queue(name="", case_class=of)).name
    change = QueueChange(id=new_id(), name=name, at=now(), by=by, old=old, new=new, moved=moved)
    row = {"id": change.id, "name": name, "at": change.at, "body": _encode(change)}
    connection.execute(sa.insert(QUEUE_CHANGE).values(**row))
    return change


def _route_anew(connection: sa.Connection, by: str, of: CaseClass) -> int:
    """Bring every case of a class to the queue where the rules want it; returns how many moved."""
    queues, moved = read_queues(connection), 0
    for part in _parts(connection, of):
        changes = [change for row in part if (change := _move(row, queues))]
        if changes:
            connection.execute(_SET, changes)
        gone = [change for change in changes if change["old"] != change["to"]]
        add_lines(
            connection,
            [line(c["case"], by, "queue", "the queues were changed", c["old"], c["to"]) for c in gone],
        )
        moved += len(gone)
    return moved


_SET = (
    sa.update(CASE)
    .where(C.id == sa.bindparam("case"))
    .values(queue=sa.bindparam("to"), due_at=sa.bindparam("due"), placed=sa.bindparam("stays"))
)


def _parts(connection: sa.Connection, of: CaseClass) -> Iterator[Sequence[sa.Row[*tuple[Any, ...]]]]:
    # Closed cases too: one that is opened again must be in a queue that is there.
    after, here = "", C.case_class == of.value
    while True:
        query = sa.select(C.id, *COLUMNS).where(here, C.id > after).order_by(C.id).limit(_PART)
        rows = connection.execute(query).all()
        if not rows:
            return
        yield rows
        after = rows[-1].id


def _move(row: sa.Row[*tuple[Any, ...]], queues: Mapping[str, Queue]) -> dict[str, Any] | None:
    """What changes of a case: where it waits, until when, and whether a person has put it there."""
    case, stays = own_case(row.body), row.placed and row.queue in queues
    name = row.queue if stays else route(queues.values(), case)
    due = due_in(case, queues[name])
    if (name, due, stays) == (row.queue, row.due_at, bool(row.placed)):
        return None
    return {"case": row.id, "old": row.queue, "to": name, "due": due, "stays": stays}

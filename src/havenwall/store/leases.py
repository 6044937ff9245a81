"""Who works on which case, for how long. Each step is one transaction and one line of the case's history."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa

from havenwall.errors import Conflict, NotFound
from havenwall.model import CaseClass, CaseTopic, now
from havenwall.store.case_rows import FREE, ROUTING, C, due_in, log, own_case, read_queues
from havenwall.store.comfort_schema import CASE_PASS
from havenwall.store.database import Database
from havenwall.store.schema import CASE

_HELD = (C.id, C.held_by, C.held_until, C.queue, C.case_class, C.waiting, C.snoozed_until, C.body)


class Leases:
    """Gives cases to people and takes them back. Who asks must have been found to have the right before."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def take_next(
        self,
        by: str,
        queue: str,
        case_class: CaseClass,
        length: timedelta,
        but: str = "",
        spare: Collection[CaseTopic] = (),
    ) -> str | None:
        """The id of the most urgent case of a queue that nobody works on, now held by `by`.

        Whoever holds one of the queue already gets that one; the case `but` is passed over, as are those that
        `by` has passed and, but for one held already, those of the topics in `spare`. Writers take
        turns (see `Database`), so however many ask at once, each gets another case. None when nothing waits.
        """
        at = now()
        with self._database.write() as connection:
            found = _held_already(connection, by, queue, case_class, but, at)
            if found:
                return found
            # A queue is of one class; told so by the column, PostgreSQL walks down all cases of the class.
            of_class = C.case_class.concat("") == case_class.value
            here = (C.queue == queue) & C.waiting & of_class & (C.id != but)
            free = sa.or_(C.held_until.is_(None), C.held_until <= at)
            awake = sa.or_(C.snoozed_until.is_(None), C.snoozed_until <= at)
            wanted = C.topic.not_in([topic.value for topic in spare]) & C.id.not_in(_passed(by, at))
            query = sa.select(*_HELD).where(here, free, awake, wanted).order_by(C.rank, C.opened_at).limit(1)
            row = connection.execute(query).first()
            if row is None:
                return None
            _take(connection, row, by, at + length)
            return str(row.id)

    def take(self, case_id: str, by: str, length: timedelta) -> datetime:
        """Hold a case; returns until when. Who holds it already holds it longer.

        Raises:
            Conflict: somebody else works on it, or there is nothing to work on.
        """
        with self._database.write() as connection:
            row = _waiting(connection, case_id, by)
            until = now() + length
            if row.held_by == by and row.held_until > now():
                _set(connection, case_id, held_until=until)
            else:
                _take(connection, row, by, until)
            return until

    def beat(self, case_id: str, by: str, length: timedelta) -> datetime:
        """A sign that whoever holds a case still works on it; returns until when they hold it now.

        Raises:
            Conflict: they do not hold it any more.
        """
        with self._database.write() as connection:
            row = _row(connection, case_id)
            if row.held_by != by or row.held_until <= now():
                raise Conflict("you do not hold this case any more", hint="take it again if it is free")
            until: datetime = max(row.held_until, now() + length)
            _set(connection, case_id, held_until=until)
            return until

    def give_back(self, case_id: str, by: str, why: str) -> None:
        """Hold a case no longer; nothing happens if `by` does not hold it.

        Raises:
            Conflict: somebody else holds it.
        """
        with self._database.write() as connection:
            row = _mine(connection, case_id, by)
            if row.held_by is not None:
                _set(connection, case_id, **FREE)
                log(connection, case_id, by, "given_back", why, row.held_by, None)

    def hand_over(self, case_id: str, by: str, to: str, length: timedelta, why: str) -> datetime:
        """Let somebody else hold a case; returns until when.

        Raises:
            Conflict: a third person holds it, or there is nothing to work on.
        """
        until = now() + length
        with self._database.write() as connection:
            row = _waiting(connection, case_id, by)
            _set(connection, case_id, held_by=to, held_until=until, snoozed_until=None)
            log(connection, case_id, by, "handed_over", why, row.held_by, to)
        return until

    def snooze(self, case_id: str, by: str, until: datetime, why: str) -> None:
        """Put a case off; its clock runs on.

        Raises:
            Conflict: somebody else holds it, or there is nothing to put off.
        """
        with self._database.write() as connection:
            row = _waiting(connection, case_id, by)
            _set(connection, case_id, snoozed_until=until, **FREE)
            log(connection, case_id, by, "snoozed", why, _told(row.snoozed_until), _told(until))

    def move(self, case_id: str, by: str, queue: str, why: str) -> None:
        """Put a case into another queue of its class, where the rules leave it.

        Raises:
            NotFound: there is no such queue for cases of this class.
            Conflict: somebody else holds the case.
        """
        with self._database.write() as connection:
            row, to = _mine(connection, case_id, by), read_queues(connection).get(queue)
            if to is None or to.case_class.value != row.case_class:
                raise NotFound(f"there is no queue {queue} for cases of this class")
            due = due_in(own_case(row.body), to)
            _set(connection, case_id, queue=queue, placed=True, due_at=due, snoozed_until=None, **FREE)
            log(connection, case_id, by, "queue", why, row.queue, queue)

    def expire(self) -> int:
        """Give back what was held too long; returns how many."""
        late = C.held_until <= now()
        with self._database.read() as connection:
            if connection.scalar(sa.select(C.id).where(late).limit(1)) is None:
                return 0
        with self._database.write() as connection:
            rows = connection.execute(sa.select(*_HELD).where(late)).all()
            for row in rows:
                _set(connection, row.id, **FREE)
                _log_expired(connection, row)
        return len(rows)


def check_free(connection: sa.Connection, case_ids: list[str], by: str) -> None:
    """Do nothing if nobody but `by` holds one of the cases.

    Raises:
        Conflict: somebody does.
    """
    theirs = (C.held_until > now()) & (C.held_by != by)
    other = connection.scalar(sa.select(C.held_by).where(C.id.in_(case_ids), theirs).limit(1))
    if other is not None:
        raise Conflict(
            f"{other.partition(':')[2] or other} works on this case now",
            hint="nothing was recorded; ask them, or wait until they give it back",
        )


def _held_already(
    connection: sa.Connection, by: str, queue: str, case_class: CaseClass, but: str, at: datetime
) -> str | None:
    # By the holder alone: told of the queue too, a database walks down all of the queue.
    query = sa.select(*_HELD, C.rank, C.opened_at).where(C.held_by == by)
    rows = [row for row in connection.execute(query) if row.held_until > at and row.id != but]
    mine = [row for row in rows if row.waiting and (row.queue, row.case_class) == (queue, case_class.value)]
    first = min(mine, key=lambda row: (row.rank, row.opened_at), default=None)
    return str(first.id) if first else None


def _passed(by: str, at: datetime) -> sa.Select[tuple[str]]:
    return sa.select(CASE_PASS.c.case_id).where(CASE_PASS.c.person == by, CASE_PASS.c.until > at)


def _take(connection: sa.Connection, row: sa.Row[*tuple[Any, ...]], by: str, until: datetime) -> None:
    if row.held_by is not None and row.held_by != by:
        _log_expired(connection, row)
    _set(connection, row.id, held_by=by, held_until=until, snoozed_until=None)
    log(connection, row.id, by, "taken", f"from the queue {row.queue}", None, by)


def _log_expired(connection: sa.Connection, row: sa.Row[*tuple[Any, ...]]) -> None:
    log(connection, row.id, ROUTING, "expired", "no sign of work for too long", row.held_by, None)


def _mine(connection: sa.Connection, case_id: str, by: str) -> sa.Row[*tuple[Any, ...]]:
    check_free(connection, [case_id], by)
    return _row(connection, case_id)


def _waiting(connection: sa.Connection, case_id: str, by: str) -> sa.Row[*tuple[Any, ...]]:
    row = _mine(connection, case_id, by)
    if not row.waiting:
        raise Conflict("there is nothing left to do in this case")
    return row


def _row(connection: sa.Connection, case_id: str) -> sa.Row[*tuple[Any, ...]]:
    row = connection.execute(sa.select(*_HELD).where(C.id == case_id)).first()
    if row is None:
        raise NotFound(f"there is no case {case_id}")
    return row


def _set(connection: sa.Connection, case_id: str, **values: Any) -> None:
    connection.execute(sa.update(CASE).where(C.id == case_id).values(**values))


def _told(moment: datetime | None) -> str | None:
    return moment.isoformat(timespec="minutes") if moment else None

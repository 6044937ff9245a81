"""Cases as rows: the body is the case as casework made it, columns say where it waits and who holds it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

import msgspec
import sqlalchemy as sa

from havenwall.errors import Conflict
from havenwall.model import DEFAULT_QUEUES, Case, CaseEvent, CaseState, Queue, new_id, now, route
from havenwall.store.queue_schema import CASE_SEARCH, QUEUE
from havenwall.store.schema import CASE, CASE_EVENT

ROUTING = "policy:routing"
"""Who moves a case that no person moved."""
C = CASE.c
COLUMNS = (
    C.body,
    C.queue,
    C.placed,
    C.due_at,
    C.merged_into,
    C.snoozed_until,
    C.held_by,
    C.held_until,
)
FREE: dict[str, Any] = {"held_by": None, "held_until": None}
_WAITING = (CaseState.OPEN, CaseState.IN_REVIEW)
_encode = msgspec.json.Encoder().encode
_decode = msgspec.json.Decoder(Case).decode
_decode_queue = msgspec.json.Decoder(Queue).decode


def case_of(row: sa.Row[*tuple[Any, ...]]) -> Case:
    """The case of a row of `COLUMNS`. Who held it too long does not hold it any more."""
    case, held = _decode(row.body), row.held_until is not None and row.held_until > now()
    sooner = row.due_at < case.due_at
    return msgspec.structs.replace(
        case,
        queue=row.queue,
        placed=bool(row.placed),
        due_at=row.due_at,
        clock=f"The queue {row.queue} answers sooner than the law asks." if sooner else case.clock,
        merged_into=row.merged_into,
        snoozed_until=row.snoozed_until,
        held_by=row.held_by if held else None,
        held_until=row.held_until if held else None,
    )


def own_case(body: bytes) -> Case:
    """A case as casework made it, whoever holds it."""
    return _decode(body)


def cases_of(rows: Iterable[sa.Row[*tuple[Any, ...]]]) -> list[Case]:
    """The cases of rows of `COLUMNS`."""
    return [case_of(row) for row in rows]


def read_queues(connection: sa.Connection) -> dict[str, Queue]:
    """All queues by name, in their order; the default ones of each class last, whoever has set them up."""
    query = sa.select(QUEUE.c.body).order_by(QUEUE.c.position, QUEUE.c.name)
    kept = [_decode_queue(body) for body in connection.scalars(query)]
    mine = {queue.name: queue for queue in kept if not queue.is_default}
    made = {name: Queue(name=name, case_class=of) for of, name in DEFAULT_QUEUES.items()}
    return mine | made | {queue.name: queue for queue in kept if queue.is_default}


def keep_cases(connection: sa.Connection, cases: Sequence[Case]) -> None:
    """Insert new cases and change those that are at the version before.

    Raises:
        Conflict: a case is not at the version before.
    """
    queues = read_queues(connection) if cases else {}
    new = [case for case in cases if case.version == 1]
    if new:
        rows = [{"id": c.id, **_row(c), **_waits(c, route(queues.values(), c), queues)} for c in new]
        connection.execute(sa.insert(CASE), rows)
        texts = [{"case_id": case.id, "text": _text(case)} for case in new]
        connection.execute(sa.insert(CASE_SEARCH), texts)
    for case in cases:
        if case.version > 1:
            _change(connection, case, queues)


def _change(connection: sa.Connection, case: Case, queues: Mapping[str, Queue]) -> None:
    here = (C.id == case.id) & (C.version == case.version - 1)
    query = sa.select(C.queue, C.placed, C.held_until, C.title).where(here)
    old = connection.execute(query).first()
    if old is None:
        raise Conflict(f"case {case.id} changed in the meantime", hint="read it again and repeat the step")
    queue = _queue(case, old, queues)
    connection.execute(sa.update(CASE).where(here).values(**_row(case), **_waits(case, queue, queues)))
    if case.title != old.title:
        told = CASE_SEARCH.c.case_id == case.id
        connection.execute(sa.update(CASE_SEARCH).where(told).values(text=_text(case)))
    if queue != old.queue:
        log(connection, case.id, ROUTING, "queue", "its rules take the case now", old.queue, queue)


def _waits(case: Case, queue: str, queues: Mapping[str, Queue]) -> dict[str, Any]:
    return {"queue": queue, "due_at": due_in(case, queues[queue])}


def _queue(case: Case, old: sa.Row[*tuple[Any, ...]], queues: Mapping[str, Queue]) -> str:
    if old.queue not in queues:
        return route(queues.values(), case)
    # Under the eyes of somebody who works on it a case stays where it is.
    held = old.held_until is not None and old.held_until > now()
    return old.queue if old.placed or held else route(queues.values(), case)


def due_in(case: Case, queue: Queue) -> datetime:
    """When a case is due in a queue: never later than its own clock says."""
    if queue.hours is None:
        return case.due_at
    return min(case.due_at, (case.known_at or case.opened_at) + timedelta(hours=queue.hours))


def _text(case: Case) -> str:
    return f"{case.title} {case.key}".lower()[:1000]


def _row(case: Case) -> dict[str, Any]:
    waiting = case.state in _WAITING
    # Nobody holds or puts off what needs no work.
    over: dict[str, Any] = {} if waiting else FREE | {"snoozed_until": None}
    return over | {
        "case_class": case.case_class.value,
        "topic": case.topic.value,
        "key": case.key,
        "state": case.state.value,
        "priority": case.priority,
        "rank": -case.priority,
        "waiting": waiting,
        "opened_at": case.opened_at,
        "title": case.title[:400],
        "merged_into": case.merged_into,
        "split_from": case.split_from,
        "version": case.version,
        "body": _encode(case),
    }


def log(
    connection: sa.Connection,
    case_id: str,
    by: str,
    what: str,
    why: str,
    old: str | None = None,
    new: str | None = None,
) -> None:
    """Write a line of a case's history that changes nothing in the case itself."""
    add_lines(connection, [line(case_id, by, what, why, old, new)])


def line(
    case_id: str, by: str, what: str, why: str, old: str | None = None, new: str | None = None
) -> CaseEvent:
    """A line of a case's history, without a version."""
    return CaseEvent(id=new_id(), case_id=case_id, at=now(), by=by, what=what, why=why, old=old, new=new)


def add_lines(connection: sa.Connection, lines: Sequence[CaseEvent]) -> None:
    """Add lines to histories."""
    rows = [{"id": one.id, "case_id": one.case_id, "body": _encode(one)} for one in lines]
    if rows:
        connection.execute(sa.insert(CASE_EVENT), rows)

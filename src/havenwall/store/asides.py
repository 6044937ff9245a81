"""Records that a stage could not work on: kept whole, counted, and taken up again."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

import msgspec
import polars as pl
import sqlalchemy as sa

from havenwall.engine import EVENT_SCHEMA, Batch, Culprit, Output, SetAside, Stream
from havenwall.engine.aside import FIELDS, check_few, printable
from havenwall.errors import Conflict, NotFound
from havenwall.model import Action, CaseEvent, Decision, Report, Risk, Signal, Viewer, new_id, now
from havenwall.store.aside_schema import ASIDE
from havenwall.store.database import Database
from havenwall.store.keep import keep
from havenwall.store.views.access import note

_A = ASIDE.c
_HEAD = (_A.id, _A.stage, _A.stream, _A.record, _A.error, _A.at, _A.tried_at, _A.tries)
_LONGEST_NAME = 450
_LONGEST_LINE = 1000
_encode = msgspec.json.Encoder().encode
_KINDS: dict[Stream, type] = {
    Stream.SIGNAL: Signal,
    Stream.RISK: Risk,
    Stream.DECISION: Decision,
    Stream.REVIEW: Decision,
    Stream.ACTION: Action,
    Stream.REPORT: Report,
    Stream.CASE_EVENT: CaseEvent,
}


class Asides:
    """Reads what was set aside, and lets it go once a stage has worked on it."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def all(self, limit: int = 200, offset: int = 0, *, stage: str | None = None) -> list[SetAside]:
        """What is set aside, oldest first, of one stage or of all."""
        query = sa.select(*_HEAD).order_by(_A.seq).limit(limit).offset(offset)
        if stage is not None:
            query = query.where(_A.stage == stage)
        with self._database.read() as connection:
            return list(map(_aside, connection.execute(query)))

    def counts(self) -> dict[str, int]:
        """How many records each stage has set aside; stages without any are left out."""
        query = sa.select(_A.stage, sa.func.count()).group_by(_A.stage).order_by(_A.stage)
        with self._database.read() as connection:
            return {stage: int(count) for stage, count in connection.execute(query)}

    def taken(self, aside_id: str) -> tuple[SetAside, Batch]:
        """What was set aside, and its record. Raises NotFound: nothing is, under this id, any more."""
        with self._database.read() as connection:
            row = connection.execute(sa.select(*_HEAD, _A.body).where(_A.id == aside_id)).first()
        if row is None:
            raise NotFound(f"nothing is set aside as {aside_id}", hint="it may have been worked on meanwhile")
        one = _aside(row)
        return one, _record(one.stream, row.body)

    def done(self, aside_id: str, output: Output) -> None:
        """Keep what a stage made of a record, which is then set aside no more; both or neither.

        Raises:
            Conflict: it is not set aside any more, or a case has changed since; nothing was kept.
        """
        with self._database.write() as connection:
            if not connection.execute(sa.delete(ASIDE).where(_A.id == aside_id)).rowcount:
                raise Conflict("somebody else had it tried again")
            keep(connection, output)

    def give_up(self, viewer: Viewer, aside_id: str, why: str) -> None:
        """Let a record go unworked, and write down who did so and why; both or neither.

        It stays where it came from: the stage alone never sees it.

        Raises:
            NotFound: it is not set aside.
        """
        with self._database.write() as connection:
            row = connection.execute(sa.select(_A.stage, _A.record).where(_A.id == aside_id)).first()
            if row is None:
                raise NotFound(f"nothing is set aside as {aside_id}", hint="havenwall aside list")
            connection.execute(sa.delete(ASIDE).where(_A.id == aside_id))
            note(connection, viewer, "gave up", f"{row.stage}: {row.record}: {why}"[:_LONGEST_LINE])

    def failed(self, aside_id: str, error: str) -> None:
        """Note that the stage failed on a record once more."""
        again = {"tries": _A.tries + 1, "tried_at": now(), "error": error}
        with self._database.write() as connection:
            connection.execute(sa.update(ASIDE).where(_A.id == aside_id).values(**again))


def put_aside(connection: sa.Connection, stage: str, culprits: Iterable[Culprit]) -> None:
    """Keep records that a stage failed on. Raises NotReady: too many of it wait already."""
    rows = [_row(stage, one) for one in culprits]
    waiting = connection.scalar(sa.select(sa.func.count()).where(_A.stage == stage)) or 0
    check_few(waiting + len(rows), stage, rows[-1]["error"])
    connection.execute(sa.insert(ASIDE), rows)


def _row(stage: str, one: Culprit) -> dict[str, Any]:
    at, (name, body) = now(), _kept(one)
    told = {
        "stage": stage,
        "stream": one.stream.value,
        "record": printable(name)[:_LONGEST_NAME],
        "error": one.error,
    }
    return told | {"id": new_id(), "at": at, "tried_at": at, "tries": 1, "body": body}


def _kept(one: Culprit) -> tuple[str, bytes]:
    if one.stream is Stream.EVENT:
        # As a row, not as an Event: it may be what no Event can be made of.
        row = one.record.events.row(0, named=True)
        return f"{row['source']} {row['source_id']}", _encode(row)
    [record] = getattr(one.record, FIELDS[one.stream])
    return record.id, _encode(record)


def _record(stream: Stream, body: bytes) -> Batch:
    if stream is Stream.EVENT:
        row = msgspec.json.decode(body)
        row["at"] = datetime.fromisoformat(row["at"])
        return Batch(events=pl.DataFrame([row], schema=EVENT_SCHEMA), new=1)
    records: dict[str, Any] = {FIELDS[stream]: (msgspec.json.decode(body, type=_KINDS[stream]),)}
    return Batch(new=1, **records)


def _aside(row: sa.Row[*tuple[Any, ...]]) -> SetAside:
    head = {column.name: getattr(row, column.name) for column in _HEAD}
    return SetAside(**head | {"stream": Stream(row.stream)})

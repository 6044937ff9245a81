"""Reads what is new for a stage, and keeps what the stage returned together with its cursors."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import msgspec
import sqlalchemy as sa

from havenwall.engine import Batch, Culprit, Output, Stage, Stream, Stumble
from havenwall.errors import Conflict
from havenwall.model import Action, CaseEvent, Decision, Report, Risk, Signal, now
from havenwall.store.aside_schema import STUMBLE
from havenwall.store.asides import put_aside
from havenwall.store.database import Database
from havenwall.store.journal import Journal
from havenwall.store.keep import keep
from havenwall.store.report_schema import REPORT
from havenwall.store.schema import ACTION, CASE_EVENT, CURSOR, DECISION, JOURNAL, RISK, SIGNAL

_TABLES: dict[Stream, tuple[sa.Table, str, msgspec.json.Decoder[Any]]] = {
    Stream.SIGNAL: (SIGNAL, "signals", msgspec.json.Decoder(Signal)),
    Stream.RISK: (RISK, "risks", msgspec.json.Decoder(Risk)),
    Stream.DECISION: (DECISION, "decisions", msgspec.json.Decoder(Decision)),
    Stream.REVIEW: (DECISION, "decisions", msgspec.json.Decoder(Decision)),
    Stream.ACTION: (ACTION, "actions", msgspec.json.Decoder(Action)),
    Stream.REPORT: (REPORT, "reports", msgspec.json.Decoder(Report)),
    Stream.CASE_EVENT: (CASE_EVENT, "case_events", msgspec.json.Decoder(CaseEvent)),
}
_ONLY: dict[Stream, sa.ColumnElement[bool]] = {Stream.REVIEW: DECISION.c.by.startswith("user:")}

_MARK = sa.select(
    *(
        sa.select(sa.func.max(table.c.seq)).scalar_subquery()
        for table in (JOURNAL, *dict.fromkeys(table for table, *_ in _TABLES.values()))
    ),
    sa.select(sa.func.count()).select_from(CURSOR).scalar_subquery(),
    sa.select(sa.func.sum(CURSOR.c.seq)).scalar_subquery(),
)

Mark = tuple[Any, ...]
Positions = dict[Stream, tuple[int, int]]
"""Per stream: where the cursor stood, where it stands once the batch is done."""


class Streams:
    """The runner's door to the store."""

    def __init__(self, database: Database, journal: Journal) -> None:
        self._database = database
        self._journal = journal

    def read(self, stage: Stage, limit: int, only: Stream | None = None) -> tuple[Batch, Positions]:
        """The next records for a stage: about `limit` of each stream or of one, or word of what is new."""
        positions: Positions = {}
        parts: dict[str, Any] = {}
        new = 0
        with self._database.read() as connection:
            for stream in (only,) if only else stage.reads:
                after = _cursor(connection, stage.name, stream)
                if stage.notice_only:
                    to = self._end(connection, stream)
                    new += to - after
                else:
                    to, count = self._take(connection, stream, after, limit, parts)
                    new += count
                positions[stream] = (after, to)
        return Batch(new=new, **parts), positions

    def mark(self) -> Mark:
        """How far all streams and cursors are. As long as it stays the same, a stage that found nothing new
        finds nothing: streams only gain records, in the order of their positions."""
        with self._database.read() as connection:
            return tuple(connection.execute(_MARK).one())

    def commit(self, stage: Stage, positions: Positions, output: Output) -> None:
        """Keep an output and move the stage's cursors, in one transaction.

        Raises:
            Conflict: another runner moved the cursors in the meantime; nothing was kept.
        """
        with self._database.write() as connection:
            for stream, (old, new) in positions.items():
                _move(connection, stage.name, stream, old, new)
            keep(connection, output)

    def stumbled(self, stage: Stage, positions: Positions) -> Stumble:
        """Note durably that a stage failed on the batch it stands before; how often it has by now."""
        place = " ".join(f"{stream.value}:{old}" for stream, (old, _) in positions.items())
        with self._database.write() as connection:
            row = connection.execute(sa.select(STUMBLE).where(STUMBLE.c.stage == stage.name)).first()
            new = Stumble(tries=1, since=now())
            if row is not None and row.place == place:
                new = Stumble(tries=row.tries + 1, since=row.since)
            connection.execute(sa.delete(STUMBLE).where(STUMBLE.c.stage == stage.name))
            kept = {"stage": stage.name, "place": place, "since": new.since, "tries": new.tries}
            connection.execute(sa.insert(STUMBLE).values(**kept))
        return new

    def set_aside(
        self, stage: Stage, positions: Positions, output: Output, culprits: Sequence[Culprit]
    ) -> None:
        """As `commit`, and keep the records that the stage failed on, all in one transaction.

        Raises:
            Conflict: as `commit`.
            NotReady: too many records of the stage are set aside already; nothing was kept.
        """
        with self._database.write() as connection:
            for stream, (old, new) in positions.items():
                _move(connection, stage.name, stream, old, new)
            keep(connection, output)
            if culprits:
                put_aside(connection, stage.name, culprits)

    def _take(
        self, connection: sa.Connection, stream: Stream, after: int, limit: int, parts: dict[str, Any]
    ) -> tuple[int, int]:
        if stream is Stream.EVENT:
            parts["events"], to = self._journal.read(connection, after, limit)
            return to, parts["events"].height
        table, field, decoder = _TABLES[stream]
        query = sa.select(table.c.seq, table.c.body).where(table.c.seq > after, _only(stream))
        rows = connection.execute(query.order_by(table.c.seq).limit(limit)).all()
        parts[field] = tuple(decoder.decode(row.body) for row in rows)
        return (rows[-1].seq if rows else after), len(rows)

    def _end(self, connection: sa.Connection, stream: Stream) -> int:
        if stream is Stream.EVENT:
            return self._journal.end(connection)
        table = _TABLES[stream][0]
        return int(connection.scalar(sa.select(sa.func.max(table.c.seq)).where(_only(stream))) or 0)

    def slowest(self, stages: Sequence[Stage]) -> int:
        """The position in the journal that every stage that reads it has passed."""
        readers = [stage for stage in stages if Stream.EVENT in stage.reads]
        with self._database.read() as connection:
            return min((_cursor(connection, stage.name, Stream.EVENT) for stage in readers), default=0)

    def cursors(self) -> Sequence[tuple[str, str, int]]:
        """All cursors: (stage, stream, position)."""
        with self._database.read() as connection:
            rows = connection.execute(sa.select(CURSOR).order_by(CURSOR.c.stage, CURSOR.c.stream))
            return [(row.stage, row.stream, row.seq) for row in rows]


def _only(stream: Stream) -> sa.ColumnElement[bool]:
    return _ONLY.get(stream, sa.true())


def _cursor(connection: sa.Connection, stage: str, stream: Stream) -> int:
    query = sa.select(CURSOR.c.seq).where(CURSOR.c.stage == stage, CURSOR.c.stream == stream.value)
    return int(connection.scalar(query) or 0)


def _move(connection: sa.Connection, stage: str, stream: Stream, old: int, new: int) -> None:
    if _cursor(connection, stage, stream) != old:
        raise Conflict(f"another runner moved the cursor of {stage} on {stream.value}")
    here = (CURSOR.c.stage == stage) & (CURSOR.c.stream == stream.value)
    if not connection.execute(sa.update(CURSOR).where(here).values(seq=new)).rowcount:
        connection.execute(sa.insert(CURSOR).values(stage=stage, stream=stream.value, seq=new))

"""Reports: kept durably, once for each id of their sender, with the event that detection counts."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence
from datetime import timedelta

import msgspec
import sqlalchemy as sa

from havenwall.engine import Output
from havenwall.errors import Conflict, NotFound
from havenwall.model import (
    UNDECIDED,
    CaseClass,
    CaseEvent,
    Decision,
    Event,
    EventType,
    Report,
    ReporterMute,
    ReportOutcome,
    ReportState,
    now,
)
from havenwall.store.database import Database
from havenwall.store.journal import Journal
from havenwall.store.keep import keep
from havenwall.store.report_rows import columns_of, decode_report, find_report, outcome_of, replace_report
from havenwall.store.report_schema import FLAGGER, REPORT, REPORT_OUTCOME, REPORTER_MUTE
from havenwall.store.rows import by_names, decode_all
from havenwall.store.schema import CASE_EVENT

EVENT_SOURCE = "havenwall:reports"
"""Source of the events that reports put into the journal."""
_RECENT = timedelta(days=30)
"""For so long the same words of the same reporter are a repetition."""


class NewReport(msgspec.Struct, frozen=True, kw_only=True):
    """A report to keep, with what does not stand in it."""

    report: Report
    code: str
    """The reporter's secret; only its hash is kept."""
    digest: str
    """The same for all repetitions by one reporter; of somebody unknown it is the report's own."""
    sealed: bytes | None = None
    known: bool = False
    """Whether the reporter's account is known; the event says no more of it."""


class Reports:
    """Writes reports and reads them for stages and for those who sent them."""

    def __init__(self, database: Database, journal: Journal) -> None:
        self._database = database
        self._journal = journal

    def add(self, new: Sequence[NewReport], draw: Callable[[], str]) -> list[tuple[Report, bool]]:
        """Keep reports in one transaction; each as it is kept now, and whether it was new. Durable when it
        returns. `draw` gives numbers; one that is taken is drawn again.

        Raises:
            Conflict: the sender used an id for a report of something else, or for another reason.
        """
        with self._database.write() as connection:
            return [self._add(connection, one, draw) for one in new]

    def _add(self, connection: sa.Connection, new: NewReport, draw: Callable[[], str]) -> tuple[Report, bool]:
        sent = (REPORT.c.sender == new.report.sender) & (REPORT.c.source_id == new.report.source_id)
        old = connection.scalar(sa.select(REPORT.c.body).where(sent))
        if old is not None:
            return _same(decode_report(old), new.report), False
        report = _completed(connection, new, draw)
        row = columns_of(report) | {"code": hash_code(new.code), "digest": new.digest, "sealed": new.sealed}
        connection.execute(sa.insert(REPORT).values(**row))
        # One person who says it ten times is one report to detection; somebody muted is none.
        if report.again_of is None and not report.muted:
            self._journal.append_in(connection, [_event(report, known=new.known)])
        return report, True

    def by_code(self, code: str) -> tuple[Report, list[ReportOutcome]]:
        """The report whose reporter has this secret, and what they were told, oldest first.

        Raises:
            NotFound: there is none.
        """
        with self._database.read() as connection:
            body = connection.scalar(sa.select(REPORT.c.body).where(REPORT.c.code == hash_code(code)))
            if body is None:
                raise NotFound("no report has this code", hint="compare it with the receipt")
            report = decode_report(body)
            return report, _outcomes(connection, report.id)

    def notes(self, report: Report) -> list[CaseEvent]:
        """Notes for people outside that were written into the case of a report since then, oldest first."""
        line = CASE_EVENT.c
        query = sa.select(line.body).where(line.case_id == (report.case_id or "")).order_by(line.seq)
        with self._database.read() as connection:
            lines = decode_all(connection.scalars(query), CaseEvent)
        return [one for one in lines if one.outward and one.at >= report.received_at]

    def contest(self, contested: Report, reopening: Decision) -> None:
        """Keep that a reporter contests a report that was turned down, and bring it before a person again.

        Raises:
            Conflict: it was not turned down, or was contested already.
        """
        with self._database.write() as connection:
            report = find_report(connection, contested.id)
            if report is None or report.state is not ReportState.TURNED_DOWN or report.contested_at:
                raise Conflict("only a report that was turned down can be contested, and only once")
            # Persons may have merged or split its case since it was read.
            replace_report(connection, msgspec.structs.replace(contested, case_id=report.case_id))
            keep(connection, Output(decisions=(reopening,)))

    def undecided(self, subjects: Sequence[str]) -> list[Report]:
        """Reports of these entities that wait for a person, oldest first."""
        waits = REPORT.c.state.in_(sorted(UNDECIDED))
        with self._database.read() as connection:
            rows = by_names(
                connection, [REPORT.c.seq, REPORT.c.body], REPORT.c.subject, subjects, where=waits
            )
            found = sorted(rows, key=lambda row: row.seq)
        return decode_all((row.body for row in found), Report)

    def contested(self, case_id: str) -> set[str]:
        """Entities in a case of which a report waits for a second look."""
        waits = (REPORT.c.case_id == case_id) & (REPORT.c.state == ReportState.CONTESTED.value)
        with self._database.read() as connection:
            return set(connection.scalars(sa.select(REPORT.c.subject).where(waits)))

    def mute(self, mute: ReporterMute) -> None:
        """Mute a reporter until a moment; one that has passed unmutes them."""
        row = {"reporter": mute.reporter, "until": mute.until, "body": msgspec.json.encode(mute)}
        with self._database.write() as connection:
            connection.execute(sa.insert(REPORTER_MUTE).values(**row))

    def flaggers(self) -> list[str]:
        """Keys of trusted flaggers, as `key:NAME`."""
        with self._database.read() as connection:
            return list(connection.scalars(sa.select(FLAGGER.c.sender).order_by(FLAGGER.c.sender)))

    def set_flagger(self, sender: str, by: str, *, trusted: bool) -> None:
        """Say whether a key is a trusted flagger's; reports that came before stay as they are."""
        with self._database.write() as connection:
            connection.execute(sa.delete(FLAGGER).where(FLAGGER.c.sender == sender))
            if trusted:
                connection.execute(sa.insert(FLAGGER).values(sender=sender, by=by, at=now()))


def hash_code(code: str) -> str:
    """The form in which a reporter's secret is kept."""
    # 125 random bits: a fast hash is enough, nothing can be guessed.
    return hashlib.sha256(code.encode()).hexdigest()


def mute_of(connection: sa.Connection, reporter: str) -> ReporterMute | None:
    """The mute now in force on a reporter."""
    query = sa.select(REPORTER_MUTE.c.body).where(REPORTER_MUTE.c.reporter == reporter)
    body = connection.scalar(query.order_by(REPORTER_MUTE.c.seq.desc()).limit(1))
    mute = msgspec.json.decode(body, type=ReporterMute) if body is not None else None
    return mute if mute and mute.until > now() else None


def _same(kept: Report, sent: Report) -> Report:
    # A second report under a used id would be lost, and its sender would believe it was kept.
    if (kept.subject, kept.reason) != (sent.subject, sent.reason):
        raise Conflict(
            f"the id {sent.source_id!r} was used for another report", hint="give each report its own id"
        )
    return kept


def _completed(connection: sa.Connection, new: NewReport, draw: Callable[[], str]) -> Report:
    report, number = new.report, draw()
    while connection.scalar(sa.select(REPORT.c.seq).where(REPORT.c.number == number)) is not None:
        number = draw()
    muted = bool(report.reporter) and mute_of(connection, report.reporter) is not None
    aside = muted and report.case_class is not CaseClass.CHILD_SAFETY
    return msgspec.structs.replace(
        report,
        number=number,
        muted=muted,
        again_of=_earlier(connection, new),
        state=ReportState.SET_ASIDE if aside else report.state,
    )


def _earlier(connection: sa.Connection, new: NewReport) -> str | None:
    # What nobody looked at, or looked at long ago, is no reason not to look now; nor is a repetition of that.
    said = (REPORT.c.digest == new.digest) & (REPORT.c.state != ReportState.SET_ASIDE.value)
    recent = REPORT.c.received_at >= new.report.received_at - _RECENT
    bodies = connection.scalars(sa.select(REPORT.c.body).where(said, recent).order_by(REPORT.c.seq))
    return next((one.number for one in map(decode_report, bodies) if one.again_of is None), None)


def _event(report: Report, *, known: bool) -> Event:
    # Without the words: they stand in one place only, where they can be deleted. And without who reported:
    # the journal is not sealed, and nobody notes who reads it.
    return Event(
        source=EVENT_SOURCE,
        source_id=report.id,
        type=EventType.REPORT,
        at=report.received_at,
        entity=report.subject,
        attributes={"reason": report.reason.value} | ({"reporter": "known"} if known else {}),
    )


def _outcomes(connection: sa.Connection, report_id: str) -> list[ReportOutcome]:
    query = sa.select(REPORT_OUTCOME.c.seq, REPORT_OUTCOME.c.body).where(
        REPORT_OUTCOME.c.report_id == report_id
    )
    return [outcome_of(row) for row in connection.execute(query.order_by(REPORT_OUTCOME.c.seq))]

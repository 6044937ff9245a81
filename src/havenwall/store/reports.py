"""Reports: kept durably, once for each id of their sender, with the event that detection counts."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence

import msgspec
import sqlalchemy as sa

from havenwall.engine import Output
from havenwall.errors import Conflict, NotFound
from havenwall.model import (
    UNDECIDED,
    CaseClass,
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

EVENT_SOURCE = "havenwall:reports"
"""Source of the events that reports put into the journal."""


class NewReport(msgspec.Struct, frozen=True, kw_only=True):
    """A report to keep, with what does not stand in it."""

    report: Report
    code: str
    """The reporter's secret; only its hash is kept."""
    digest: str
    """The same for all repetitions by one reporter; of somebody unknown it is the report's own."""
    sealed: bytes | None = None
    account: str | None = None
    """Account of the reporter, if known, for the event."""


class Reports:
    """Writes reports and reads them for stages and for those who sent them."""

    def __init__(self, database: Database, journal: Journal) -> None:
        self._database = database
        self._journal = journal

    def add(self, new: Sequence[NewReport], draw: Callable[[], str]) -> list[tuple[Report, bool]]:
        """Keep reports in one transaction; each as it is kept now, and whether it was new. Durable when it
        returns. `draw` gives numbers; one that is taken is drawn again."""
        with self._database.write() as connection:
            return [self._add(connection, one, draw) for one in new]

    def _add(self, connection: sa.Connection, new: NewReport, draw: Callable[[], str]) -> tuple[Report, bool]:
        sent = (REPORT.c.sender == new.report.sender) & (REPORT.c.source_id == new.report.source_id)
        old = connection.scalar(sa.select(REPORT.c.body).where(sent))
        if old is not None:
            return decode_report(old), False
        report = _completed(connection, new, draw)
        row = columns_of(report) | {"code": hash_code(new.code), "digest": new.digest, "sealed": new.sealed}
        connection.execute(sa.insert(REPORT).values(**row))
        # One person who says it ten times is one report to detection; somebody muted is none.
        if report.again_of is None and report.state is not ReportState.SET_ASIDE:
            self._journal.append_in(connection, [_event(report, new.account)])
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

    def contest(self, contested: Report, reopening: Decision) -> None:
        """Keep that a reporter contests a report that was turned down, and bring it before a person again.

        Raises:
            Conflict: it was not turned down, or was contested already.
        """
        with self._database.write() as connection:
            report = find_report(connection, contested.id)
            if report is None or report.state is not ReportState.TURNED_DOWN or report.contested_at:
                raise Conflict("only a report that was turned down can be contested, and only once")
            replace_report(connection, contested)
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


def _completed(connection: sa.Connection, new: NewReport, draw: Callable[[], str]) -> Report:
    report, number = new.report, draw()
    while connection.scalar(sa.select(REPORT.c.seq).where(REPORT.c.number == number)) is not None:
        number = draw()
    muted = bool(report.reporter) and mute_of(connection, report.reporter) is not None
    aside = muted and report.case_class is not CaseClass.CHILD_SAFETY
    earlier = sa.select(REPORT.c.number).where(REPORT.c.digest == new.digest).order_by(REPORT.c.seq)
    return msgspec.structs.replace(
        report,
        number=number,
        muted=muted,
        again_of=connection.scalar(earlier.limit(1)),
        state=ReportState.SET_ASIDE if aside else report.state,
    )


def _event(report: Report, account: str | None) -> Event:
    # Without the words: they stand in one place only, where they can be deleted.
    return Event(
        source=EVENT_SOURCE,
        source_id=report.id,
        type=EventType.REPORT,
        at=report.received_at,
        entity=report.subject,
        target=account,
        attributes={"reason": report.reason.value},
    )


def _outcomes(connection: sa.Connection, report_id: str) -> list[ReportOutcome]:
    query = sa.select(REPORT_OUTCOME.c.seq, REPORT_OUTCOME.c.body).where(
        REPORT_OUTCOME.c.report_id == report_id
    )
    return [outcome_of(row) for row in connection.execute(query.order_by(REPORT_OUTCOME.c.seq))]

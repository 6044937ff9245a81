"""Reports as people and senders see them. Every query is narrowed to what the viewer may see."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import msgspec
import sqlalchemy as sa

from havenwall.errors import NotFound
from havenwall.model import (
    SEE_RIGHT,
    Report,
    ReportOutcome,
    ReportReason,
    ReportsOf,
    ReportSource,
    ReportState,
    Right,
    Viewer,
)
from havenwall.store.database import Database
from havenwall.store.report_rows import decode_report, outcome_of
from havenwall.store.report_schema import REPORT, REPORT_OUTCOME
from havenwall.store.rows import decode_all
from havenwall.store.sealed import Sealer
from havenwall.store.views.access import note_access
from havenwall.store.views.reporters import Reporters


class ReportFilter(msgspec.Struct, frozen=True, kw_only=True):
    """What narrows a list of reports; nothing given narrows nothing."""

    state: ReportState | None = None
    source: ReportSource | None = None
    reason: ReportReason | None = None
    case_id: str | None = None
    subject: str | None = None
    reporter: str | None = None


class Sealed(msgspec.Struct, frozen=True, kw_only=True):
    """What a reporter gave of themselves."""

    contact: str | None = None
    account: str | None = None


def about(report_id: str) -> str:
    """What the sealed part of a report is bound to."""
    return f"report:{report_id}"


class ReportView:
    """What one viewer may see of reports: those of their case classes, and a key what it sent itself."""

    def __init__(self, database: Database, viewer: Viewer) -> None:
        self._database = database
        self._viewer = viewer
        self._classes = [c.value for c, right in SEE_RIGHT.items() if viewer.may(right)]
        self.reporters = Reporters(database, viewer)

    def reports(
        self, narrowed: ReportFilter | None = None, *, limit: int = 50, offset: int = 0
    ) -> list[Report]:
        """Reports, newest first."""
        query = sa.select(REPORT.c.body).where(self._mine(), *_narrow(narrowed))
        query = query.order_by(REPORT.c.seq.desc()).limit(limit).offset(offset)
        with self._database.read() as connection:
            return decode_all(connection.scalars(query), Report)

    def count(self, narrowed: ReportFilter | None = None) -> int:
        """How many reports the viewer may see."""
        query = sa.select(sa.func.count()).select_from(REPORT).where(self._mine(), *_narrow(narrowed))
        with self._database.read() as connection:
            return int(connection.scalar(query) or 0)

    def report(self, name: str) -> Report:
        """One report, by its id or number.

        Raises:
            NotFound: there is none, or the viewer may not know of it.
        """
        named = (REPORT.c.id == name) | (REPORT.c.number == name)
        with self._database.read() as connection:
            body = connection.scalar(sa.select(REPORT.c.body).where(self._mine(), named))
        if body is None:
            raise NotFound(f"there is no report {name}")
        report = decode_report(body)
        note_access(self._database, self._viewer, "report", report.id)
        return report

    def outcomes_of(self, report_id: str) -> list[ReportOutcome]:
        """What the reporter of a report was told, oldest first."""
        visible = sa.select(REPORT.c.id).where(REPORT.c.id == report_id, self._mine())
        query = sa.select(REPORT_OUTCOME.c.seq, REPORT_OUTCOME.c.body)
        query = query.where(REPORT_OUTCOME.c.report_id.in_(visible)).order_by(REPORT_OUTCOME.c.seq)
        with self._database.read() as connection:
            return [outcome_of(row) for row in connection.execute(query)]

    def outcomes(self, after: int = 0, limit: int = 100) -> list[ReportOutcome]:
        """Outcomes of what this key sent, in the order of the feed, after a position.

        Raises:
            Forbidden: the viewer sends no reports.
        """
        self._viewer.need(Right.SEND_REPORTS)
        mine = (REPORT_OUTCOME.c.sender == self._viewer.name) & (REPORT_OUTCOME.c.seq > after)
        query = sa.select(REPORT_OUTCOME.c.seq, REPORT_OUTCOME.c.body).where(mine)
        with self._database.read() as connection:
            rows = connection.execute(query.order_by(REPORT_OUTCOME.c.seq).limit(limit))
            return [outcome_of(row) for row in rows]

    def contact(self, report_id: str, sealer: Sealer) -> Sealed:
        """What the reporter gave of themselves; the access log says who looked.

        Raises:
            NotFound: there is no such report for this viewer, or it came without a name.
        """
        query = sa.select(REPORT.c.sealed).where(self._in_class(), REPORT.c.id == report_id)
        with self._database.read() as connection:
            sealed = connection.scalar(query)
        if sealed is None:
            raise NotFound("nothing is known of who sent this report")
        note_access(self._database, self._viewer, "report contact", report_id)
        return msgspec.json.decode(sealer.open(sealed, about(report_id)), type=Sealed)

    def of_subject(self, subject: str) -> ReportsOf:
        """How much an entity was reported, in the classes the viewer may see."""
        with self._database.read() as connection:
            bodies = connection.scalars(
                sa.select(REPORT.c.body).where(self._in_class(), REPORT.c.subject == subject)
            )
            return tally(decode_all(bodies, Report))

    def _mine(self) -> sa.ColumnElement[bool]:
        if self._viewer.may(Right.SEND_REPORTS):
            return self._in_class() | (REPORT.c.sender == self._viewer.name)
        return self._in_class()

    def _in_class(self) -> sa.ColumnElement[bool]:
        return REPORT.c.case_class.in_(self._classes)


def tally(reports: Iterable[Report]) -> ReportsOf:
    """The reports of one entity, counted."""
    every = list(reports)
    counted = [one for one in every if one.state is not ReportState.SET_ASIDE]
    reasons: dict[str, int] = {}
    for one in counted:
        reasons[one.reason.value] = reasons.get(one.reason.value, 0) + 1
    return ReportsOf(
        reports=len(counted),
        reporters=len({one.reporter or one.id for one in counted}),
        by_flaggers=sum(one.source is ReportSource.FLAGGER for one in counted),
        by_muted=sum(one.muted for one in counted),
        contested=sum(one.state is ReportState.CONTESTED for one in counted),
        set_aside=len(every) - len(counted),
        reasons=reasons,
    )


def _narrow(narrowed: ReportFilter | None) -> list[sa.ColumnElement[bool]]:
    if narrowed is None:
        return []
    given: list[tuple[sa.Column[Any], str | None]] = [
        (REPORT.c.state, narrowed.state),
        (REPORT.c.source, narrowed.source),
        (REPORT.c.reason, narrowed.reason),
        (REPORT.c.case_id, narrowed.case_id),
        (REPORT.c.subject, narrowed.subject),
        (REPORT.c.reporter, narrowed.reporter),
    ]
    return [column == str(value) for column, value in given if value is not None]

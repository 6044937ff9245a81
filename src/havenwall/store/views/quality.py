"""A case as it was when somebody decided, for a reviewer who must not know the decision."""

from __future__ import annotations

import msgspec
import sqlalchemy as sa

from havenwall.model import CaseClass, CaseEvent, Report, Risk, Signal, Viewer
from havenwall.model.appeal import Appeal
from havenwall.model.quality import AsItWas, Judged, ReportAsItWas, Review
from havenwall.store import schema as t
from havenwall.store.appeal_schema import APPEAL
from havenwall.store.database import Database
from havenwall.store.report_schema import REPORT
from havenwall.store.rows import decode_all
from havenwall.store.views.access import note_access

_MOST = 100
_LABELS = ("confirmed", "cleared")
"""Signals that say what is known for sure, and so what was decided."""


def as_it_was(database: Database, viewer: Viewer, review: Review, differ: list[Judged]) -> AsItWas:
    """What was known at the moment of the decision; whoever asks was let in by the class of the review."""
    with database.read() as connection:
        found = AsItWas(
            review_id=review.id,
            entity=review.entity,
            case_id=review.case_id,
            case_class=review.case_class,
            topic=review.topic,
            at=review.decided_at,
            risk=_risk(connection, review),
            signals=_signals(connection, review),
            history=_history(connection, review),
            reports=_reports(connection, review),
            appeals=_appeals(connection, review),
            part=review.part,
            differ=differ,
        )
    note_access(database, viewer, "review", review.id)
    return found


def _risk(connection: sa.Connection, review: Review) -> Risk | None:
    if not _whole(review):
        return None
    query = sa.select(t.RISK.c.body).where(t.RISK.c.entity == review.entity).order_by(t.RISK.c.seq.desc())
    for body in connection.scalars(query):
        risk = msgspec.json.decode(body, type=Risk)
        if risk.at <= review.decided_at:
            return risk
    return None


def _signals(connection: sa.Connection, review: Review) -> list[Signal]:
    here = (t.SIGNAL.c.entity == review.entity) & (t.SIGNAL.c.at <= review.decided_at)
    query = sa.select(t.SIGNAL.c.body).where(here, t.SIGNAL.c.detector.not_in(_LABELS))
    found = decode_all(connection.scalars(query.order_by(t.SIGNAL.c.seq.desc()).limit(_MOST)), Signal)
    return found if _whole(review) else [msgspec.structs.replace(one, evidence={}) for one in found]


def _whole(review: Review) -> bool:
    # Who reviews general cases may not see what detection and scoring know for the safety of children.
    return review.case_class is CaseClass.CHILD_SAFETY


def _history(connection: sa.Connection, review: Review) -> list[CaseEvent]:
    query = sa.select(t.CASE_EVENT.c.body).where(t.CASE_EVENT.c.case_id == review.case_id)
    lines = decode_all(connection.scalars(query.order_by(t.CASE_EVENT.c.seq)), CaseEvent)
    told = [
        line
        for line in lines
        if line.at <= review.decided_at
        and not line.by.startswith("user:")
        and line.decision_id != review.decision_id
        and line.what in ("opened", "members_added", "report_joined", "circumstances")
    ]
    return told[-_MOST:]


def _reports(connection: sa.Connection, review: Review) -> list[ReportAsItWas]:
    here = (REPORT.c.subject == review.entity) & (REPORT.c.received_at <= review.decided_at)
    mine = REPORT.c.case_class == review.case_class.value
    bodies = connection.scalars(
        sa.select(REPORT.c.body).where(here, mine).order_by(REPORT.c.seq).limit(_MOST)
    )
    return [
        ReportAsItWas(reason=one.reason, text=one.text, language=one.language)
        for one in decode_all(bodies, Report)
    ]


def _appeals(connection: sa.Connection, review: Review) -> list[str]:
    mine = (APPEAL.c.entity == review.entity) & (APPEAL.c.case_class == review.case_class.value)
    bodies = connection.scalars(sa.select(APPEAL.c.body).where(mine).order_by(APPEAL.c.seq).limit(_MOST))
    return [one.text for one in decode_all(bodies, Appeal) if one.received_at <= review.decided_at]

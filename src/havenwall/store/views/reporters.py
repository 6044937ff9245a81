"""Those who report: how often they were right, and who is muted."""

from __future__ import annotations

from collections.abc import Mapping

import sqlalchemy as sa

from havenwall.model import ReporterMute, ReportState, Reputation, Right, Viewer
from havenwall.store.database import Database
from havenwall.store.report_schema import REPORT
from havenwall.store.reports import mute_of

_PRIOR = 1.0
"""Of each kind, before anything is known: any share is as likely as another (Bayes 1763, Laplace 1774)."""
_TAIL = 0.05


class Reporters:
    """What those who handle cases may see of reporters: a key and figures, never a name."""

    def __init__(self, database: Database, viewer: Viewer) -> None:
        self._database = database
        self._viewer = viewer

    def reputations(self, *, limit: int = 50, offset: int = 0) -> list[Reputation]:
        """Known reporters, those with the most reports first.

        Raises:
            Forbidden: the viewer handles no cases.
        """
        self._check()
        most = sa.func.count().desc()
        query = sa.select(REPORT.c.reporter).where(REPORT.c.reporter != "").group_by(REPORT.c.reporter)
        with self._database.read() as connection:
            keys = connection.scalars(
                query.order_by(most, REPORT.c.reporter).limit(limit).offset(offset)
            ).all()
            return [_reputation(connection, key) for key in keys]

    def count(self) -> int:
        """How many reporters are known."""
        self._check()
        query = sa.select(sa.func.count(sa.distinct(REPORT.c.reporter))).where(REPORT.c.reporter != "")
        with self._database.read() as connection:
            return int(connection.scalar(query) or 0)

    def reputation(self, reporter: str) -> Reputation:
        """One reporter; one who never reported has the prior's share.

        Raises:
            Forbidden: the viewer handles no cases.
        """
        self._check()
        with self._database.read() as connection:
            return _reputation(connection, reporter)

    def mute(self, reporter: str) -> ReporterMute | None:
        """The mute now in force on a reporter."""
        self._check()
        with self._database.read() as connection:
            return mute_of(connection, reporter)

    def _check(self) -> None:
        if not (self._viewer.may(Right.SEE_CHILD_SAFETY) or self._viewer.may(Right.MANAGE_PEOPLE)):
            self._viewer.need(Right.SEE_GENERAL)


def _reputation(connection: sa.Connection, reporter: str) -> Reputation:
    query = sa.select(REPORT.c.state, sa.func.count().label("n")).where(REPORT.c.reporter == reporter)
    counts = {row.state: row.n for row in connection.execute(query.group_by(REPORT.c.state))}
    return reputation_of(reporter, counts, mute_of(connection, reporter))


def reputation_of(reporter: str, counts: Mapping[str, int], mute: ReporterMute | None) -> Reputation:
    """The reputation that follows from how many reports are in each state.

    What is undecided or contested counts neither for nor against a reporter.
    """
    # It brings compiled code along, which only these pages need.
    from scipy.special import betaincinv

    upheld = counts.get(ReportState.UPHELD, 0)
    down = counts.get(ReportState.TURNED_DOWN, 0)
    aside = counts.get(ReportState.SET_ASIDE, 0)
    a, b = upheld + _PRIOR, down + _PRIOR
    return Reputation(
        reporter=reporter,
        reports=sum(counts.values()),
        upheld=upheld,
        turned_down=down,
        undecided=sum(counts.values()) - upheld - down - aside,
        set_aside=aside,
        share=a / (a + b),
        low=float(betaincinv(a, b, _TAIL)),
        high=float(betaincinv(a, b, 1 - _TAIL)),
        mute=mute,
    )

"""Counts for figures and the console's overview."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from datetime import datetime

import msgspec
import sqlalchemy as sa

from havenwall.model import Action, Decision, EntityKind, Risk, ScoreRun, ThingKind
from havenwall.store import schema as t
from havenwall.store.database import Database
from havenwall.store.rows import decode_all

_ACCOUNT = f"{EntityKind.ACCOUNT}:"


class StoreFiguresView:
    """Counts over periods, and the newest scoring."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def events(self, start: datetime, end: datetime) -> int:
        """Events recorded in the period."""
        total = sa.func.coalesce(sa.func.sum(t.JOURNAL.c["count"]), 0)
        query = sa.select(total).where(t.JOURNAL.c.recorded_at >= start, t.JOURNAL.c.recorded_at < end)
        with self._database.read() as connection:
            return int(connection.scalar(query) or 0)

    def signals(self, start: datetime, end: datetime) -> dict[str, int]:
        """Signals by detector in the period."""
        query = sa.select(t.SIGNAL.c.detector, sa.func.count().label("n"))
        query = query.where(t.SIGNAL.c.at >= start, t.SIGNAL.c.at < end).group_by(t.SIGNAL.c.detector)
        with self._database.read() as connection:
            return {row.detector: row.n for row in connection.execute(query)}

    def decisions(self, start: datetime, end: datetime) -> list[Decision]:
        """Decisions made in the period."""
        with self._database.read() as connection:
            return decode_all(self._within(connection, t.DECISION, start, end), Decision)

    def actions(self, start: datetime, end: datetime) -> list[Action]:
        """Actions, one record per state they reached in the period."""
        with self._database.read() as connection:
            return decode_all(self._within(connection, t.ACTION, start, end), Action)

    def cases_opened(self, start: datetime, end: datetime) -> int:
        """Cases opened in the period."""
        opened = sa.select(sa.func.count()).select_from(t.CASE)
        query = opened.where(t.CASE.c.opened_at >= start, t.CASE.c.opened_at < end)
        with self._database.read() as connection:
            return int(connection.scalar(query) or 0)

    def standing_counts(self) -> dict[str, int]:
        """Entities by the restriction now in force."""
        with self._database.read() as connection:
            return Counter(_column(connection, t.STANDING.c.restriction))

    def label_counts(self) -> dict[str, int]:
        """Accounts by what is known for sure of them."""
        with self._database.read() as connection:
            return Counter(_column(connection, t.LABEL.c.label))

    def newest_run(self) -> ScoreRun | None:
        """The newest scoring of the graph, without the names of those drawn for an audit."""
        query = sa.select(t.SCORE_RUN.c.body).order_by(t.SCORE_RUN.c.seq.desc()).limit(1)
        with self._database.read() as connection:
            body = connection.scalar(query)
        run = msgspec.json.decode(body, type=ScoreRun) if body else None
        if run is None or run.draw is None:
            return run
        return msgspec.structs.replace(run, draw=msgspec.structs.replace(run.draw, drawn=()))

    def risks_of(self, run_id: str) -> list[Risk]:
        """The risks of accounts of one scoring, highest first."""
        return self._risks(run_id, t.RISK.c.entity.startswith(_ACCOUNT))

    def things_of(self, run_id: str, kind: ThingKind | None = None) -> list[Risk]:
        """The risks of groups, tags and other things of one scoring, those surest to be used most first."""
        wanted = t.RISK.c.entity.startswith(f"{kind}:") if kind else ~t.RISK.c.entity.startswith(_ACCOUNT)
        return self._risks(run_id, wanted)

    def _risks(self, run_id: str, wanted: sa.ColumnElement[bool]) -> list[Risk]:
        query = sa.select(t.RISK.c.body).where(t.RISK.c.run_id == run_id, wanted)
        with self._database.read() as connection:
            # An account may be told of again within a run, after a decision: the newest counts.
            risks = decode_all(connection.scalars(query.order_by(t.RISK.c.seq)), Risk)
            newest = {risk.entity: risk for risk in risks}
        return sorted(newest.values(), key=lambda risk: (-risk.score, risk.entity))

    @staticmethod
    def _within(
        connection: sa.Connection, table: sa.Table, start: datetime, end: datetime
    ) -> Iterable[bytes]:
        query = sa.select(table.c.body).where(table.c.at >= start, table.c.at < end)
        return connection.scalars(query.order_by(table.c.seq))


def _column(connection: sa.Connection, column: sa.Column[str]) -> Iterable[str]:
    return connection.scalars(sa.select(column))

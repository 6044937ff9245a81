"""What the policy stage may see: labels, restrictions, quotas, how many signals of each kind."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from datetime import date, timedelta

import msgspec
import sqlalchemy as sa

from havenwall.model import CaseState, Lane, MemberState, ScoreRun
from havenwall.store import schema as t
from havenwall.store.database import Database
from havenwall.store.journal import Journal
from havenwall.store.rows import by_names, chunks, newest_risks, read_aged_labels, read_care


class StorePolicyView:
    """Answers about entities, in bulk."""

    def __init__(self, database: Database, journal: Journal, cleared_for: timedelta) -> None:
        self._database = database
        self._journal = journal
        self._cleared_for = cleared_for

    def labels(self, entities: Iterable[str]) -> dict[str, str]:
        """`confirmed`, `cleared` or `was_cleared` (too long ago to count), of those that have a label."""
        return read_aged_labels(self._database, entities, self._cleared_for)

    def restrictions(self, entities: Iterable[str]) -> dict[str, str]:
        """The restriction in force, of those that have one."""
        columns = [t.STANDING.c.entity, t.STANDING.c.restriction]
        with self._database.read() as connection:
            rows = by_names(connection, columns, t.STANDING.c.entity, entities)
            return {row.entity: row.restriction for row in rows if row.restriction != "none"}

    def lanes(self, entities: Iterable[str]) -> dict[str, str]:
        """The lane that the newest scoring put each in, of those it told of; protective where a signal says
        that it is for care only."""
        asked = list(entities)
        lanes = {name: risk.lane.value for name, risk in newest_risks(self._database, asked).items()}
        return lanes | dict.fromkeys(read_care(self._database, asked), Lane.PROTECTIVE.value)

    def in_case(self, entities: Iterable[str]) -> set[str]:
        """Those of them that wait for a person in a case which is not closed."""
        live = sa.select(t.CASE.c.id).where(t.CASE.c.state != CaseState.CLOSED.value)
        waits = (t.MEMBER.c.state == MemberState.PROPOSED.value) & t.MEMBER.c.case_id.in_(live)
        with self._database.read() as connection:
            rows = by_names(connection, [t.MEMBER.c.entity], t.MEMBER.c.entity, entities, where=waits)
            return {row.entity for row in rows}

    def may_widen(self) -> bool:
        """Whether neither audits nor the newest scoring itself speak against it."""
        run = self._newest_run()
        return run is None or (run.may_widen and not run.doubt)

    def spent(self, rule: str, day: date) -> int:
        """How much of a rule's quota a day has used."""
        here = (t.QUOTA.c.rule == rule) & (t.QUOTA.c.day == day.isoformat())
        with self._database.read() as connection:
            return int(connection.scalar(sa.select(t.QUOTA.c.used).where(here)) or 0)

    def accounts(self) -> int:
        """How many accounts the platform has, as far as scoring and account events have told."""
        with self._database.read() as connection:
            told = self._journal.accounts(connection)
        run = self._newest_run()
        return max(told, run.accounts if run else 0)

    def _newest_run(self) -> ScoreRun | None:
        newest = sa.select(t.SCORE_RUN.c.body).order_by(t.SCORE_RUN.c.seq.desc()).limit(1)
        with self._database.read() as connection:
            body = connection.scalar(newest)
        return msgspec.json.decode(body, type=ScoreRun) if body else None

    def signal_counts(self, entities: Iterable[str]) -> dict[str, dict[str, int]]:
        """Number of signals by entity and detector."""
        counts: dict[str, dict[str, int]] = defaultdict(dict)
        columns = (t.SIGNAL.c.entity, t.SIGNAL.c.detector)
        with self._database.read() as connection:
            for part in chunks(sorted(set(entities))):
                query = sa.select(*columns, sa.func.count().label("n")).where(t.SIGNAL.c.entity.in_(part))
                for row in connection.execute(query.group_by(*columns)):
                    counts[row.entity][row.detector] = row.n
        return dict(counts)

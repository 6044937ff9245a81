"""Draws for audits and what people answered."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

import msgspec
import sqlalchemy as sa

from havenwall.model import Answered, EntityKind, Lane, ScoreRun
from havenwall.store import schema as t
from havenwall.store.database import Database
from havenwall.store.rows import by_names, decode_all, read_labels

_HISTORY = 40
_ACCOUNT = f"{EntityKind.ACCOUNT}:"


class _Reported(msgspec.Struct, frozen=True):
    """What is needed of a risk; the rest is not decoded."""

    entity: str
    over_threshold: bool
    lane: Lane = Lane.NONE


class StoreAuditView:
    """The newest draws, newest first, each with the answers that stand now.

    Names are in them: only for stages and for viewers who may see cases.
    """

    def __init__(self, database: Database) -> None:
        self._database = database

    def newest_run(self) -> ScoreRun | None:
        """The newest scoring."""
        query = sa.select(t.SCORE_RUN.c.body).order_by(t.SCORE_RUN.c.seq.desc()).limit(1)
        with self._database.read() as connection:
            body = connection.scalar(query)
        return msgspec.json.decode(body, type=ScoreRun) if body else None

    def draws(self, limit: int = _HISTORY) -> list[Answered]:
        """The newest draws; an answer is the person's decision that stands, if made after the draw."""
        runs = self._runs(limit)
        names = {one.entity for run in runs if run.draw for one in run.draw.drawn}
        said = self._said(names)
        return [_answered(run, said) for run in runs]

    def drawn(self) -> frozenset[str]:
        """Everybody in the newest draws."""
        return frozenset(one.entity for run in self._runs(_HISTORY) if run.draw for one in run.draw.drawn)

    def flagged(self, run_id: str) -> set[str]:
        """Accounts that a scoring put over its threshold and not into the protective lane, without those that
        have been confirmed or cleared since."""
        query = sa.select(t.RISK.c.body).where(
            t.RISK.c.run_id == run_id, t.RISK.c.entity.startswith(_ACCOUNT)
        )
        with self._database.read() as connection:
            told = decode_all(connection.scalars(query), _Reported)
        names = {one.entity for one in told if one.over_threshold and one.lane is not Lane.PROTECTIVE}
        return names - read_labels(self._database, names).keys()

    def _runs(self, limit: int) -> list[ScoreRun]:
        newest = self.newest_run()
        runs: list[ScoreRun] = []
        at = newest.drawn_in if newest else ""
        with self._database.read() as connection:
            while at and len(runs) < limit:
                body = connection.scalar(sa.select(t.SCORE_RUN.c.body).where(t.SCORE_RUN.c.id == at))
                if body is None:
                    break
                runs.append(msgspec.json.decode(body, type=ScoreRun))
                at = runs[-1].draw.before if runs[-1].draw else ""
        return runs

    def _said(self, names: Iterable[str]) -> dict[str, tuple[bool, datetime]]:
        columns = [t.LABEL.c.entity, t.LABEL.c.label, t.LABEL.c.by_person, t.LABEL.c.at]
        with self._database.read() as connection:
            rows = by_names(connection, columns, t.LABEL.c.entity, names)
            return {row.entity: (row.label == "confirmed", row.at) for row in rows if row.by_person}


def _answered(run: ScoreRun, said: dict[str, tuple[bool, datetime]]) -> Answered:
    assert run.draw is not None
    found = (said.get(one.entity) for one in run.draw.drawn)
    return Answered(
        run_id=run.id,
        at=run.at,
        threshold=run.threshold,
        held_out_recall=run.held_out_recall,
        seeds=run.seeds,
        draw=run.draw,
        answers=tuple(answer[0] if answer and answer[1] > run.at else None for answer in found),
    )

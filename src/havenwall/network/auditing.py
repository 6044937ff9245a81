"""Audits of a scoring: whom to draw by lot, and what earlier answers make of its probabilities."""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any

import msgspec
import numpy as np
from numpy.typing import NDArray

from havenwall.model import Answered, Draw, Drawn, Lane, Risk, ScoreRun
from havenwall.network.evidence import IntArray
from havenwall.network.find import Found
from havenwall.network.graph import Graph
from havenwall.network.precision import AuditConfig, Calibrator, fit_audited, gate_of
from havenwall.network.precision.answers import counted
from havenwall.network.roles import LANES
from havenwall.network.view import AuditView


class Auditing:
    """Draws and reads audits around one scoring; without a view it does neither."""

    def __init__(self, view: AuditView | None, config: AuditConfig, graph: Graph, found: Found) -> None:
        self._config, self._graph, self._found = config, graph, found
        self._draws = view.draws(config.history) if view else []
        self._run = view.newest_run() if view else None
        self._curve = recalibrated(self._draws, found, config)
        self._chances = _waiting(self._draws)
        self._draw: Draw | None = None
        self._view = view

    def draw(self, run_id: str, at: datetime) -> IntArray:
        """Draw if it is time to; returns the places of the drawn candidates, which must be reported."""
        if not self._due(at):
            return np.empty(0, np.int64)
        before = self._draws[0].run_id if self._draws else ""
        self._draw, places = draw_from(self._found, self._graph, run_id, before, self._config)
        self._chances |= {one.entity: one.chance for one in self._draw.drawn}
        return places

    def mark(self, risks: Sequence[Risk]) -> tuple[Risk, ...]:
        """The risks with what audits say: probability and interval, and who was drawn."""
        scores = np.array([risk.score for risk in risks], np.float64)
        changes = self._probabilities(scores) if self._curve and len(risks) else [{}] * len(risks)
        return tuple(
            msgspec.structs.replace(risk, sampled=self._chances.get(risk.entity), **change)
            for risk, change in zip(risks, changes, strict=True)
        )

    def noted(self, run: ScoreRun) -> ScoreRun:
        """The run with its draw, the gate and the alarms."""
        if self._view is None:
            return run
        drawn_in = run.id if self._draw else (self._run.drawn_in if self._run else "")
        approved = self._run.approved if self._run else 0
        run = msgspec.structs.replace(
            run, draw=self._draw, drawn_in=drawn_in, approved=approved, calibrated=self._curve is not None
        )
        shut, words = gate_of(self._draws, run, self._config)
        return msgspec.structs.replace(run, may_widen=shut.may_widen, approved=shut.approved, alarms=words)

    def _due(self, at: datetime) -> bool:
        flagged = flagged_by(self._found)
        if self._view is None or not self._config.size or not flagged.any():
            return False
        if not self._draws or not self._draws[0].open:
            return True
        last = self._draws[0]
        if at - last.at < self._config.patience and flagged.sum() <= self._config.factor * last.flagged:
            return False
        names = self._graph.names.many(self._found.rows[flagged])
        return changed(self._view.flagged(last.run_id), names) > self._config.changed

    def _probabilities(self, scores: NDArray[np.float64]) -> list[dict[str, Any]]:
        assert self._curve is not None
        place = scores - self._found.threshold
        values = self._curve.predict(place)
        return [
            # The interval is of the account's bucket; it must hold the smoother probability as well.
            {"probability": value, "low": min(value, low), "high": max(value, high)}
            for value, (low, high) in zip(values.tolist(), self._curve.interval(place).tolist(), strict=True)
        ]


def flagged_by(found: Found) -> NDArray[np.bool_]:
    """(c,) the candidates that a rule may suppress: over the threshold and not in the protective lane."""
    return found.over_threshold & (found.roles.lanes != LANES.index(Lane.PROTECTIVE))


def draw_from(
    found: Found, graph: Graph, run_id: str, before: str, config: AuditConfig
) -> tuple[Draw, IntArray]:
    """A draw of the candidates, and their places. The lot is cast anew for each scoring."""
    flagged = flagged_by(found)
    buckets, _ = config.plan.cut(found.score, flagged)
    seed = int.from_bytes(hashlib.sha256(run_id.encode()).digest()[:8], "big")
    places = range(len(found.rows))
    sample = config.plan.draw(found.score, flagged, places, config.size, seed, found.probability)  # type: ignore[arg-type]
    chosen = np.array([one.row for one in sample], np.int64)
    drawn = (
        Drawn(
            entity=name,
            bucket=one.bucket,
            chance=one.probability_of_selection,
            score=float(found.score[one.row]),
            probability=float(found.probability[one.row]),
        )
        for name, one in zip(graph.names.many(found.rows[chosen]), sample, strict=True)
    )
    return Draw(buckets=buckets, drawn=tuple(drawn), before=before), chosen


def recalibrated(draws: Sequence[Answered], found: Found, config: AuditConfig) -> Calibrator | None:
    """Probability by distance from the threshold, fitted to the newest answers; None while they are few,
    or while nobody is over the threshold, so that it says nothing.

    Scores of two scorings are on scales of their own, as each learns anew; what they share is the threshold.
    """
    told = [(one, answer, draw.threshold) for draw in draws for one, answer in counted(draw)][: config.most]
    if len(told) < config.to_fit or not found.over_threshold.any():
        return None
    then = np.array([one.score - threshold for one, _, threshold in told])
    own = np.array([one.probability for one, _, _ in told])
    return fit_audited(
        np.concatenate([found.score - found.threshold, then]),
        np.arange(len(told)) + len(found.score),
        np.array([answer for _, answer, _ in told]),
        np.array([1 / one.chance for one, _, _ in told]),
        probability=np.concatenate([found.probability, own]),
    )


def changed(before: Collection[str], names: Collection[str]) -> float:
    """How much the flagged accounts have changed, as a share of those before."""
    return len(set(before) ^ set(names)) / max(1, len(before))


def _waiting(draws: Sequence[Answered]) -> dict[str, float]:
    """Chance of every drawn account that still waits for an answer; the newest draw's where there are two."""
    return {
        one.entity: one.chance
        for draw in reversed(draws)
        for one, answer in zip(draw.draw.drawn, draw.answers, strict=True)
        if answer is None
    }

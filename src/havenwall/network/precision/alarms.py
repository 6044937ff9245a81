"""Drift as the service watches it: reviewed precision draw by draw, held-out recall of the newest scoring."""

from __future__ import annotations

from collections.abc import Sequence

from havenwall.model import Answered, ScoreRun
from havenwall.model.precision import Alarm, Kind
from havenwall.network.precision.answers import counts, together
from havenwall.network.precision.config import AuditConfig
from havenwall.network.precision.drift import Reading, band_around, check, watch
from havenwall.network.precision.tally import tally

_FEW = 10.0
"""Estimated members not yet known. The estimate is on the low side."""


def alarms(draws: Sequence[Answered], run: ScoreRun | None, config: AuditConfig) -> tuple[Alarm, ...]:
    """What has left its band.

    The oldest draws known set the bands: those with the first `config.reference` audits that of precision,
    the scoring of the very first that of recall. They move on with the `config.history` newest draws.

    Args:
        draws: newest first.
        run: the newest scoring.
        config: how much is a reference.
    """
    oldest = [draw for draw in reversed(draws) if counts(draw)]
    found = (_precision(oldest, config), _recall(draws, run))
    return tuple(alarm for alarm in found if alarm is not None)


def precision_reading(draw: Answered) -> Reading:
    """One draw's audits of flagged accounts; members as if all buckets had been audited alike."""
    told = tally(*together([draw]))
    own = told.flagged
    total = float(told.seen[own].sum())
    share = float(told.members[own].sum() / told.size[own].sum())
    return Reading(at=draw.at, found=share * total, total=total)


def _precision(oldest: Sequence[Answered], config: AuditConfig) -> Alarm | None:
    readings = [precision_reading(draw) for draw in oldest]
    found = total = 0.0
    while readings and total < config.reference:
        first = readings.pop(0)
        found, total = found + first.found, total + first.total
    if not readings:
        return None
    return watch(readings, band_around(found, total), kind=Kind.PRECISION)


def _recall(draws: Sequence[Answered], run: ScoreRun | None) -> Alarm | None:
    if run is None or not draws or not run.seeds or _exhausted(run):
        return None
    first = draws[-1]
    reference = Reading(at=first.at, found=round(first.held_out_recall * first.seeds), total=first.seeds)
    reading = Reading(at=run.at, found=round(run.held_out_recall * run.seeds), total=run.seeds)
    return check(reference, reading, kind=Kind.RECALL)


def _exhausted(run: ScoreRun) -> bool:
    """Nobody is over the threshold, and hardly anybody is left to be: recall is of nothing."""
    return not run.over_threshold and run.members < _FEW

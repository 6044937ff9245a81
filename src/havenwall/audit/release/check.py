"""Whether a finding that somebody sends is whole: it is stored and drawn as if it were our own."""

from __future__ import annotations

import math
import re
from collections.abc import Iterator
from itertools import product

from havenwall.audit.release.finding import Cell, Finding, Gap
from havenwall.audit.verdict import Outcome
from havenwall.errors import BadInput

_ID = re.compile(r"[A-Za-z0-9_-]{1,64}")
_HINT = "send what `havenwall audit release --json` wrote, unchanged"


def checked(finding: Finding) -> Finding:
    """The finding, if its parts fit together.

    Raises:
        BadInput: an id, hash, figure or part of it is not as an audit writes it; names the field.
    """
    _need(_ID.fullmatch(finding.id) is not None, "id", "is no id of a finding")
    finding.plan.validated()
    _need(finding.plan.hash == finding.plan_hash, "plan_hash", "is not the hash of its plan")
    for field, at in (("started_at", finding.started_at), ("ended_at", finding.ended_at)):
        _need(at.tzinfo is not None, field, "has no time zone")
    _need(set(finding.snapshots) == set(finding.plan.arms), "snapshots", "are not those of the plan's arms")
    _need(0 <= finding.prevalence <= 1, "prevalence", "is no share")
    _check_cells(finding)
    _check_gaps(finding)
    _check_verdict(finding)
    return finding


def _check_cells(finding: Finding) -> None:
    plan = finding.plan
    wanted = set(product(plan.personas, plan.arms, (surface.value for surface in plan.surfaces)))
    found = [(cell.persona, cell.arm, cell.surface) for cell in finding.cells]
    _need(len(found) == len(wanted) and set(found) == wanted, "cells", "are not those of the plan")
    for place, cell in enumerate(finding.cells):
        where = f"cells[{place}]"
        _need(all(0 <= share <= 1 for share in _shares(cell)), where, "holds what is no share")
        _need(all(map(math.isfinite, _numbers(cell))), where, "holds what is no number")
        _need(len(cell.by_round) == plan.rounds, f"{where}.by_round", "is not a share for each round")
        curve = cell.survival
        even = len(curve.rounds) == len(curve.surviving)
        _need(even, f"{where}.survival", "has not as many rounds as shares")


def _shares(cell: Cell) -> Iterator[float]:
    yield from (cell.exposure, cell.low, cell.high, cell.weighted_exposure, cell.ever_exposed, cell.saturated)
    yield from (cell.known_exposure, cell.unknown_exposure)
    yield from cell.by_round
    yield from cell.survival.surviving


def _numbers(cell: Cell) -> Iterator[float]:
    yield from (cell.distinct, cell.amplification)
    yield from (number for number in (cell.depth, cell.beyond_popular) if number is not None)


def _check_gaps(finding: Finding) -> None:
    twins = [(f"cells[{place}].beyond_twin", cell.beyond_twin) for place, cell in enumerate(finding.cells)]
    pairs = [(f"comparisons[{place}].gap", each.gap) for place, each in enumerate(finding.comparisons)]
    for where, gap in (*twins, *pairs):
        _need(gap is None or _is_sound(gap), where, "holds what is no difference of shares")


def _is_sound(gap: Gap) -> bool:
    return all(-1 <= each <= 1 for each in (gap.difference, gap.low, gap.high)) and 0 <= gap.p <= 1


def _check_verdict(finding: Finding) -> None:
    verdict = finding.verdict
    of_plan = [line.threshold for line in verdict.lines] == finding.plan.thresholds
    _need(of_plan, "verdict.lines", "are not one for each threshold of the plan")
    outcomes = {line.outcome for line in verdict.lines}
    _need(verdict.outcome == _overall(outcomes), "verdict.outcome", "is not what its lines say")


def _overall(outcomes: set[Outcome]) -> Outcome:
    if "fail" in outcomes:
        return "fail"
    return "pass" if outcomes == {"pass"} else "inconclusive"


def _need(is_so: bool, field: str, otherwise: str) -> None:
    if not is_so:
        raise BadInput(otherwise, field=field, hint=_HINT)

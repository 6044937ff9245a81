"""What lists and trends show of a finding: kept beside it, because a whole one may take megabytes."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import TypeVar

import msgspec

from havenwall.audit.release.finding import Finding
from havenwall.audit.verdict import Outcome

T = TypeVar("T")


class CellSummary(msgspec.Struct, frozen=True, kw_only=True):
    """The exposure of one persona in one arm on one surface. Shares are 0..1."""

    persona: str
    arm: str
    surface: str
    exposure: float
    low: float
    high: float
    """95 % interval."""


class Summary(msgspec.Struct, frozen=True, kw_only=True):
    """The exposures of a finding, in the order of its cells."""

    judged: list[str]
    """Arms that a threshold is about."""
    cells: list[CellSummary]

    @property
    def worst(self) -> CellSummary | None:
        """The greatest exposure in an arm that is judged: arms to compare with are meant to be bad."""
        judged = [cell for cell in self.cells if cell.arm in self.judged]
        return max(judged, key=lambda cell: cell.exposure, default=None)


class FindingLine(msgspec.Struct, frozen=True, kw_only=True):
    """A finding in a list."""

    id: str
    at: datetime
    """When the audit ended."""
    name: str
    plan_hash: str
    outcome: Outcome
    worst: CellSummary | None


class TrendPoint(msgspec.Struct, frozen=True, kw_only=True):
    """One finding of a trend."""

    id: str
    at: datetime
    plan_hash: str
    changed: bool
    """Whether its plan is another than that of the finding before: what follows is no trend of what was."""
    outcome: Outcome
    cells: list[CellSummary]


class Trend(msgspec.Struct, frozen=True, kw_only=True):
    """The findings of one plan over time, oldest first."""

    name: str
    points: list[TrendPoint]
    more: bool
    """Whether there are older ones."""

    @property
    def places(self) -> list[tuple[str, str]]:
        """Persona and surface of all cells, in the order in which they first came."""
        return _ordered((cell.persona, cell.surface) for point in self.points for cell in point.cells)

    def lines(self, persona: str, surface: str) -> dict[str, list[float | None]]:
        """By arm, the exposure in each finding; None where a finding has no such cell."""
        here = [
            {c.arm: c.exposure for c in point.cells if (c.persona, c.surface) == (persona, surface)}
            for point in self.points
        ]
        arms = _ordered(arm for found in here for arm in found)
        return {arm: [found.get(arm) for found in here] for arm in arms}


def summary_of(finding: Finding) -> Summary:
    """The part of a finding that lists and trends show."""
    return Summary(
        judged=_ordered(threshold.arm for threshold in finding.plan.thresholds),
        cells=[
            CellSummary(
                persona=cell.persona,
                arm=cell.arm,
                surface=cell.surface,
                exposure=cell.exposure,
                low=cell.low,
                high=cell.high,
            )
            for cell in finding.cells
        ],
    )


def marked(points: Sequence[TrendPoint]) -> list[TrendPoint]:
    """The points, oldest first, with `changed` set where the plan is not that of the one before."""
    before = [points[0], *points[:-1]] if points else []
    return [
        msgspec.structs.replace(point, changed=point.plan_hash != last.plan_hash)
        for point, last in zip(points, before, strict=True)
    ]


def _ordered(found: Iterable[T]) -> list[T]:
    return list(dict.fromkeys(found))

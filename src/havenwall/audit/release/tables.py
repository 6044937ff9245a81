"""A finding as plain rows, for a terminal and for the report."""

from __future__ import annotations

from collections.abc import Sequence

from havenwall.audit.release.finding import Cell, Comparison, Cost, Finding, Replay
from havenwall.audit.table import Table, interval, percent
from havenwall.audit.verdict import Line


def release_tables(finding: Finding) -> list[Table]:
    """Judgement, exposure, differences between arms, where it leaks, and cost, in the order to read them."""
    made = [_verdict(finding), _exposure(finding.cells), _leaks(finding)]
    if finding.comparisons:
        made.append(_comparisons(finding.comparisons))
    if finding.costs:
        made.append(_costs(finding.costs))
    return made


def _verdict(finding: Finding) -> Table:
    rows = [
        [line.outcome, line.threshold.text, interval(line.value, line.low, line.high), _advice(line)]
        for line in finding.verdict.lines
    ]
    columns = ["outcome", "threshold", "observed [interval]", "detects, or needs"]
    return Table(title="Thresholds", columns=columns, rows=rows)


def _advice(line: Line) -> str:
    if line.outcome == "inconclusive":
        return line.text.rpartition("; ")[2]
    return f"an excess of {percent(line.detectable)}"


def _exposure(cells: Sequence[Cell]) -> Table:
    columns = [
        "persona",
        "arm",
        "surface",
        "exposure [95 % interval]",
        "by rank",
        "ever exposed",
        "half or more",
        "first exposure (median round)",
        "members reached",
        "times prevalence",
        "times popular",
        "beyond the twin",
    ]
    return Table(title="What test accounts were shown", columns=columns, rows=[_row(cell) for cell in cells])


def _row(cell: Cell) -> list[str]:
    twin = cell.beyond_twin
    return [
        cell.persona,
        cell.arm,
        cell.surface,
        interval(cell.exposure, cell.low, cell.high),
        percent(cell.weighted_exposure),
        percent(cell.ever_exposed),
        percent(cell.saturated),
        "–" if cell.survival.median is None else str(cell.survival.median),
        f"{cell.distinct:.1f}",
        f"{cell.amplification:.1f}",
        "–" if cell.beyond_popular is None else f"{cell.beyond_popular:.1f}",
        "–" if twin is None else interval(twin.difference, twin.low, twin.high),
    ]


def _leaks(finding: Finding) -> Table:
    """By surface and by what failed: the gate let a known member through, or nobody had found the member."""
    columns = ["surface", "arm", "known members shown", "members nobody had found"]
    rows = []
    for surface in finding.plan.surfaces:
        for arm in finding.plan.arms:
            here = [cell for cell in finding.cells if (cell.surface, cell.arm) == (surface.value, arm)]
            known = sum(cell.known_exposure for cell in here) / len(here)
            unknown = sum(cell.unknown_exposure for cell in here) / len(here)
            rows.append([surface.value, arm, percent(known), percent(unknown)])
    return Table(title="Where it leaks, and why", columns=columns, rows=rows)


def _comparisons(found: Sequence[Comparison]) -> Table:
    columns = ["persona", "surface", "arm", "less exposure than", "difference [95 % interval]", "p (Holm)"]
    rows = [
        [
            each.persona,
            each.surface,
            each.arm,
            each.against,
            interval(each.gap.difference, each.gap.low, each.gap.high),
            f"{each.gap.p:.2g}",
        ]
        for each in found
    ]
    return Table(title="The arms beside the first", columns=columns, rows=rows)


def _costs(found: Sequence[Cost]) -> Table:
    columns = ["arm", "people", "with a change", "places changed", "look-alikes lost", "bystanders lost"]
    rows = [
        [
            each.arm,
            str(each.sampled),
            percent(each.changed),
            percent(each.slots_changed),
            percent(each.lookalikes_lost),
            percent(each.bystanders_lost),
        ]
        for each in found
    ]
    return Table(title="What it costs ordinary people", columns=columns, rows=rows)


def told(replay: Replay) -> str:
    """A replay in one line."""
    return (
        f"{replay.persona} in {replay.arm}, platform {replay.platform_seed}, account {replay.account}: "
        f"{replay.member} on {replay.surface}, round {replay.round}, place {replay.place}"
    )

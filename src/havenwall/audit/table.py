"""An audit's figures as plain rows for a terminal; whoever prints them chooses the look."""

from __future__ import annotations

import msgspec

from havenwall.audit.result import ArmResult, AuditResult, Comparison
from havenwall.audit.world import ARM_LABELS


class Table(msgspec.Struct, frozen=True, kw_only=True):
    """A heading per column and text in every cell."""

    title: str
    columns: list[str]
    rows: list[list[str]]


def tables(result: AuditResult) -> tuple[Table, ...]:
    """What an audit found, what it compared, and what the guard cost, in the order to read them."""
    return (_arms(result), _comparisons(result), _cost(result))


def percent(share: float | None) -> str:
    """`83.5 %`; one more digit below 1 %, and a dash for nothing."""
    if share is None:
        return "–"
    return f"{share:.2%}".replace("%", " %") if 0 < abs(share) < 0.01 else f"{share:.1%}".replace("%", " %")


def interval(mean: float, low: float, high: float) -> str:
    """`83.5 % [73.0 %, 93.1 %]`"""
    return f"{percent(mean)} [{percent(low)}, {percent(high)}]"


def setting(result: AuditResult) -> str:
    """How the test accounts were set to work, in one line."""
    plan = result.plan
    where = "on 1 platform" if plan.platform_seeds == 1 else f"on each of {plan.platform_seeds} platforms"
    return (
        f"{plan.accounts} test accounts ({plan.persona}) {where}, {plan.rounds} rounds, "
        f"recommender {plan.recommender}"
    )


def _arms(result: AuditResult) -> Table:
    columns = [
        "guard",
        f"exposure@{result.plan.k} [95 % interval]",
        "first round",
        "last round",
        "ever exposed",
        "half or more exposed",
        "first exposure (median round)",
        "times prevalence",
    ]
    rows = [[ARM_LABELS[name], *_arm(arm)] for name, arm in result.arms.items()]
    return Table(title=setting(result), columns=columns, rows=rows)


def _arm(arm: ArmResult) -> list[str]:
    return [
        interval(arm.exposure, arm.low, arm.high),
        percent(arm.by_round[0]),
        percent(arm.by_round[-1]),
        percent(arm.ever_exposed),
        percent(arm.saturated),
        "never" if arm.first_exposure is None else str(arm.first_exposure),
        f"×{arm.amplification:.1f}",
    ]


def _comparisons(result: AuditResult) -> Table:
    columns = ["comparison", "less exposure by [95 % interval]", "p (accounts)", "p (platforms)"]
    rows = [[_versus(name), *_difference(c)] for name, c in result.comparisons.items()]
    return Table(title="The same test accounts, arm against arm", columns=columns, rows=rows)


def _versus(name: str) -> str:
    return " → ".join(ARM_LABELS[arm] for arm in name.split("_vs_"))


def _difference(c: Comparison) -> list[str]:
    return [interval(c.difference, c.low, c.high), _p(c.p), _p(c.p_platforms)]


def _p(p: float) -> str:
    return f"{p:.4f}" if p >= 0.0001 else "< 0.0001"


def _cost(result: AuditResult) -> Table:
    s = result.suppressed
    rows = [
        ["accounts suppressed beyond the known, per platform", f"{s.accounts:,.0f}"],
        ["of these, network members (precision)", percent(s.precision)],
        ["unknown members found (recall)", percent(s.recall_unknown)],
        ["bystanders suppressed", percent(s.bystander_share)],
        ["innocent look-alikes suppressed, per platform", f"{s.hard_negatives:,.1f}"],
        ["ordinary accounts whose recommendations change", percent(result.benign_changed)],
        ["their places that change", percent(result.benign_slots_changed)],
    ]
    return Table(title="What Havenwall suppressed, and what it cost others", columns=["", ""], rows=rows)

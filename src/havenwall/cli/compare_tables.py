"""Tables of `havenwall compare`."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from rich.markup import escape

from havenwall.cli.common import OUT, print_table

if TYPE_CHECKING:
    from havenwall.audit.compare import ActiveDifference, Compared, Rate, Ratio, Span, StillActive


def show(found: Compared) -> None:
    """All tables of a comparison, its order, and its caveats."""
    if found.title:
        say(found.title)
    _rates(found)
    _ratios(found)
    _order(found)
    _bounds(found)
    _active(found)
    say("")
    for caveat in found.caveats:
        say(f"· {caveat}")


def say(line: str) -> None:
    """One line, with nothing in it taken for markup and nothing broken off."""
    OUT.print(line, markup=False, highlight=False, soft_wrap=True)


def number(value: float) -> str:
    """`1,234`, `12.3`, `3.16`, `0.012`"""
    if value >= 100:
        return f"{value:,.0f}"
    return f"{value:.1f}" if value >= 10 else f"{value:.2f}" if value >= 0.1 else f"{value:.2g}"


def percent(value: float) -> str:
    """`7.7 %`"""
    return f"{value * 100:.1f} %"


def span(one: Span | None, told: Callable[[float], str] = number) -> str:
    """`3.16 [2.60, 3.87]`; a dash for nothing."""
    return f"{told(one.value)} [{told(one.low)}, {told(one.high)}]" if one else "–"


def _rates(found: Compared) -> None:
    unit, sure = escape(found.unit), f"[{percent(found.level)}]".replace(".0 ", " ")
    last = "met per unit of effort" if found.canaries == "encounter" else "there, as canaries have it"
    columns = ("platform", "found", unit, f"found per unit of effort {escape(sure)}", "canaries found", last)
    print_table("What was found", columns, [_rate(one) for one in found.rates])


def _rate(one: Rate) -> tuple[str, ...]:
    clumps = f" (in clumps: variance × {one.clumping:.1f})" if one.clumping > 1 else ""
    return (
        escape(one.platform),
        f"{one.found:,}",
        f"{one.effort:,g}",
        escape(span(one.found_rate)) + clumps,
        escape(span(one.detection, percent)),
        escape(span(one.corrected)),
    )


def _ratios(found: Compared) -> None:
    columns = ["pair", "ratio as found", "ratio corrected", "first is higher"]
    if found.pairs > 1:
        columns.insert(3, f"for all {found.pairs} pairs together")
    rows = [_ratio(one, many=found.pairs > 1) for one in found.ratios]
    print_table("Each pair", columns, rows)


def _ratio(one: Ratio, *, many: bool) -> list[str]:
    chance = "–" if one.chance_higher is None else _chance(one.chance_higher)
    spans = [one.found, one.corrected, *([one.together] if many else [])]
    return [escape(f"{one.first} / {one.second}"), *(escape(span(s)) for s in spans), chance]


def _chance(one: float) -> str:
    if 0.001 <= one <= 0.999:
        return percent(one)
    return "> 99.9 %" if one > 0.5 else "< 0.1 %"


def _order(found: Compared) -> None:
    for one in found.ratios:
        if one.sign == "undetermined":
            _unranked(one)
        else:
            high, low = (one.first, one.second) if one.sign == "higher" else (one.second, one.first)
            say(f"{high} is higher than {low}" + (" (follows from other pairs)" if one.follows else ""))


def _unranked(one: Ratio) -> None:
    say(f"{one.first} and {one.second} cannot be ranked: {one.why}")
    if one.tips_at:
        sure = number(one.tips_at)
        say(f"  the found difference may be nothing if one search finds an account {sure} times as surely")
    if one.needed:
        say(f"  to settle it: {one.needed.words}")


def _bounds(found: Compared) -> None:
    if not found.lower_bounds:
        return
    rows = [
        (escape(b.platform), b.method, f"{b.seen:,}", escape(span(b.at_least))) for b in found.lower_bounds
    ]
    print_table("Lower bounds from accounts found again", ("platform", "method", "seen", "at least"), rows)
    concerned: dict[str, dict[str, None]] = {}
    for bound in found.lower_bounds:
        for warning in bound.warnings:
            concerned.setdefault(warning, {})[bound.platform] = None
    for warning, names in concerned.items():
        say(f"{', '.join(names)}: {warning}")


def _active(found: Compared) -> None:
    if not found.still_active:
        return
    columns = ("platform", "day", "looked at", "still active", "by")
    print_table("What became of them", columns, [_day(one) for one in found.still_active])
    for pair in found.active_differences:
        say(_fate(pair))


def _day(one: StillActive) -> tuple[str, ...]:
    share = escape(span(one.share, percent))
    return escape(one.platform), f"{one.day:g}", f"{one.at_risk:,}", share, one.method


def _fate(pair: ActiveDifference) -> str:
    gap = span(pair.difference, lambda x: f"{x * 100:+.1f}") + " points"
    if pair.sign == "undetermined":
        return f"day {pair.day:g}: {pair.first} and {pair.second} cannot be told apart: {gap}"
    more, less = (pair.first, pair.second) if pair.sign == "higher" else (pair.second, pair.first)
    return f"day {pair.day:g}: a larger share is still active on {more} than on {less}: {gap}"

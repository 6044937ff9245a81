"""What the guard dropped per surface over time, as rows with a drawing each."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

import msgspec
from markupsafe import Markup

from havenwall.guard.tally import Tallied
from havenwall.web.console.words import percent

_SVG = Markup(
    '<svg class="drops" viewBox="0 0 {} 24" preserveAspectRatio="none" role="img" aria-label="{}">{}</svg>'
)
_RECT = Markup('<rect class="{}" x="{:.2f}" y="{:.2f}" width="{:.2f}" height="{:.2f}"/>')
_HEIGHT, _STEP, _GAP = 24.0, 10.0, 2.0


class DropRow(msgspec.Struct, frozen=True, kw_only=True):
    """One surface."""

    surface: str
    judged: int
    dropped: int
    changed: int
    share: str
    bars: Markup


class SpanChoice(msgspec.Struct, frozen=True, kw_only=True):
    """A span of time to look at."""

    label: str
    href: str
    here: bool


def span_choices(*, long: bool) -> list[SpanChoice]:
    """A day by the hour, or two weeks by the day."""
    return [
        SpanChoice(label="24 hours", href="/guard", here=not long),
        SpanChoice(label="14 days", href="/guard?days=14", here=long),
    ]


def drop_rows(rows: Sequence[Tallied], now: datetime, *, long: bool) -> list[DropRow]:
    """A row for each surface that was asked about in the span, those with most drops first."""
    step, count = (timedelta(days=1), 14) if long else (timedelta(hours=1), 24)
    end = now.astimezone(UTC).replace(minute=0, second=0, microsecond=0) + timedelta(hours=1)
    if long:
        end = end.replace(hour=0) + timedelta(days=1 if end.hour else 0)
    start = end - count * step
    found: dict[str, list[Tallied]] = defaultdict(list)
    for row in rows:
        if start <= row.hour < end:
            found[row.surface].append(row)
    made = [_row(surface, part, start, step, count) for surface, part in found.items()]
    return sorted(made, key=lambda row: (-row.dropped, row.surface))


def bars_svg(dropped: Sequence[int], unit: str) -> Markup:
    """One bar for each step, oldest first; heights are relative to the largest."""
    most = max(dropped, default=0)
    body = Markup("")
    for at, value in enumerate(dropped):
        height = max(1.0, (_HEIGHT - 2) * value / most) if value else 0.5
        body += _RECT.format("drop" if value else "none", at * _STEP, _HEIGHT - height, _STEP - _GAP, height)
    label = f"Dropped by {unit}, oldest first: {', '.join(map(str, dropped))}" if most else "None dropped"
    return _SVG.format(int(len(dropped) * _STEP - _GAP), label, body)


def _row(surface: str, part: Sequence[Tallied], start: datetime, step: timedelta, count: int) -> DropRow:
    dropped = [0] * count
    for each in part:
        dropped[int((each.hour - start) / step)] += each.dropped
    judged = sum(each.judged for each in part)
    return DropRow(
        surface=surface,
        judged=judged,
        dropped=sum(dropped),
        changed=sum(each.changed for each in part),
        share=percent(sum(dropped) / judged) if judged else "–",
        bars=bars_svg(dropped, "day" if step.days else "hour"),
    )

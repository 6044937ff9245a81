"""A small column chart, drawn on the server. The numbers stand in a table beside it."""

from __future__ import annotations

from collections.abc import Sequence

from markupsafe import Markup

_CHART = Markup(
    '<svg class="columns" viewBox="0 0 {} 64" preserveAspectRatio="none" role="img" aria-label="{}">{}</svg>'
)
_COLUMN = Markup('<rect class="fill" x="{}" y="{:.1f}" width="8" height="{:.1f}"><title>{}</title></rect>')
_HEIGHT, _STEP = 60.0, 12


def columns_chart(label: str, columns: Sequence[tuple[str, float]], top: float | None = None) -> Markup:
    """Columns of (what it says, value from 0), the highest as high as the chart or `top`."""
    highest = top or max((value for _, value in columns), default=0.0) or 1.0
    body = Markup("").join(
        _column(place, says, _HEIGHT * min(1.0, value / highest))
        for place, (says, value) in enumerate(columns)
    )
    return _CHART.format(max(1, len(columns)) * _STEP, label, body)


def _column(place: int, says: str, height: float) -> Markup:
    # A value of nothing still shows where it is.
    shown = max(1.0, height)
    return _COLUMN.format(place * _STEP + 2, 2 + _HEIGHT - shown, shown, says)

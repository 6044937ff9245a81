"""Figures of a period, for the public."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta

import msgspec
from fastapi.responses import HTMLResponse
from starlette.requests import Request

from havenwall.app import App
from havenwall.errors import BadInput
from havenwall.model import Figures, Viewer, now
from havenwall.web.access import FiguresViewer, Served
from havenwall.web.console.filters import capitalised, spaced
from havenwall.web.console.render import show
from havenwall.web.console.words import percent

_DEFAULT = timedelta(days=29)


class FigureRow(msgspec.Struct, frozen=True, kw_only=True):
    """One line of the table; a part belongs to the line above it."""

    name: str
    value: str
    part: bool = False


def show_figures(
    request: Request, app: Served, viewer: FiguresViewer, start: str = "", end: str = ""
) -> HTMLResponse:
    """The page. The days count whole, in UTC; without them the last thirty are shown."""
    today = now().date()
    first, last = start or (today - _DEFAULT).isoformat(), end or today.isoformat()
    values: dict[str, object] = {"start": first, "end": last, "problem": None, "rows": None}
    try:
        values |= _period(app, viewer, _day(first, "from"), _day(last, "up to"))
    except BadInput as problem:
        values |= {"problem": problem.message}
    return show(request, viewer, "figures.html", status=422 if values["problem"] else 200, **values)


def figure_rows(figures: Figures) -> Iterator[FigureRow]:
    """All figures as lines of a table."""
    yield FigureRow(name="Events received", value=f"{figures.events:,}")
    yield from _with_parts("Signals", figures.signals)
    yield FigureRow(name="Cases opened", value=f"{figures.cases_opened:,}")
    yield FigureRow(name="Accounts confirmed by a person", value=f"{figures.members_confirmed:,}")
    yield FigureRow(name="Accounts cleared by a person", value=f"{figures.members_cleared:,}")
    yield from _with_parts("Actions", figures.actions)
    yield FigureRow(name="Actions taken back", value=f"{figures.reversed_actions:,}")
    yield FigureRow(name="Suppressions begun by a machine", value=percent(figures.automated_share))


def _with_parts(name: str, parts: dict[str, int]) -> Iterator[FigureRow]:
    yield FigureRow(name=name, value=f"{sum(parts.values()):,}")
    for part, number in sorted(parts.items()):
        yield FigureRow(name=capitalised(spaced(part)), value=f"{number:,}", part=True)


def _period(app: App, viewer: Viewer, first: date, last: date) -> dict[str, object]:
    if last < first:
        raise BadInput("the period ends before it begins", field="period")
    begin, end = _midnight(first), _midnight(last) + timedelta(days=1)
    heading = f"{first.day} {first:%B %Y} to {last.day} {last:%B %Y}"
    return {"rows": [*figure_rows(app.figures(viewer, begin, end))], "heading": heading}


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(), UTC)


def _day(text: str, field: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise BadInput(f"{text!r} is not a date such as 2026-01-31", field=field) from None

"""The overview: how much there is, whether it works, and what fails."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import msgspec
from fastapi.responses import HTMLResponse
from markupsafe import Markup
from starlette.requests import Request

from havenwall.app import App
from havenwall.audit import ARM_LABELS, ArmResult, AuditResult, chart_svg, tables
from havenwall.model import CaseState, Right, Viewer
from havenwall.store.views.case_list import MOST, CaseFilter
from havenwall.web.access import FiguresViewer, Served
from havenwall.web.console.render import show
from havenwall.web.console.words import percent, plural, span
from havenwall.web.worker import JobStatus

_CAUGHT_UP = 60.0
"""Seconds. A stage that was up to date so recently needs no number."""
_SUMMED = 1000
"""Cases of which the accounts that wait are added up."""
_TO_DO = (CaseState.OPEN.value, CaseState.IN_REVIEW.value)


class Tile(msgspec.Struct, frozen=True, kw_only=True):
    """One headline figure."""

    label: str
    value: str
    note: str
    href: str = ""


class StageRow(msgspec.Struct, frozen=True, kw_only=True):
    """How one stage stands."""

    name: str
    state: str
    late: bool
    read: str
    """What it has read: stream and position."""


class ArmFigure(msgspec.Struct, frozen=True, kw_only=True):
    """One arm of an audit as a large number."""

    name: str
    label: str
    share: str
    between: str


def show_overview(request: Request, app: Served, viewer: FiguresViewer) -> HTMLResponse:
    """The page."""
    return show(
        request,
        viewer,
        "overview.html",
        events=app.store.journal.count(),
        troubles=app.store.ledger.troubles(),
        asides=app.store.asides.counts(),
        may_retry=viewer.may(Right.MANAGE),
        warnings=_warnings(app),
        tiles=[*_tiles(app, viewer)],
        stages=_stages(request, app),
        **_audit(app),
    )


def _warnings(app: App) -> list[str]:
    """What audits warn of, as the newest scoring noted it."""
    run = app.store.figures.newest_run()
    if run is None:
        return []
    stopped = "Rules suppress no further accounts: audits do not show that enough of them are members."
    return [*run.alarms, *(() if run.may_widen else (stopped,)), *([run.doubt] if run.doubt else [])]


def audit_sentence(result: AuditResult) -> str:
    """What an audit found, in plain words."""
    none, known, ours = (percent(result.arms[arm].exposure) for arm in ("none", "known", "havenwall"))
    return (
        f"With no guard, {none} of the accounts recommended to test accounts belonged to the network. "
        f"Dropping only the accounts already known left {known}. With Havenwall, {ours} remained."
    )


def arm_figure(name: str, arm: ArmResult) -> ArmFigure:
    """An arm's exposure in large."""
    between = f"95\u00a0% interval {percent(arm.low)} to {percent(arm.high)}"
    return ArmFigure(name=name, label=ARM_LABELS[name], share=percent(arm.exposure), between=between)


def _audit(app: App) -> dict[str, Any]:
    newest = app.store.ledger.newest_audit()
    if newest is None:
        return {"audit": None}
    result = msgspec.json.decode(newest[1], type=AuditResult)
    return {
        "audit": result,
        "audited_at": newest[0],
        "sentence": audit_sentence(result),
        "chart": Markup(chart_svg(result)),  # noqa: S704 - our own drawing, which escapes what it writes
        "arms": [arm_figure(name, arm) for name, arm in result.arms.items()],
        "tables": tables(result),
    }


def _tiles(app: App, viewer: Viewer) -> Iterator[Tile]:
    if viewer.may(Right.SEE_CHILD_SAFETY) or viewer.may(Right.SEE_GENERAL):
        yield from _case_tiles(app, viewer)
    labels, standing = app.store.figures.label_counts(), app.store.figures.standing_counts()
    cleared = plural(labels.get("cleared", 0), "account") + " cleared"
    yield Tile(label="Suppressed now", value=_n(standing.get("suppressed", 0)), note="out of every surface")
    yield Tile(label="Confirmed", value=_n(labels.get("confirmed", 0)), note=cleared)
    yield from _score_tiles(app)
    yield Tile(label="Events", value=_n(app.store.journal.count()), note="in the journal")


def _case_tiles(app: App, viewer: Viewer) -> Iterator[Tile]:
    view = app.store.cases(viewer)
    cases = view.cases(states=_TO_DO, limit=_SUMMED)
    waiting, summed = _n(sum(case.proposed for case in cases)), len(cases)
    note = "accounts wait" if summed < _SUMMED else f"accounts wait in the {_n(_SUMMED)} most urgent cases"
    yield Tile(label="To review", value=waiting, note=note, href="/cases")
    yield case_tile("Open cases", view.count(states=_TO_DO), "not decided yet", "/cases")
    late = view.count(asked=CaseFilter(overdue=True))
    if late:
        yield case_tile("Overdue", late, "answers that are late", "/cases?overdue=true")


def case_tile(label: str, found: int, note: str, href: str) -> Tile:
    """A number of cases, of which no more than 2,500 are counted."""
    note = f"or more, {note}" if found >= MOST else note
    return Tile(label=label, value=_n(found), note=note, href=href)


def _score_tiles(app: App) -> Iterator[Tile]:
    run = app.store.figures.newest_run()
    if run is None:
        yield Tile(label="Accounts scored", value="0", note="havenwall run")
        return
    scored = f"{_n(run.over_threshold)} over the threshold, {run.at:%H:%M} UTC"
    yield Tile(label="Accounts scored", value=_n(run.accounts), note=scored)
    found = "of hidden confirmed accounts found again"
    yield Tile(label="Held-out recall", value=percent(run.held_out_recall), note=found)


def _stages(request: Request, app: App) -> list[StageRow]:
    worker = request.app.state.worker
    jobs = {job.name: job for job in worker.status()} if worker else {}
    read: dict[str, list[str]] = {}
    for stage, stream, position in app.store.streams.cursors():
        read.setdefault(stage, []).append(f"{stream}s to {position:,}")
    names = [*jobs, *(name for name in read if name not in jobs)]
    return [stage_row(name, jobs.get(name), read.get(name, [])) for name in names]


def stage_row(name: str, job: JobStatus | None, read: list[str]) -> StageRow:
    """A stage in words. Without a job it runs in another process, and we see only what it has read."""
    if job is None:
        state = "runs in another process"
    elif job.tries:
        state = f"failed {plural(job.tries, 'time')} in a row"
    elif job.behind_seconds is None:
        state = "has not finished its first round"
    elif job.behind_seconds < _CAUGHT_UP:
        state = "caught up"
    else:
        state = f"caught up {span(timedelta(seconds=job.behind_seconds))} ago"
    return StageRow(name=name, state=state, late=bool(job and job.tries), read=", ".join(read))


def _n(number: int) -> str:
    return f"{number:,}"

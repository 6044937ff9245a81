"""`havenwall reports`: what people reported, what became of it, and who is muted."""

from __future__ import annotations

from typing import Annotated

import typer

from havenwall.casework.reports import read_number
from havenwall.cli.common import OUT, ConfigFile, JsonFlag, clear_errors, open_app, print_json, print_table
from havenwall.errors import BadInput
from havenwall.model import SYSTEM, Report, ReportReason, ReportSource, ReportState
from havenwall.store.views.reports import ReportFilter

cli = typer.Typer(help="Reports by people, and those who report.", no_args_is_help=True)


@cli.command("list")
@clear_errors
def show_all(
    state: Annotated[ReportState | None, typer.Option(help="Reports in this state.")] = None,
    source: Annotated[ReportSource | None, typer.Option(help="Reports that came this way.")] = None,
    reason: Annotated[ReportReason | None, typer.Option(help="Reports for this reason.")] = None,
    limit: Annotated[int, typer.Option(min=1, max=10_000, help="As many at the most.")] = 50,
    config: ConfigFile = None,
    json: JsonFlag = False,
) -> None:
    """List reports, newest first."""
    narrowed = ReportFilter(state=state, source=source, reason=reason)
    with open_app(config) as app:
        found = app.store.reports_for(SYSTEM).reports(narrowed, limit=limit)
    if json:
        print_json(found)
    elif not found:
        OUT.print("No reports. People report on the page /report, platforms by POST /v1/reports.")
    else:
        columns = ("number", "about", "state", "reason", "source", "came")
        print_table(f"Reports ({len(found)})", columns, map(_row, found))


@cli.command("show")
@clear_errors
def show_one(
    report: Annotated[str, typer.Argument(help="Number or id of the report.")],
    config: ConfigFile = None,
    json: JsonFlag = False,
) -> None:
    """Show a report, how often its reporter was right, and what they were told; never who they are."""
    with open_app(config) as app:
        view = app.store.reports_for(SYSTEM)
        found = view.report(_name(report))
        outcomes = view.outcomes_of(found.id)
        reputation = view.reporters.reputation(found.reporter) if found.reporter else None
    if json:
        print_json({"report": found, "outcomes": outcomes, "reputation": reputation})
        return
    OUT.print(f"{found.number}: {found.subject}, {found.reason}, {found.state}", highlight=False)
    OUT.print(found.text or "No words were sent.", highlight=False, markup=False)
    if reputation:
        right = f"{reputation.upheld} right, {reputation.turned_down} turned down"
        OUT.print(f"Reporter {found.reporter}: {right}", highlight=False)
    for told in outcomes:
        OUT.print(f"{told.at:%Y-%m-%d %H:%M} told: {told.title}", highlight=False)


@cli.command("mute")
@clear_errors
def mute(
    reporter: Annotated[str, typer.Argument(help="Key of the reporter, as reports show it.")],
    why: Annotated[str, typer.Option("--why", help="The reason; kept.")],
    days: Annotated[float, typer.Option(help="For how long; 0 ends it.")] = 30,
    config: ConfigFile = None,
    json: JsonFlag = False,
) -> None:
    """Set a reporter's reports aside for some days; those about a child are still looked at."""
    with open_app(config) as app:
        muted = app.reports.mute(SYSTEM, reporter, why, days)
    if json:
        print_json(muted)
    else:
        OUT.print(f"{reporter} is muted until {muted.until:%Y-%m-%d %H:%M} UTC.", highlight=False)


def _name(typed: str) -> str:
    try:
        return read_number(typed)
    except BadInput:
        return typed


def _row(one: Report) -> tuple[str, ...]:
    came = f"{one.received_at:%Y-%m-%d %H:%M}"
    return (one.number, one.subject, one.state.value, one.reason.value, one.source.value, came)

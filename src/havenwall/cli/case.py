"""`havenwall case`: cases in the terminal."""

from __future__ import annotations

from typing import Annotated

import typer

from havenwall.cli.common import OUT, ConfigFile, JsonFlag, clear_errors, open_app, print_json, print_table
from havenwall.model import SYSTEM, CaseState

cli = typer.Typer(help="Look at cases.", no_args_is_help=True)


@cli.command("list")
@clear_errors
def list_cases(
    state: Annotated[CaseState | None, typer.Option(help="Only cases in this state.")] = None,
    limit: Annotated[int, typer.Option(min=1, max=1000)] = 50,
    config: ConfigFile = None,
    json: JsonFlag = False,
) -> None:
    """List cases, most urgent first."""
    with open_app(config) as app:
        cases = app.store.cases(SYSTEM).cases(states=(state.value,) if state else (), limit=limit)
    if json:
        print_json(cases)
    elif not cases:
        OUT.print("No cases. They open when the network stage finds accounts: havenwall run")
    else:
        rows = [
            (c.id, c.title, c.state, f"{c.priority:.0f}", str(c.proposed), str(c.confirmed), str(c.cleared))
            for c in cases
        ]
        print_table("Cases", ("id", "title", "state", "priority", "proposed", "confirmed", "cleared"), rows)


@cli.command("show")
@clear_errors
def show_case(
    case_id: Annotated[str, typer.Argument(help="Id of the case, from `case list`.")],
    limit: Annotated[int, typer.Option(min=1, max=1000, help="Members to print.")] = 20,
    config: ConfigFile = None,
    json: JsonFlag = False,
) -> None:
    """Show a case with its members and newest history."""
    with open_app(config) as app:
        view = app.store.cases(SYSTEM)
        case, members = view.case(case_id), view.members(case_id, limit=limit)
        history = view.history(case_id, limit=10)
    if json:
        print_json({"case": case, "members": members, "history": history})
        return
    OUT.print(
        f"[bold]{case.title}[/bold]  {case.state}, priority {case.priority:.0f}, due {case.due_at:%F %R} UTC"
    )
    rows = [(m.entity, m.state, f"{m.probability:.2f}", m.decided_by or "") for m in members]
    print_table(f"Members ({len(members)} of {case.members})", ("entity", "state", "probability", "by"), rows)
    lines = [(f"{e.at:%F %R}", e.what, str(len(e.entities)), e.by, e.why) for e in history]
    print_table("History, newest first", ("when", "what", "accounts", "by", "why"), lines)

"""`havenwall appeals`: requests of those who are restricted to look again."""

from __future__ import annotations

from typing import Annotated

import typer

from havenwall.cli.common import OUT, ConfigFile, JsonFlag, clear_errors, open_app, print_json, print_table
from havenwall.model import SYSTEM, now
from havenwall.model.appeal import Appeal, AppealState

cli = typer.Typer(help="Requests of those who are restricted to look again.", no_args_is_help=True)


@cli.command("list")
@clear_errors
def list_appeals(
    state: Annotated[AppealState | None, typer.Option(help="Only those in this state.")] = None,
    overdue: Annotated[bool, typer.Option(help="Only those that are overdue.")] = False,
    limit: Annotated[int, typer.Option(min=1, max=10_000, help="Appeals to print.")] = 50,
    config: ConfigFile = None,
    json: JsonFlag = False,
) -> None:
    """List appeals, those due first in front."""
    with open_app(config) as app:
        found = app.store.appeals_for(SYSTEM).appeals(state, overdue=overdue, limit=limit)
    if json:
        print_json(found)
    elif not found:
        OUT.print("No appeals.")
    else:
        print_table("Appeals", ("number", "about", "restriction", "state", "due"), map(_row, found))


@cli.command("show")
@clear_errors
def show_appeal(
    appeal: Annotated[str, typer.Argument(help="Its number or id.")],
    config: ConfigFile = None,
    json: JsonFlag = False,
) -> None:
    """Show one appeal."""
    with open_app(config) as app:
        found = app.store.appeals_for(SYSTEM).appeal(appeal)
    if json:
        print_json(found)
        return
    OUT.print(f"{found.number}: {found.grounds.kind.value} of {found.entity}, {found.state.value}")
    OUT.print(f"due {found.due_at:%Y-%m-%d}{_late(found)}")
    OUT.print(found.text, markup=False)
    if found.statement:
        OUT.print(f"{found.statement.title}: {found.statement.facts}", markup=False)


def _row(found: Appeal) -> tuple[str, ...]:
    due = f"{found.due_at:%Y-%m-%d}{_late(found)}" if found.state is AppealState.WAITING else ""
    return (found.number, found.entity, found.grounds.kind.value, found.state.value, due)


def _late(found: Appeal) -> str:
    return " overdue" if found.overdue(now()) else ""

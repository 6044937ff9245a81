"""`havenwall actions`: what the platform is to do, and its word on what it has done."""

from __future__ import annotations

from typing import Annotated

import typer

from havenwall.cli.common import OUT, ConfigFile, JsonFlag, clear_errors, open_app, print_json, print_table
from havenwall.model import SYSTEM
from havenwall.model.delivery import Answered, Confirmation

cli = typer.Typer(help="What the platform is to do.", no_args_is_help=True)


@cli.command("list")
@clear_errors
def list_actions(
    after: Annotated[int, typer.Option(min=0, help="Only those after this number.")] = 0,
    limit: Annotated[int, typer.Option(min=1, max=1000)] = 50,
    config: ConfigFile = None,
    json: JsonFlag = False,
) -> None:
    """List what the platform is told to do, oldest first, as webhooks and the API tell it."""
    with open_app(config) as app:
        found = app.deliveries.notices(SYSTEM, after, limit)
    if json:
        print_json(found)
    elif not found:
        OUT.print("Nothing for the platform to do. Actions follow from decisions on cases.")
    else:
        rows = [
            (n.action_id, str(n.seq), n.kind, n.entity, n.state, f"{n.at:%F %R}", n.case_class) for n in found
        ]
        print_table("Actions", ("action", "number", "kind", "entity", "state", "at", "class"), rows)


@cli.command("confirm")
@clear_errors
def confirm(
    action_id: Annotated[str, typer.Argument(help="Id of the action, from `actions list`.")],
    failed: Annotated[str, typer.Option(help="It could not be done, for this reason.")] = "",
    config: ConfigFile = None,
    json: JsonFlag = False,
) -> None:
    """Say for the platform that an action was carried out, or why it was not."""
    state = Answered.FAILED if failed else Answered.CONFIRMED
    with open_app(config) as app:
        action = app.deliveries.confirm(SYSTEM, action_id, Confirmation(state=state, reason=failed))
    if json:
        print_json(action)
    else:
        OUT.print(f"{action.kind} of {action.entity} is {action.state}.", highlight=False)

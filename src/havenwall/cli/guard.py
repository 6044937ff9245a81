"""`havenwall guard`: what the guard says."""

from __future__ import annotations

from typing import Annotated

import typer

from havenwall.cli.common import OUT, ConfigFile, JsonFlag, clear_errors, open_app, print_json, print_table
from havenwall.guard import Surface

cli = typer.Typer(help="Ask the guard.", no_args_is_help=True)


@cli.command("check")
@clear_errors
def check(
    entities: Annotated[list[str], typer.Argument(help="Entities to ask about, as kind:id.")],
    surface: Annotated[
        Surface, typer.Option(help="Where they would be shown.")
    ] = Surface.RECOMMENDED_ACCOUNTS,
    config: ConfigFile = None,
    json: JsonFlag = False,
) -> None:
    """Say what the guard would do with entities on a surface."""
    with open_app(config) as app:
        verdicts = [app.guard.check(entity, surface) for entity in entities]
    if json:
        print_json(verdicts)
        return
    rows = [(v.entity, v.outcome, v.reason or "", v.decision_id or "") for v in verdicts]
    print_table(f"Verdicts on {surface.value}", ("entity", "outcome", "reason", "decision"), rows)
    OUT.print(f"[dim]snapshot {app.guard.status().version}[/dim]", highlight=False)

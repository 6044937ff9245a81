"""`havenwall aside`: records that stages could not work on."""

from __future__ import annotations

from typing import Annotated

import typer

from havenwall.cli.common import OUT, ConfigFile, JsonFlag, clear_errors, open_app, print_json, print_table
from havenwall.model import SYSTEM

cli = typer.Typer(help="Records that stages could not work on.", no_args_is_help=True)
OfStage = Annotated[str | None, typer.Option("--stage", help="Only those of this stage.")]


@cli.command("list")
@clear_errors
def list_asides(
    stage: OfStage = None,
    limit: Annotated[int, typer.Option(min=1, max=10_000, help="As many at the most.")] = 200,
    config: ConfigFile = None,
    json: JsonFlag = False,
) -> None:
    """List what is set aside, oldest first, with the error of each; never its content."""
    with open_app(config) as app:
        found = app.asides.all(SYSTEM, limit, stage=stage)
    if json:
        print_json(found)
    elif not found:
        OUT.print("Nothing is set aside.")
    else:
        rows = [(a.id, a.stage, a.record, f"{a.at:%Y-%m-%d %H:%M}", str(a.tries), a.error) for a in found]
        print_table(f"Set aside ({len(found)})", ("id", "stage", "record", "since", "tries", "error"), rows)


@cli.command("retry")
@clear_errors
def retry(
    ids: Annotated[list[str] | None, typer.Argument(help="Which; all where none is named.")] = None,
    stage: OfStage = None,
    config: ConfigFile = None,
    json: JsonFlag = False,
) -> None:
    """Have records worked on again, once what was wrong is mended; exit 1 when some still fail."""
    with open_app(config) as app:
        told = app.asides.try_again(SYSTEM, ids or (), stage)
    if json:
        print_json(told)
    else:
        OUT.print(f"{told.done} done, {told.failed} still fail. The stages after it go on: havenwall run")
    if told.failed:
        raise typer.Exit(1)


@cli.command("give-up")
@clear_errors
def give_up(
    aside: Annotated[str, typer.Argument(help="Id of the record, from `aside list`.")],
    why: Annotated[str, typer.Option(help="Why no stage will ever work on it; it stays in the access log.")],
    config: ConfigFile = None,
) -> None:
    """Let a record go that is broken for good. It stays where it came from; the stage never sees it."""
    with open_app(config) as app:
        app.asides.give_up(SYSTEM, aside, why)
    OUT.print("It is given up.")

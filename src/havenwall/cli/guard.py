"""`havenwall guard`: what the guard says."""

from __future__ import annotations

from datetime import timedelta
from typing import Annotated

import typer

from havenwall.app import load_config
from havenwall.cli.common import OUT, ConfigFile, JsonFlag, clear_errors, open_app, print_json, print_table
from havenwall.cli.replay import replay_log
from havenwall.cli.terms import query, terms
from havenwall.guard import Surface, ViewerClass
from havenwall.guard.shrink import allow_shrink, make_key

cli = typer.Typer(help="Ask the guard.", no_args_is_help=True)
cli.command("query")(query)
cli.command("replay")(replay_log)
cli.add_typer(terms, name="terms")


@cli.command("allow-shrink")
@clear_errors
def allow(
    to: Annotated[int, typer.Option(help="Restricted entities that must be left.")],
    hours: Annotated[float, typer.Option(help="How long the leave lasts.")] = 1.0,
    config: ConfigFile = None,
    json: JsonFlag = False,
) -> None:
    """Sign for a snapshot that restricts far fewer entities than the one in use."""
    settings, _origins = load_config(config)
    make_key(settings.guard_key_file)
    lasting = timedelta(hours=hours)
    signed = allow_shrink(settings.guard_folder, settings.guard_key_file, to=to, lasting=lasting)
    if json:
        print_json({"to": signed.to, "until": signed.until})
        return
    OUT.print(
        f"Guards may load a snapshot with {to:,} restricted entities or more until {signed.until:%F %R} UTC."
    )


@cli.command("check")
@clear_errors
def check(
    entities: Annotated[list[str], typer.Argument(help="Entities to ask about, as kind:id.")],
    surface: Annotated[
        Surface, typer.Option(help="Where they would be shown.")
    ] = Surface.RECOMMENDED_ACCOUNTS,
    viewer: Annotated[str | None, typer.Option(help="The account that would see them, as kind:id.")] = None,
    viewer_class: Annotated[ViewerClass | None, typer.Option(help="Who looks.")] = None,
    config: ConfigFile = None,
    json: JsonFlag = False,
) -> None:
    """Say what the guard would do with entities on a surface."""
    with open_app(config) as app:
        verdicts = [
            app.guard.check(entity, surface, viewer, viewer_class=viewer_class) for entity in entities
        ]
    if json:
        print_json(verdicts)
        return
    rows = [(v.entity, v.outcome, v.reason or "", v.decision_id or "") for v in verdicts]
    print_table(f"Verdicts on {surface.value}", ("entity", "outcome", "reason", "decision"), rows)
    OUT.print(f"[dim]snapshot {app.guard.status().version}[/dim]", highlight=False)

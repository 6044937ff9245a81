"""`havenwall key`: which programs may call the API."""

from __future__ import annotations

from datetime import timedelta
from typing import Annotated

import typer

from havenwall.cli.common import OUT, ConfigFile, JsonFlag, clear_errors, open_app, print_json, print_table
from havenwall.model import ApiKey, Right, now

cli = typer.Typer(help="Keys for programs that call the API.", no_args_is_help=True)


@cli.command("add")
@clear_errors
def add(
    name: Annotated[str, typer.Argument(help="What the key is for.")],
    right: Annotated[list[Right], typer.Option(help="What it may do (repeat for more).")],
    days: Annotated[
        int | None, typer.Option(help="Days it holds; without it until it is revoked.", min=1, max=3650)
    ] = None,
    config: ConfigFile = None,
) -> None:
    """Make an API key; it is shown once and only its hash is kept."""
    until = now() + timedelta(days=days) if days else None
    with open_app(config) as app:
        OUT.print(app.store.keys.add(name, frozenset(right), expires_at=until)[1], highlight=False)


@cli.command("list")
@clear_errors
def list_keys(config: ConfigFile = None, json: JsonFlag = False) -> None:
    """List all keys with their last use; nobody can be shown their secrets."""
    with open_app(config) as app:
        found = app.store.keys.all()
    if json:
        print_json(found)
    elif not found:
        OUT.print("None yet: havenwall key add NAME --right ask_guard")
    else:
        columns = ("id", "name", "may", "made", "last used", "ends")
        print_table("API keys", columns, [_row(key) for key in found])


@cli.command("revoke")
@clear_errors
def revoke(
    key_id: Annotated[str, typer.Argument(help="Id of the key, from the list.")], config: ConfigFile = None
) -> None:
    """End a key; servers that have just heard it may take it for another second."""
    with open_app(config) as app:
        key = app.store.keys.revoke(key_id)
    OUT.print(f"The key {key.name} has ended.")


def _row(key: ApiKey) -> tuple[str, ...]:
    ends = f"{key.expires_at:%F}" if key.expires_at else "never"
    ended = f"revoked {key.revoked_at:%F}" if key.revoked_at else ends
    used = f"{key.last_used:%F %R}" if key.last_used else "never"
    return key.id, key.name, ", ".join(sorted(key.scopes)), f"{key.created_at:%F}", used, ended

"""`havenwall person` and `havenwall key`: who may sign in, and which programs may call."""

from __future__ import annotations

from typing import Annotated

import typer

from havenwall.cli.common import OUT, ConfigFile, JsonFlag, clear_errors, open_app, print_json, print_table
from havenwall.model import Right, Role

cli = typer.Typer(help="People who may sign in.", no_args_is_help=True)
keys = typer.Typer(help="Keys for programs that call the API.", no_args_is_help=True)


@cli.command("add")
@clear_errors
def add(
    name: Annotated[str, typer.Argument(help="Name to sign in with.")],
    role: Annotated[Role, typer.Option(help="What the person is here for.")],
    ask_password: Annotated[
        bool, typer.Option("--password", help="Ask for a password to sign in with.")
    ] = False,
    config: ConfigFile = None,
) -> None:
    """Let a person sign in; prints a link that signs them in once."""
    secret = typer.prompt("Password", hide_input=True, confirmation_prompt=True) if ask_password else None
    with open_app(config) as app:
        person = app.store.people.add(name, role, secret)
        link = app.store.people.new_link(person)
        OUT.print(f"{app.config.url}/sign-in/link#{link}", highlight=False)


@cli.command("link")
@clear_errors
def link(
    name: Annotated[str, typer.Argument(help="Who wants to sign in.")], config: ConfigFile = None
) -> None:
    """Print a fresh link that signs a person in once, within 30 minutes."""
    with open_app(config) as app:
        secret = app.store.people.new_link(app.store.people.person(name))
        OUT.print(f"{app.config.url}/sign-in/link#{secret}", highlight=False)


@cli.command("list")
@clear_errors
def list_people(config: ConfigFile = None, json: JsonFlag = False) -> None:
    """List everybody who may sign in."""
    with open_app(config) as app:
        people = app.store.people.all()
    if json:
        print_json(people)
    elif not people:
        OUT.print("Nobody yet: havenwall person add NAME --role administrator")
    else:
        rows = [(p.name, p.role, f"{p.created_at:%F}", "disabled" if p.disabled_at else "") for p in people]
        print_table("People", ("name", "role", "since", ""), rows)


@cli.command("disable")
@clear_errors
def disable(name: Annotated[str, typer.Argument(help="Who to shut out.")], config: ConfigFile = None) -> None:
    """Shut a person out; their sessions end at once."""
    with open_app(config) as app:
        app.store.people.person(name)
        app.store.people.disable(name)
    OUT.print(f"{name} can no longer sign in.")


@keys.command("add")
@clear_errors
def add_key(
    name: Annotated[str, typer.Argument(help="What the key is for.")],
    right: Annotated[list[Right], typer.Option(help="What it may do (repeat for more).")],
    config: ConfigFile = None,
) -> None:
    """Make an API key; it is shown once and only its hash is kept."""
    with open_app(config) as app:
        OUT.print(app.store.people.new_key(name, frozenset(right)), highlight=False)

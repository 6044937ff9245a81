"""`havenwall person`: who may sign in, and who looked at what."""

from __future__ import annotations

from typing import Annotated

import typer

from havenwall.cli.common import OUT, ConfigFile, JsonFlag, clear_errors, open_app, print_json, print_table
from havenwall.model import Role

cli = typer.Typer(help="People who may sign in.", no_args_is_help=True)


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
        app.store.people.disable(name)
    OUT.print(f"{name} can no longer sign in.")


@cli.command("enable")
@clear_errors
def enable(
    name: Annotated[str, typer.Argument(help="Who to let in again.")], config: ConfigFile = None
) -> None:
    """Let a person in again; they need their password or a new link."""
    with open_app(config) as app:
        app.store.people.enable(name)
    OUT.print(f"{name} may sign in again.")


@cli.command("role")
@clear_errors
def role(
    name: Annotated[str, typer.Argument(help="Whose role.")],
    role: Annotated[Role, typer.Argument(help="What the person is here for.")],
    config: ConfigFile = None,
) -> None:
    """Give a person another role; it holds from their next request."""
    with open_app(config) as app:
        app.store.people.change_role(name, role)
    OUT.print(f"{name} is {role.value} now.")


@cli.command("sessions")
@clear_errors
def sessions(
    name: Annotated[str, typer.Argument(help="Whose sessions.")],
    config: ConfigFile = None,
    json: JsonFlag = False,
) -> None:
    """List where a person is signed in."""
    with open_app(config) as app:
        found = app.store.sessions.of(app.store.people.person(name).name)
    if json:
        print_json(found)
    else:
        rows = [(one.id, f"{one.since:%F %R}", f"{one.last_seen:%F %R}", one.device) for one in found]
        print_table(f"Sessions of {name}", ("id", "since", "last seen", "browser"), rows)


@cli.command("sign-out")
@clear_errors
def sign_out(
    name: Annotated[str, typer.Argument(help="Whom to sign out.")], config: ConfigFile = None
) -> None:
    """Sign a person out everywhere."""
    with open_app(config) as app:
        ended = app.store.sessions.end_all(app.store.people.person(name).name)
    OUT.print(f"{ended} sessions of {name} have ended.")


@cli.command("forget-factor")
@clear_errors
def forget_factor(
    name: Annotated[str, typer.Argument(help="Who has lost it.")], config: ConfigFile = None
) -> None:
    """End a person's second factor; make sure first that it is really them who asks."""
    with open_app(config) as app:
        app.second_factors.forget(name)
    OUT.print(f"{name} has no second factor now.")


@cli.command("access-log")
@clear_errors
def access_log(
    limit: Annotated[int, typer.Option(help="Lines to show.", min=1, max=10_000)] = 50,
    config: ConfigFile = None,
    json: JsonFlag = False,
) -> None:
    """Show who looked at what and who changed whose rights, newest first."""
    with open_app(config) as app:
        found = app.store.access_log(limit)
    if json:
        print_json(found)
    else:
        rows = [(line.at[:19], line.by, line.what, line.subject) for line in found]
        print_table("Access log", ("when (UTC)", "who", "what", "which"), rows)

"""`havenwall role`: what each role may do."""

from __future__ import annotations

from typing import Annotated

import typer

from havenwall.cli.common import OUT, ConfigFile, JsonFlag, clear_errors, open_app, print_json, print_table
from havenwall.errors import BadInput
from havenwall.model import Right, Role

cli = typer.Typer(help="What each role may do.", no_args_is_help=True)
_Rights = Annotated[list[Right] | None, typer.Option(help="A right (repeat for more).")]


@cli.command("list")
@clear_errors
def list_roles(config: ConfigFile = None, json: JsonFlag = False) -> None:
    """List every role with its rights."""
    with open_app(config) as app:
        found = app.store.roles.all()
    if json:
        print_json(found)
        return
    rows = [
        (row.role.value, ", ".join(sorted(row.rights)), "second factor" if row.second_factor else "")
        for row in found
    ]
    print_table("Roles", ("role", "may", "must have"), rows)


@cli.command("set")
@clear_errors
def set_role(
    role: Annotated[Role, typer.Argument(help="Which role.")],
    give: _Rights = None,
    take: _Rights = None,
    second_factor: Annotated[
        bool | None, typer.Option(help="Whether its persons must have a second factor.")
    ] = None,
    config: ConfigFile = None,
) -> None:
    """Give rights to a role, or take them; it holds from the next request of everybody in it."""
    given, taken = frozenset(give or ()), frozenset(take or ())
    if both := sorted(given & taken):
        raise BadInput(f"{', '.join(both)} cannot be given and taken", field="give")
    with open_app(config) as app:
        old = app.store.roles.role(role)
        demanded = old.second_factor if second_factor is None else second_factor
        rights = (old.rights | given) - taken
        new = app.store.roles.change(role, rights, old.version, second_factor=demanded)
    OUT.print(f"{role.value} may: {', '.join(sorted(new.rights)) or 'nothing'}.")

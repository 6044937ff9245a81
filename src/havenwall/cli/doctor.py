"""`havenwall doctor`: is everything well?"""

from __future__ import annotations

import typer

from havenwall.cli.common import ConfigFile, JsonFlag, clear_errors, open_app, print_json, print_table


@clear_errors
def doctor(config: ConfigFile = None, json: JsonFlag = False) -> None:
    """Check the database, the stages, the guard's folder and the vault; exit 1 when something is wrong."""
    with open_app(config) as app:
        checks = app.doctor()
    if json:
        print_json(checks)
    else:
        rows = [(c.name, "ok" if c.ok else "PROBLEM", c.detail) for c in checks]
        print_table("Doctor", ("check", "state", "detail"), rows)
    if not all(check.ok for check in checks):
        raise typer.Exit(1)

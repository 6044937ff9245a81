"""`havenwall config`: the settings in force."""

from __future__ import annotations

import typer

from havenwall.app import load_config
from havenwall.cli.common import ConfigFile, JsonFlag, clear_errors, print_json, print_table

cli = typer.Typer(help="Settings.", no_args_is_help=True)


@cli.command("show")
@clear_errors
def show(config: ConfigFile = None, json: JsonFlag = False) -> None:
    """Print every setting with its value and where it came from; passwords are masked."""
    _, settings = load_config(config)
    if json:
        print_json(settings)
    else:
        rows = [(s.name, s.value, s.origin) for s in settings]
        print_table("Settings", ("name", "value", "from"), rows)

"""`havenwall compare`: what counts of found accounts say about two or more platforms."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from havenwall.cli.common import JsonFlag, clear_errors, print_json
from havenwall.cli.compare_tables import show

PlatformsFile = Annotated[
    Path, typer.Argument(help="YAML file with what was found on each platform, and with what effort.")
]


@clear_errors
def compare(file: PlatformsFile, json: JsonFlag = False) -> None:
    """Compare platforms by the accounts found on them; refuses to rank where the sign is undetermined."""
    from havenwall.app.comparing import compare_file

    found = compare_file(file)
    if json:
        print_json(found)
    else:
        show(found)

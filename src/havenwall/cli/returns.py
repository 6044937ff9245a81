"""`havenwall network returns`: removed accounts that may have come back."""

from __future__ import annotations

from typing import Annotated

import typer

from havenwall.cli.common import OUT, ConfigFile, JsonFlag, clear_errors, open_app, print_json, print_table
from havenwall.model import SYSTEM, FoundReturn

_REASONS = 3


@clear_errors
def returns(
    limit: Annotated[int, typer.Option(min=1, max=10_000, help="Accounts to print.")] = 50,
    config: ConfigFile = None,
    json: JsonFlag = False,
) -> None:
    """Show accounts that may be confirmed accounts again that were removed, newest first."""
    with open_app(config) as app:
        found = app.returns(SYSTEM)[:limit]
    if json:
        print_json(found)
    elif not found:
        OUT.print("No returns. They are looked for once a confirmed account was removed: havenwall run")
    else:
        columns = ("newcomer", "former account", "chance", "days between", "reasons")
        print_table("Accounts that may have come back", columns, map(_row, found))


def _row(found: FoundReturn) -> tuple[str, ...]:
    days = "" if found.days is None else f"{found.days:+.0f}"
    return (
        found.newcomer,
        found.former,
        f"{found.probability:.2f}",
        days,
        "\n".join(found.reasons[:_REASONS]),
    )

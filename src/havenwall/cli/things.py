"""`havenwall network things`: the groups, tags and other things that members use."""

from __future__ import annotations

from typing import Annotated

import typer

from havenwall.cli.common import OUT, ConfigFile, JsonFlag, clear_errors, open_app, print_json, print_table
from havenwall.model import SYSTEM, Risk, ThingKind


@clear_errors
def things(
    kind: Annotated[ThingKind | None, typer.Option(help="Only things of this kind.")] = None,
    limit: Annotated[int, typer.Option(min=1, max=200, help="Things to print.")] = 20,
    config: ConfigFile = None,
    json: JsonFlag = False,
) -> None:
    """List the groups, tags and other things that members use most, from the newest scoring."""
    with open_app(config) as app:
        run, found = app.things(SYSTEM, kind)
    if json:
        print_json({"run": run.id if run else None, "things": found[:limit]})
    elif run is None:
        OUT.print("Nothing was scored yet. It takes links and a confirmed account: havenwall network score")
    elif not found:
        OUT.print(
            f"No {kind or 'thing'} has more members among its users than chance gives. "
            "Links to groups, tags, live streams, domains and media are what it is counted from."
        )
    else:
        columns = ("thing", "kind", "users", "confirmed", "likely", "share of members", "why")
        print_table(f"Things ({min(limit, len(found))} of {len(found)})", columns, map(_row, found[:limit]))


def _row(risk: Risk) -> tuple[str, ...]:
    use, kind = risk.use, risk.entity.partition(":")[0]
    counts = (str(use.users), str(use.confirmed), str(use.likely)) if use else ("", "", "")
    share = f"{risk.probability:.0%} ({risk.low or 0:.0%} to {risk.high or 0:.0%})"
    return (risk.entity, kind, *counts, share, " ".join(risk.reasons))

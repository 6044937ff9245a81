"""`havenwall run`: let every stage catch up."""

from __future__ import annotations

from collections import Counter
from typing import Annotated

import typer

from havenwall.cli.common import (
    OUT,
    ConfigFile,
    JsonFlag,
    clear_errors,
    open_app,
    print_json,
    print_table,
    steps,
)
from havenwall.engine import Progress


@clear_errors
def run(
    stage: Annotated[list[str] | None, typer.Option(help="Only this stage (repeat for more).")] = None,
    config: ConfigFile = None,
    json: JsonFlag = False,
) -> None:
    """Run the stages over everything new: detect, network, policy, casework, disclose."""
    read: Counter[str] = Counter()
    with open_app(config) as app, steps() as progress:
        app.check_stages(stage or ())
        task = progress.add_task("looking for new records", total=None)

        def tell(done: Progress) -> None:
            read[done.stage] += done.records
            progress.update(task, description=f"{done.stage}: {read[done.stage]:,} records")

        total = app.run(stage or (), tell)
    if json:
        print_json({"records": total, "stages": dict(read)})
    elif not total:
        OUT.print("Nothing new.")
    else:
        print_table("Done", ("stage", "records"), [(name, f"{n:,}") for name, n in read.items()])

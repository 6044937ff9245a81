"""`havenwall live`: watch a stream that lies on this machine."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from havenwall.cli.common import OUT, ConfigFile, JsonFlag, clear_errors, open_app, print_json, steps

cli = typer.Typer(help="Live streams.", no_args_is_help=True)


@cli.callback()
def group() -> None:
    """Live streams."""


@cli.command("watch")
@clear_errors
def watch(
    file: Annotated[Path, typer.Argument(help="HLS playlist with its segments beside it, or any video.")],
    stream: Annotated[str, typer.Option(help="The stream, as live:ID.")],
    account: Annotated[str, typer.Option(help="Who streams, as account:ID.")],
    audience: Annotated[int | None, typer.Option(min=0, help="How many watch.")] = None,
    config: ConfigFile = None,
    json: JsonFlag = False,
) -> None:
    """Take a file as if it were live: look its frames up, and tell the journal of matches."""
    from havenwall.app.live import Frame, LiveAnswer

    told: list[LiveAnswer] = []
    with open_app(config) as app, steps() as progress:
        task = progress.add_task(stream, total=None)

        def hear(answer: LiveAnswer) -> None:
            progress.update(task, advance=1, description=f"{stream} risk {answer.stand.risk:.2f}")
            if answer.told:
                told.append(answer)

        frame = Frame(stream=stream, account=account, audience=audience)
        last = app.live.watch(frame, file, hear)
    if json:
        print_json({"last": last, "told": told})
        return
    OUT.print(
        f"{stream}: {last.outcome.value}{f' ({last.reason})' if last.reason else ''}, "
        f"risk {last.stand.risk:.2f}, urgency {last.stand.urgency:.2f}, told {len(told)} times",
        highlight=False,
    )
    for answer in told:
        clips = ", ".join(f"{c.clip} ({c.coverage:.0%})" for c in answer.stand.clips)
        known = ", ".join(f"{m.bank} {m.source_id} at {m.distance:g} bits" for m in answer.matches)
        OUT.print(f"  risk {answer.stand.risk:.2f}: {known or clips}", highlight=False)

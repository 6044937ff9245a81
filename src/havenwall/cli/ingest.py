"""`havenwall ingest`: bulk files into the journal."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import Annotated

import typer
from rich.progress import BarColumn, Progress, TextColumn, TimeRemainingColumn

from havenwall.cli.common import ERR, ConfigFile, JsonFlag, clear_errors, open_app, print_json, print_table
from havenwall.errors import BadInput
from havenwall.intake import Format, Summary
from havenwall.model import LinkKind


@clear_errors
def ingest(
    files: Annotated[list[Path], typer.Argument(help="JSONL, CSV or Parquet; plain, .gz or .zst.")],
    source: Annotated[
        str | None, typer.Option(help="Who the events come from, where the file does not say.")
    ] = None,
    format: Annotated[
        Format | None, typer.Option(help="What the file is, if its name does not tell.")
    ] = None,
    edges: Annotated[
        bool, typer.Option(help="A plain edge list: two account ids a line, a weight if any.")
    ] = False,
    link: Annotated[LinkKind, typer.Option(help="What the links of an edge list are.")] = LinkKind.FOLLOW,
    directed: Annotated[bool, typer.Option(help="Whether an edge list has a direction.")] = True,
    at: Annotated[datetime | None, typer.Option(help="When an edge list's links were made.")] = None,
    rejects: Annotated[
        Path | None, typer.Option(help="Where bad lines go; default FILE.rejects.jsonl here.")
    ] = None,
    config: ConfigFile = None,
    json: JsonFlag = False,
) -> None:
    """Journal events from bulk files. Bad lines are set aside and counted; the rest goes in.

    Taking the same file twice changes nothing.
    """
    _check_files(files, rejects)
    summaries: dict[str, Summary] = {}
    with open_app(config) as app:
        for file in files:
            aside = rejects or Path(f"{file.name}.rejects.jsonl")
            with _bar(file) as progress:
                if edges:
                    summaries[str(file)] = app.ingest_edges(
                        file,
                        source=source,
                        link=link,
                        directed=directed,
                        at=at,
                        rejects=aside,
                        progress=progress,
                    )
                else:
                    summaries[str(file)] = app.ingest_file(
                        file, source=source, format=format, rejects=aside, progress=progress
                    )
    _show(summaries, json=json)


def _check_files(files: list[Path], rejects: Path | None) -> None:
    missing = [str(file) for file in files if not file.is_file()]
    if missing:
        raise BadInput(f"no such file: {', '.join(missing)}", field="files")
    if rejects and len(files) > 1:
        raise BadInput("one rejects file cannot serve several files", field="rejects", hint="leave it out")


@contextmanager
def _bar(file: Path) -> Iterator[Callable[[int, int, int], None]]:
    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        TextColumn("{task.percentage:>3.0f} %  {task.fields[rate]}"),
        TimeRemainingColumn(),
    )
    with Progress(*columns, console=ERR) as progress:
        task = progress.add_task(file.name, total=file.stat().st_size, rate="")

        def tell(done: int, total: int, events: int) -> None:
            elapsed = progress.tasks[task].elapsed or 1e-9
            progress.update(task, completed=done, total=total, rate=f"{events / elapsed:,.0f} events/s")

        yield tell


def _show(summaries: dict[str, Summary], *, json: bool) -> None:
    if json:
        print_json(summaries)
        return
    rows = [
        (
            name,
            f"{s.read:,}",
            f"{s.accepted:,}",
            f"{s.duplicates:,}",
            f"{s.rejected:,}",
            f"{s.rate:,.0f}",
            str(s.rejects_path or ""),
        )
        for name, s in summaries.items()
    ]
    columns = ("file", "read", "accepted", "duplicates", "rejected", "rows/s", "rejects in")
    print_table("Ingested", columns, rows)

"""What every verb shares: where output goes, how errors look, how a table is printed."""

from __future__ import annotations

import functools
import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated, Any, ParamSpec, TypeVar

import msgspec
import typer
from rich.console import Console
from rich.progress import (
    BarColumn,
    MofNCompleteColumn,
    Progress,
    SpinnerColumn,
    TextColumn,
    TimeElapsedColumn,
)
from rich.table import Table

from havenwall.app import App, load_config
from havenwall.app.logs import set_up_logs
from havenwall.errors import HavenwallError

P = ParamSpec("P")
R = TypeVar("R")

_PIPED_WIDTH = 160
OUT = Console(width=None if sys.stdout.isatty() else _PIPED_WIDTH)
"""Results. Piped, there is no width to keep to."""
ERR = Console(stderr=True)
"""Progress and errors, so that results can be piped."""

JsonFlag = Annotated[bool, typer.Option("--json", help="Print JSON instead of a table.")]
ConfigFile = Annotated[
    Path | None, typer.Option("--config", help="TOML file with settings.", envvar="HAVENWALL_CONFIG")
]


def clear_errors(verb: Callable[P, R]) -> Callable[P, R]:
    """Let a verb end with one line and a hint instead of a trace; the exit code comes from the error."""

    @functools.wraps(verb)
    def run(*args: P.args, **kwargs: P.kwargs) -> R:
        try:
            return verb(*args, **kwargs)
        except HavenwallError as problem:
            ERR.print(f"[red]error:[/red] {problem.message}", highlight=False)
            if problem.hint:
                ERR.print(f"[dim]hint:[/dim] {problem.hint}", highlight=False)
            raise typer.Exit(problem.exit_code) from problem
        except KeyboardInterrupt:
            ERR.print("stopped")
            raise typer.Exit(130) from None

    return run


@contextmanager
def open_app(config: Path | None) -> Iterator[App]:
    """The application with the configuration in force."""
    settings, _ = load_config(config)
    set_up_logs(settings.log_level if settings.log_level != "info" else "warning")
    app = App(settings)
    try:
        yield app
    finally:
        app.close()


def print_json(record: Any) -> None:
    """Print any record as indented JSON on standard output."""
    sys.stdout.write(msgspec.json.format(msgspec.json.encode(record, enc_hook=str), indent=2).decode() + "\n")


def print_table(title: str, columns: Sequence[str], rows: Iterable[Sequence[str]]) -> None:
    """Print a table: the first column on the left, the others on the right; nothing is cut off."""
    table = Table(title=title, title_justify="left", header_style="bold")
    for at, column in enumerate(columns):
        table.add_column(column, justify="left" if at == 0 else "right", overflow="fold")
    for row in rows:
        table.add_row(*row)
    OUT.print(table)


@contextmanager
def steps() -> Iterator[Progress]:
    """A progress display on standard error; plain lines where that is no terminal."""
    columns = (
        SpinnerColumn(),
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
    )
    with Progress(*columns, console=ERR, transient=False) as progress:
        yield progress

"""`havenwall lists`: banks of known media."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import msgspec
import typer

from havenwall.cli.common import (
    OUT,
    ConfigFile,
    JsonFlag,
    clear_errors,
    open_app,
    print_json,
    steps,
)
from havenwall.cli.lists_set import OWNER, set_list
from havenwall.cli.lists_tables import show_detail, show_found, show_import, show_lists, show_rejects
from havenwall.errors import BadInput
from havenwall.model.bank import Backfill, BankSource, SourceKind
from havenwall.model.bank_entry import Applied, EntryState

if TYPE_CHECKING:
    from havenwall.detect.banks import Page

cli = typer.Typer(help="Lists of known media: own ones and those of others.", no_args_is_help=True)
cli.command("set")(set_list)
Name = Annotated[str, typer.Argument(help="Name of the list.")]


@cli.command("import")
@clear_errors
def import_list(
    name: Name,
    file: Annotated[
        Path | None, typer.Argument(help="Plain or CSV file; without it the list's own source is asked.")
    ] = None,
    rejects: Annotated[
        Path | None, typer.Option(help="Where malformed lines go; default FILE.rejects.jsonl here.")
    ] = None,
    allow_shrink: Annotated[
        bool, typer.Option("--allow-shrink", help="Withdraw what the source tells of no more, however much.")
    ] = False,
    no_search: Annotated[
        bool, typer.Option("--no-search", help="Leave the search of what was seen to the server.")
    ] = False,
    config: ConfigFile = None,
    json: JsonFlag = False,
) -> None:
    """Import a list, going on where the last import ended. Malformed records are set aside and counted.

    A list that does not exist yet is made when there is a file. Importing the same twice changes nothing.
    """
    aside = rejects or (Path(f"{file.name}.rejects.jsonl") if file else None)
    with open_app(config) as app, _progress(name, aside) as tell:
        content = _read(file) if file else None
        result = app.banks.bring_in(OWNER, name, content, tell=tell, allow_shrink=allow_shrink)
    if not no_search:
        search_seen(config=config, json=False, quiet=True)
    if json:
        print_json(result)
    else:
        show_import(result, aside)


@cli.command("search")
@clear_errors
def search(config: ConfigFile = None, json: JsonFlag = False) -> None:
    """Search all media seen so far for entries that are new; a server does so by itself."""
    search_seen(config=config, json=json, quiet=False)


def search_seen(*, config: Path | None, json: bool, quiet: bool) -> None:
    """Search with a bar; `quiet` prints nothing when it is done."""
    with open_app(config) as app, steps() as progress:
        task = progress.add_task("searching what was seen", total=None)

        def tell(at: Backfill) -> None:
            told = f"searching what was seen: {at.found:,} found"
            progress.update(task, description=told, completed=at.position, total=at.end)

        found = app.banks.search_seen(tell)
        progress.update(task, completed=1, total=1)
    if json:
        print_json(found)
    elif not quiet:
        OUT.print(f"{found.found:,} found" if found else "no entry is new", highlight=False)


@cli.command("show")
@clear_errors
def show(
    name: Annotated[str | None, typer.Argument(help="Name of a list; without it all are shown.")] = None,
    state: Annotated[
        EntryState | None, typer.Option(help="Only entries of this state.", case_sensitive=False)
    ] = None,
    limit: Annotated[int, typer.Option(min=1, max=10_000, help="Entries to print.")] = 20,
    config: ConfigFile = None,
    json: JsonFlag = False,
) -> None:
    """Show all lists, or one with its newest entries and malformed records."""
    with open_app(config) as app:
        found = app.banks.detail(OWNER, name, state, limit) if name else app.banks.statuses(OWNER)
    if json:
        print_json(found)
    elif isinstance(found, list):
        show_lists(found)
    else:
        show_detail(found)


@cli.command("check")
@clear_errors
def check(
    file: Annotated[Path, typer.Argument(help="Plain or CSV file.")],
    csv: Annotated[bool, typer.Option("--csv", help="A CSV file with a header.")] = False,
    config: ConfigFile = None,
    json: JsonFlag = False,
) -> None:
    """Read a list file as an import would, tell what is malformed in it, and keep nothing."""
    source = BankSource(kind=SourceKind.CSV if csv else SourceKind.FILE)
    with open_app(config) as app:
        found = app.banks.check(source, _read(file))
    if json:
        print_json(found)
    else:
        kinds = ", ".join(f"{count:,} {kind}" for kind, count in found.hashes.items())
        OUT.print(
            f"{found.items:,} items ({kinds or 'no hash'}), {found.withdrawn:,} withdrawn", highlight=False
        )
        show_rejects(f"{found.rejected:,} malformed", found.rejects)
    if found.rejected:
        raise typer.Exit(BadInput.exit_code)


@cli.command("find")
@clear_errors
def find(
    hash: Annotated[str, typer.Argument(help="A hash: `md5:…`, `pdq:…`, `photodna:…`, or its digits alone.")],
    purpose: Annotated[str, typer.Option(help="What for; lists that do not allow it are not asked.")] = "",
    use: Annotated[str, typer.Option(help="Where, such as `live`; lists kept out of it are not asked.")] = "",
    without: Annotated[list[str] | None, typer.Option(help="A list not to ask.")] = None,
    config: ConfigFile = None,
    json: JsonFlag = False,
) -> None:
    """Look a hash up in all lists; tell what matched, how near, and what vetoes it."""
    from havenwall.detect.banks import Asking

    asking = Asking(purpose=purpose, use=use, without=tuple(without or ()))
    with open_app(config) as app:
        app.banks.index.catch_up()
        found = app.banks.find(OWNER, hash, asking)
    if json:
        print_json({"acts": found.acts, "matches": found.matches, "vetoes": found.vetoes})
    else:
        show_found(found)


@cli.command("entry")
@clear_errors
def entry(
    name: Name,
    number: Annotated[int, typer.Argument(help="Number of the entry, as `show` and `find` tell it.")],
    state: Annotated[EntryState, typer.Argument(help="active or set_aside.", case_sensitive=False)],
    why: Annotated[str, typer.Option(help="Why; kept in the entry's history.")] = "",
    config: ConfigFile = None,
    json: JsonFlag = False,
) -> None:
    """Set an entry aside, so that no machine acts on its matches, or let it count again."""
    if state is EntryState.WITHDRAWN:
        raise BadInput("only its source withdraws an entry", field="state", hint="set it aside instead")
    with open_app(config) as app:
        changed = app.banks.set_entry(OWNER, name, number, state, why)
    if json:
        print_json(changed)
    else:
        OUT.print(f"entry {changed.id} of {name} is {changed.state.value}: {changed.why}", highlight=False)


def _read(file: Path) -> bytes:
    try:
        return file.read_bytes()
    except OSError as error:
        raise BadInput(error.strerror or "cannot be read", field=str(file), hint="check the path") from error


@contextmanager
def _progress(name: str, aside: Path | None) -> Iterator[Callable[[Page, Applied], None]]:
    """A bar that moves with the pages; malformed records go to the file `aside`, if there are any."""
    written = False
    with steps() as progress:
        task = progress.add_task(name, total=None)

        def tell(page: Page, done: Applied) -> None:
            nonlocal written
            told = f"{name}: {done.added:,} added, {done.withdrawn:,} withdrawn, {done.rejected:,} malformed"
            progress.update(task, description=told, completed=page.done, total=page.total or None)
            if aside and page.rejects:
                with aside.open("ab" if written else "wb") as file:
                    file.writelines(msgspec.json.encode(reject) + b"\n" for reject in page.rejects)
                written = True

        yield tell

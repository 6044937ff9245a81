"""Term lists of the query guard: where they lie, how they are checked and sealed."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from havenwall.app.config import Config
from havenwall.app.proposals import accepted_list
from havenwall.errors import BadInput

if TYPE_CHECKING:
    from havenwall.guard.query import QueryGuard

# The automaton is compiled code; commands that ask no query start without it.


def open_query_guard(config: Config) -> QueryGuard:
    """The guard over the sealed lists of the settings; it keeps up with them while it is asked.

    Raises:
        BadConfig, BadInput: a list does not open or is not right, or there are too many false hits.
    """
    from havenwall.guard.query import QueryGuard

    return QueryGuard.open(
        config.guard_term_lists or config.terms_folder,
        config.terms_key_file,
        also=(accepted_list(config),),
        help=config.guard_help,
        benign=config.guard_benign_lists,
        budget=config.guard_false_hits,
    )


def check_terms(config: Config, file: Path) -> tuple[QueryGuard, bytes]:
    """A guard over one plain list, made as it would be for serving; and the list's content.

    Raises:
        BadInput: the file lies in the data folder, or is not right, or there are too many false hits.
        BadConfig: the benign vocabulary or the help resources cannot be read.
    """
    from havenwall.guard.query import QueryGuard
    from havenwall.guard.terms import load_benign, load_help, read_terms

    if file.resolve().is_relative_to(config.data.absolute().resolve()):
        hint = "move it out; only sealed lists belong there"
        raise BadInput("is a plain list in the data folder", field=str(file), hint=hint)
    try:
        content = file.read_bytes()
    except OSError as error:
        raise BadInput("cannot be read", field=str(file), hint=error.strerror) from None
    guard = QueryGuard(
        read_terms([(file.name, content)]),
        help=load_help(config.guard_help),
        benign=load_benign(config.guard_benign_lists),
        budget=config.guard_false_hits,
    )
    return guard, content


def seal_list(config: Config, file: Path) -> tuple[Path, QueryGuard]:
    """Check a plain list and keep it sealed, in place of one of the same name.

    Raises:
        BadConfig, BadInput: as `check_terms`, and when the key lies in the folder.
    """
    from havenwall.guard.terms import seal_terms

    guard, content = check_terms(config, file)
    return seal_terms(config.terms_folder, file.name, content, config.terms_key_file), guard

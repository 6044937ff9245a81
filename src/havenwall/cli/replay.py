"""`havenwall guard replay`: the questions of a shadow log, asked again."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Annotated

import typer

from havenwall.cli.common import OUT, ConfigFile, JsonFlag, clear_errors, open_app, print_json, print_table
from havenwall.guard.shadow import Replayed, read_entries, replay
from havenwall.model import Standing


@clear_errors
def replay_log(
    log: Annotated[Path, typer.Argument(help="A file of a shadow log, or the folder of all its files.")],
    config: ConfigFile = None,
    json: JsonFlag = False,
) -> None:
    """Ask the questions of a shadow log again, of the snapshots they were asked of.

    Ends with code 1 when an answer differs or a line is damaged.
    """
    with open_app(config) as app:
        found = replay(
            read_entries(log), app.config.guard_folder, app.guard.policy, _every(app.store.guard.changes)
        )
    if json:
        print_json(found)
    else:
        _print_replay(found)
    if found.different or found.damaged or found.refused:
        raise typer.Exit(1)


def _every(part: Callable[[int], list[Standing]]) -> Callable[[int], Iterator[Standing]]:
    def changes(after: int) -> Iterator[Standing]:
        while rows := part(after):
            yield from rows
            after = rows[-1].seq

    return changes


def _print_replay(found: Replayed) -> None:
    rows = [
        ("answered the same", found.same),
        ("answered otherwise", found.different),
        ("snapshot or changes not kept any more", found.gone),
        ("logged without names", found.nameless),
        ("not a question for this version", found.refused),
        ("damaged", found.damaged),
        ("of those asked again: logged under another policy", found.other_policy),
    ]
    print_table("Replay of the shadow log", ("entries", "count"), [(name, f"{n:,}") for name, n in rows])
    for each in found.differences:
        policy = ", under another policy" if each.other_policy else ""
        OUT.print(f"entry {each.entry} of {each.version}{policy}:", highlight=False)
        for word, verdicts in (("logged", each.logged), ("now", each.now)):
            said = ", ".join(f"{v.entity} {v.outcome}" for v in verdicts) or "all allowed"
            OUT.print(f"  {word}: {said}", highlight=False, markup=False)

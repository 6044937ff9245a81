"""`havenwall network discover`: communities without confirmed accounts."""

from __future__ import annotations

from collections.abc import Iterator

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
from havenwall.model import SYSTEM, Communities, Community

_FIRST = 3


@clear_errors
def discover(config: ConfigFile = None, json: JsonFlag = False) -> None:
    """Look for communities around accounts with signals when nobody is confirmed; changes nothing.

    The stage `discover` does the same and brings what holds up to a person, until ten accounts are confirmed.
    """
    with open_app(config) as app, steps() as progress:
        task = progress.add_task("searching", total=None)
        found = app.discover(SYSTEM)
        progress.update(task, description="searched", total=1, completed=1)
    if json:
        print_json(found)
        return
    if found.found or found.set_aside:
        columns = (
            "community",
            "accounts",
            "with signals",
            "by chance",
            "evidence",
            "strength",
            "doubt",
            "first",
        )
        print_table("Communities", columns, _rows(found))
    for line in _summary(found):
        OUT.print(line, highlight=False)


def _rows(found: Communities) -> Iterator[tuple[str, ...]]:
    for each in (*found.found, *found.set_aside):
        yield (
            each.id[:8],
            str(len(each.members)),
            str(each.signalled),
            f"{each.expected:.1f}",
            _evidence(each),
            f"{each.strength:.2f}",
            each.doubt or "-",
            " ".join(each.members[:_FIRST]),
        )


def _evidence(community: Community) -> str:
    return ", ".join(f"{kind} {value:.1f}" for kind, value in community.evidence.items()) or "none"


def _summary(found: Communities) -> Iterator[str]:
    if found.reason:
        yield f"No community: {found.reason}."
    if not found.signalled:
        yield (
            "What is missing: links between accounts, and signals on them. Send events, name lists of terms "
            "or of known media in the settings term_lists and hash_lists, then: havenwall run"
        )
        return
    yield (
        f"{found.accounts:,} accounts, {found.links:,} links, {found.signalled:,} accounts with signals; "
        f"{len(found.found)} communities, {len(found.set_aside)} set aside; {found.seconds:.1f} s"
    )

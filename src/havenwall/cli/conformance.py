"""Writes the page that says what the guard answers on each surface in each state of its data."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Final

from havenwall.guard import CONTACTS, Policy, Surface, ViewerClass, load_policy
from havenwall.guard.conformance import CONDITIONS, STANDINGS, expected, expected_contact

_HEAD: Final = """# What the guard answers, by surface and state of its data
For the policy that ships with Havenwall. `tests/unit/guard/test_conformance.py` brings a real guard into
each condition and compares its answers with these tables. `Flagged` says whether answers carry `stale`.
Where a condition is flagged and the rules for fresh data still hold, the surface's failure mode follows
when its limit is reached: incomplete data does not count as a sign of life. A surface that fails open and
has no data lets everything pass and flags the answer. Ten thousand candidates are answered like one. A
candidate that is no entity name is an error, never a pass. Viewers a surface is closed to get nothing there
in any condition in which the guard knows them.
"""
_FLAGGED: Final = ("suppressed", "restricted", "removed")
_MINOR: Final = ViewerClass.MINOR


def conformance_page() -> str:
    """The page for the policy that ships."""
    return "".join(_parts(load_policy()))


def _parts(policy: Policy) -> Iterator[str]:
    yield _HEAD
    yield "\n## Limits and failure modes\n"
    yield _table(
        ("surface", "limit", "failure mode", "closed to viewers"), (_limit(policy, each) for each in Surface)
    )
    yield "\n## Conditions\n"
    flagged = ((str(n), each.title, "yes" if each.stale else "no") for n, each in enumerate(CONDITIONS, 1))
    yield _table(("number", "condition", "flagged"), flagged)
    numbers = [str(n) for n in range(1, len(CONDITIONS) + 1)]
    for standing in STANDINGS:
        yield f"\n## A candidate that is {standing}\nColumns are the conditions above; an ordinary viewer.\n"
        yield _table(("surface", *numbers), (_line(policy, each, standing) for each in Surface))
    for standing in _FLAGGED:
        yield f"\n## By who looks: a candidate that is {standing}\nOn fresh data.\n"
        yield _table(("surface", *ViewerClass), (_by_viewer(policy, each, standing) for each in Surface))
    yield "\n## Contact between two accounts\nOn fresh data, whichever of the two is the sender.\n"
    yield _table(("pair", *CONTACTS), _pairs(policy))


def _limit(policy: Policy, surface: Surface) -> tuple[str, ...]:
    row = policy.row(surface, outdated=False)
    closed = [name for name in _FLAGGED if row.closed_to[STANDINGS[name]]]
    return surface, f"{policy.max_age(surface):g} s", policy.failure(surface), ", ".join(closed) or "nobody"


def _line(policy: Policy, surface: Surface, standing: str) -> tuple[str, ...]:
    return surface, *(expected(policy, surface, condition, standing) for condition in CONDITIONS)


def _by_viewer(policy: Policy, surface: Surface, standing: str) -> tuple[str, ...]:
    return surface, *(expected(policy, surface, CONDITIONS[0], standing, viewer) for viewer in ViewerClass)


def _pairs(policy: Policy) -> Iterator[tuple[str, ...]]:
    for one in ("unknown", *_FLAGGED):
        for other in ("unknown", *_FLAGGED):
            if list(STANDINGS).index(other) <= list(STANDINGS).index(one):
                outcomes = (expected_contact(policy, surface, one, other) for surface in CONTACTS)
                yield f"{one} – {other}", *outcomes
    for one in ("unknown", *_FLAGGED):
        outcomes = (
            expected_contact(policy, surface, one, "unknown", receiver_class=_MINOR) for surface in CONTACTS
        )
        yield f"{one} – minor", *outcomes


def _table(head: Iterable[str], lines: Iterable[Iterable[str]]) -> str:
    head = list(head)
    rows = (head, ["---"] * len(head), *lines)
    return "".join(f"| {' | '.join(row)} |\n" for row in rows)

"""Where an account may have come from, or come back as, with ways to the other one."""

from __future__ import annotations

import msgspec

from havenwall.app import App
from havenwall.model import FoundReturn, Right, Viewer
from havenwall.web.console.paging import member_path
from havenwall.web.console.words import plural

_MOST = 20


class ReturnRow(msgspec.Struct, frozen=True, kw_only=True):
    """A return that an account is one end of."""

    found: FoundReturn
    other: str
    """The account at the other end."""
    href: str
    """Its page; empty if it is in no case that the viewer may see."""
    when: str
    """How the two lie in time, as a sentence; empty where nobody told."""


class ReturnRows(msgspec.Struct, frozen=True, kw_only=True):
    """What to show of an account, likeliest first."""

    before: tuple[ReturnRow, ...]
    """Removed accounts that it may be again."""
    after: tuple[ReturnRow, ...]
    """Accounts that may be it again."""


def return_rows(app: App, viewer: Viewer, entity: str) -> ReturnRows:
    """All returns that an account is one end of; none for who may not see accounts of child-safety cases."""
    if not viewer.may(Right.SEE_CHILD_SAFETY):
        return ReturnRows(before=(), after=())
    told = sorted(app.returns(viewer), key=lambda found: -found.probability)
    before = [(found, found.former) for found in told if found.newcomer == entity][:_MOST]
    after = [(found, found.newcomer) for found in told if found.former == entity][:_MOST]
    cases = app.store.cases(viewer).cases_of([other for _, other in (*before, *after)])
    return ReturnRows(
        before=tuple(_row(found, other, cases) for found, other in before),
        after=tuple(_row(found, other, cases) for found, other in after),
    )


def _row(found: FoundReturn, other: str, cases: dict[str, str]) -> ReturnRow:
    href = member_path(cases[other], other) if other in cases else ""
    return ReturnRow(found=found, other=other, href=href, when=_when(found.days))


def _when(days: float | None) -> str:
    if days is None:
        return ""
    if -1 < days < 1:
        return "It was created within a day of the removal."
    side = "after the removal" if days > 0 else "before the removal, as a backup would be"
    return f"It was created {plural(round(abs(days)), 'day')} {side}."

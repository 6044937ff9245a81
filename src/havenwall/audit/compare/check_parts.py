"""Checks of the optional parts of a platform: found again, and what became of the accounts."""

from __future__ import annotations

import math
from collections.abc import Iterator

from havenwall.audit.compare.request import Lifetime, Recapture, Recheck, Survival, TwoLists

_MOST_DAYS = 36_500


def check_recapture(recapture: Recapture) -> Iterator[tuple[str, str, str]]:
    """What is wrong: (field below `recapture`, what, remedy)."""
    forms = [recapture.two_lists, recapture.lists, recapture.frequencies]
    if sum(form is not None for form in forms) != 1:
        yield "", "needs one form", "give exactly one of two_lists, lists and frequencies"
        return
    if recapture.occasions is not None and recapture.frequencies is None:
        yield ".occasions", "belongs to frequencies", "leave it out"
    if recapture.two_lists:
        yield from _two(recapture.two_lists)
    if recapture.lists is not None:
        yield from _lists(recapture.lists)
    if recapture.frequencies is not None:
        yield from _frequencies(recapture.frequencies, recapture.occasions)


def check_survival(survival: Survival, found: int) -> Iterator[tuple[str, str, str]]:
    """What is wrong: (field below `survival`, what, remedy)."""
    if (survival.checks is None) == (survival.lifetimes is None):
        yield "", "needs one form", "give either checks or lifetimes"
    elif survival.checks is not None:
        yield from _checks(survival.checks, found)
    elif survival.lifetimes is not None:
        yield from _lifetimes(survival.lifetimes)


def _two(lists: TwoLists) -> Iterator[tuple[str, str, str]]:
    for name in ("first", "second"):
        if getattr(lists, name) < 1:
            yield f".two_lists.{name}", "is below 1", "give the length of the list"
    least = min(lists.first, lists.second)
    if not 0 <= lists.both <= least:
        yield ".two_lists.both", f"{lists.both} is out of range", f"set it from 0 to {max(least, 0)}"


def _lists(lists: dict[str, list[str | int]]) -> Iterator[tuple[str, str, str]]:
    if not 2 <= len(lists) <= 100:
        yield ".lists", f"there are {len(lists)}", "give 2 to 100 lists made independently of each other"
    for name, ids in lists.items():
        if not ids:
            yield f".lists.{name}", "is empty", "leave out a list that found nothing"


def _frequencies(counts: list[int], occasions: int | None) -> Iterator[tuple[str, str, str]]:
    if not counts or min(counts) < 0 or sum(counts) == 0:
        remedy = "give how many accounts were found exactly once, twice and so on, none below 0"
        yield ".frequencies", "are empty or negative", remedy
    if occasions is not None and not max(2, len(counts)) <= occasions <= 1_000_000:
        remedy = "give the number of searches, 2 or more and no less than the length of frequencies"
        yield ".occasions", f"{occasions} is out of range", remedy


def _checks(checks: list[Recheck], found: int) -> Iterator[tuple[str, str, str]]:
    if not 1 <= len(checks) <= 1_000:
        yield ".checks", f"there are {len(checks)}", "give 1 to 1,000 checks"
    before = 0.0
    for at, check in enumerate(checks):
        if not before < check.day <= _MOST_DAYS:
            remedy = "give days after the find, above 0 and each later than the one before"
            yield f".checks[{at}].day", f"{check.day} is out of order", remedy
        before = check.day
        of = found if check.of is None else check.of
        if not 1 <= of <= found:
            yield f".checks[{at}].of", f"{of} is out of range", f"set it from 1 to the {found} found"
        elif not 0 <= check.active <= of:
            yield f".checks[{at}].active", f"{check.active} is out of range", f"set it from 0 to {of}"


def _lifetimes(lifetimes: list[Lifetime]) -> Iterator[tuple[str, str, str]]:
    if not 1 <= len(lifetimes) <= 100_000:
        yield ".lifetimes", f"there are {len(lifetimes)}", "give one per account, up to 100,000"
    for at, life in enumerate(lifetimes):
        if not (math.isfinite(life.active) and 0 <= life.active <= _MOST_DAYS):
            remedy = "give the day of the last look that found it active, 0 if none did"
            yield f".lifetimes[{at}].active", f"{life.active} is out of range", remedy
        elif life.gone is not None and not life.active < life.gone <= _MOST_DAYS:
            remedy = "give a day after `active`, or leave it out where the account was still active"
            yield f".lifetimes[{at}].gone", f"{life.gone} is out of range", remedy

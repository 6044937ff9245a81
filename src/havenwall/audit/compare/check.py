"""Whether a CompareRequest makes sense: each field that does not, with a remedy."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterator
from typing import NamedTuple

from havenwall.audit.compare.check_parts import check_recapture, check_survival
from havenwall.audit.compare.request import CompareRequest, Platform
from havenwall.errors import BadInput

MOST_PLATFORMS = 20
MOST = 10**9
FEWEST_SESSIONS = 5
LEAST_PRIOR = 0.1
"""Weaker ones make intervals of nothing wider than a number can be."""
_MOST_NAMED = 10


class Problem(NamedTuple):
    """A field that is not right."""

    field: str
    what: str
    remedy: str


def checked(request: CompareRequest) -> CompareRequest:
    """The request, if it can be computed.

    Raises:
        BadInput: a field is not right; names the first with its remedy, and the other fields.
    """
    problems = list(_problems(request))
    if not problems:
        return request
    first, others = problems[0], problems[1:]
    named = ", ".join(p.field for p in others[:_MOST_NAMED]) + (" …" if len(others) > _MOST_NAMED else "")
    raise BadInput(
        first.what + (f" (not right either: {named})" if others else ""), field=first.field, hint=first.remedy
    )


def _problems(request: CompareRequest) -> Iterator[Problem]:
    yield from _settings(request)
    yield from _together(request)
    for at, platform in enumerate(request.platforms):
        for field, what, remedy in _platform(platform, request):
            yield Problem(f"platforms[{at}].{field}", what, remedy)


def _settings(request: CompareRequest) -> Iterator[Problem]:
    if request.title and not _is_name(request.title, 200):
        yield Problem("title", "is too long or not one line", "give it one line of up to 200 characters")
    if not 0.5 <= request.level <= 0.999:
        yield Problem("level", f"{request.level} is out of range", "set it from 0.5 to 0.999, such as 0.95")
    for name in ("rate", "detection"):
        value = getattr(request.prior, name)
        if not (value == 0 or LEAST_PRIOR <= value <= 10):
            remedy = f"set it to 0, or from {LEAST_PRIOR} to 10, such as 0.5"
            yield Problem(f"prior.{name}", f"{value} is out of range", remedy)
    if request.canaries is None and any(p.detection for p in request.platforms):
        remedy = "write `search` if canaries lay hidden while the search ran, `encounter` if they were shown"
        yield Problem("canaries", "it does not say what the canaries measured", remedy)


def _together(request: CompareRequest) -> Iterator[Problem]:
    platforms = request.platforms
    if not 2 <= len(platforms) <= MOST_PLATFORMS:
        yield Problem("platforms", f"there are {len(platforms)}", f"give 2 to {MOST_PLATFORMS} platforms")
    for name, times in Counter(p.name.strip() for p in platforms).items():
        if times > 1:
            yield Problem("platforms", f"{name!r} is there {times} times", "give each platform its own name")
    units = sorted({p.effort.unit.strip() for p in platforms})
    if len(units) > 1:
        remedy = "measure every platform's effort in the same unit; hours are not queries"
        yield Problem("platforms[].effort.unit", "differs: " + ", ".join(units), remedy)


def _platform(platform: Platform, request: CompareRequest) -> Iterator[Problem]:
    if not _is_name(platform.name, 80):
        yield Problem("name", "is empty, too long or not one line", "give it a name of 1 to 80 characters")
    if not 0 <= platform.found <= MOST:
        remedy = "set it to the number of different accounts found, 0 or more"
        yield Problem("found", f"{platform.found} is out of range", remedy)
    elif platform.found == 0 and request.prior.rate == 0:
        yield Problem("found", "0 with prior.rate 0 says nothing", "leave out prior.rate")
    yield from _effort(platform)
    yield from _detection(platform, request)
    yield from _sessions(platform)
    if platform.recapture:
        yield from (Problem(f"recapture{f}", *rest) for f, *rest in check_recapture(platform.recapture))
    if platform.survival:
        found = check_survival(platform.survival, platform.found)
        yield from (Problem(f"survival{f}", *rest) for f, *rest in found)


def _is_name(text: str, most: int) -> bool:
    return 0 < len(text.strip()) <= most and text.isprintable()


def _effort(platform: Platform) -> Iterator[Problem]:
    amount = platform.effort.amount
    if not (math.isfinite(amount) and 0 < amount <= MOST):
        remedy = "set it to what was spent, above 0; without known effort counts cannot be compared"
        yield Problem("effort.amount", f"{amount} is out of range", remedy)
    if not _is_name(platform.effort.unit, 40):
        remedy = "name the unit in 1 to 40 characters, such as search-hours or queries"
        yield Problem("effort.unit", "is empty, too long or not one line", remedy)


def _detection(platform: Platform, request: CompareRequest) -> Iterator[Problem]:
    if platform.detection is None:
        return
    planted, found = platform.detection.planted, platform.detection.found
    if not 1 <= planted <= MOST:
        remedy = "set it to the number of canaries planted, 1 or more, or leave out detection"
        yield Problem("detection.planted", f"{planted} is out of range", remedy)
    elif not 0 <= found <= planted:
        remedy = f"set it from 0 to the {planted} that were planted"
        yield Problem("detection.found", f"{found} is out of range", remedy)
    elif request.prior.detection == 0 and found in (0, planted):
        remedy = "leave out prior.detection: without it, all or none found leaves no interval"
        yield Problem("detection.found", f"{found} of {planted} with prior.detection 0", remedy)


def _sessions(platform: Platform) -> Iterator[Problem]:
    sessions = platform.sessions
    if sessions is None:
        return
    if not FEWEST_SESSIONS <= len(sessions) <= 10_000:
        remedy = f"give {FEWEST_SESSIONS} or more equal parts of the effort, or leave it out"
        yield Problem("sessions", f"there are {len(sessions)}", remedy)
    elif min(sessions) < 0 or sum(sessions) != platform.found:
        remedy = f"count each account where it was first found, so that they add up to {platform.found}"
        yield Problem("sessions", f"add up to {sum(sessions)}, or one is negative", remedy)

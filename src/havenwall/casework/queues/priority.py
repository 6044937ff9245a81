"""The priority of a case as a sum of parts, each with its points and a sentence."""

from __future__ import annotations

import math
from collections.abc import Callable, Collection
from datetime import datetime, timedelta

from havenwall.model import Case, CaseClass, CaseSource, CaseTopic, Member, MemberState, PriorityPart

_DAY = timedelta(days=1)
_SOURCE = {
    CaseSource.MACHINE: 2.0,
    CaseSource.REPORT: 4.0,
    CaseSource.FLAGGER: 8.0,
    CaseSource.AUTHORITY: 10.0,
}
_SOURCE_WORDS = {
    CaseSource.MACHINE: "A rule of the policy brought it up.",
    CaseSource.REPORT: "Somebody who uses the platform reported it.",
    CaseSource.FLAGGER: "A trusted flagger reported it.",
    CaseSource.AUTHORITY: "An authority asked for it.",
}
Proposed = Collection[Member]


def explained(case: Case, members: Collection[Member], at: datetime) -> tuple[PriorityPart, ...]:
    """The parts of a case's priority; empty when nobody is left to review.

    All parts together can give 100 points. Counts weigh by their logarithm: from one account to ten matters
    as much as from ten to a hundred.
    """
    proposed = [m for m in members if m.state is MemberState.PROPOSED]
    return tuple(part(case, proposed, at) for part in _PARTS) if proposed else ()


def total(parts: Collection[PriorityPart]) -> float:
    """The priority, 0..100."""
    return min(100.0, round(sum(part.points for part in parts), 1))


def _imminence(case: Case, proposed: Proposed, at: datetime) -> PriorityPart:
    del proposed, at
    if case.imminent:
        return _part("imminence", 20, 20, "Somebody is in danger now.")
    if case.topic is CaseTopic.LIVE:
        return _part("imminence", 15, 20, "It is happening now: a live stream.")
    return _part("imminence", 0, 20, "Nothing says that it is happening now.")


def _severity(case: Case, proposed: Proposed, at: datetime) -> PriorityPart:
    del at
    child = case.case_class is CaseClass.CHILD_SAFETY
    sure = sum(member.probability for member in proposed) / len(proposed)
    harm = "Child safety" if child else "Another harm"
    known = f"mean probability {sure:.0%}".replace("%", "\u00a0%") if sure else "no score yet"
    return _part("severity", (20 if child else 5) + 20 * sure, 40, f"{harm}; {known}.")


def _audience(case: Case, proposed: Proposed, at: datetime) -> PriorityPart:
    del proposed, at
    told = f"{case.audience:,} people see it." if case.audience else "How many people see it is not known."
    return _part("audience", 10 * _log_share(case.audience, 1_000_000), 10, told)


def _velocity(case: Case, proposed: Proposed, at: datetime) -> PriorityPart:
    del case
    new = sum(member.added_at > at - _DAY for member in proposed)
    return _part("velocity", 10 * _log_share(new, 100), 10, f"{new:,} came in within a day.")


def _size(case: Case, proposed: Proposed, at: datetime) -> PriorityPart:
    del case, at
    return _part("size", 10 * _log_share(len(proposed), 1_000), 10, f"{len(proposed):,} to review.")


def _source(case: Case, proposed: Proposed, at: datetime) -> PriorityPart:
    del proposed, at
    return _part("source", _SOURCE[case.source], 10, _SOURCE_WORDS[case.source])


_PARTS: tuple[Callable[[Case, Proposed, datetime], PriorityPart], ...] = (
    _imminence,
    _severity,
    _audience,
    _velocity,
    _size,
    _source,
)


def _log_share(count: int, most: int) -> float:
    return min(1.0, math.log1p(max(0, count)) / math.log1p(most))


def _part(name: str, points: float, most: float, why: str) -> PriorityPart:
    return PriorityPart(name=name, points=round(points, 1), most=most, why=why)

"""What a caller gets, also when there was no answer."""

from __future__ import annotations

from enum import StrEnum
from typing import Final

import msgspec

from havenwall.guard import Outcome, Verdict
from havenwall.guard.query import QueryOutcome, QuerySurface, QueryVerdict, outcome_on

UNANSWERED: Final = "client:unanswered"
"""Reason code of a verdict that no guard gave."""


class Fail(StrEnum):
    """What a look-up that failed comes to. There is no third way, and none is silent."""

    CLOSED = "closed"
    """Nothing is shown."""
    OPEN = "open"
    """Everything is shown, because the caller said so; `answered` is false."""


class Answer(msgspec.Struct, frozen=True, kw_only=True):
    """Which candidates to show."""

    keep: list[int]
    """Places of the candidates to show, rising."""
    verdicts: list[Verdict]
    """Those that are not plain `allow`, by place; empty where there was no answer."""
    answered: bool
    """A guard judged these candidates. False: `keep` is what the caller's fail mode made it."""
    problem: str | None = None
    """Why there was no answer."""
    version: str = ""
    stale: bool = True
    """The data is known to be incomplete or too old, or there was no answer."""


class ContactAnswer(msgspec.Struct, frozen=True, kw_only=True):
    """Whether one account may reach another."""

    allowed: bool
    verdict: Verdict
    answered: bool
    problem: str | None = None


class QueryAnswer(msgspec.Struct, frozen=True, kw_only=True):
    """What to do with a query, a suggestion or a tag."""

    allowed: bool
    verdict: QueryVerdict
    """Where there was no answer: the surface's strictest outcome or `allow`, with no term and no help."""
    answered: bool
    problem: str | None = None
    """Why there was no answer."""


def unanswered(count: int, fail: Fail, problem: str) -> Answer:
    """The answer when there was none."""
    keep = list(range(count)) if fail is Fail.OPEN else []
    return Answer(keep=keep, verdicts=[], answered=False, problem=problem)


def contact_unanswered(sender: str, fail: Fail, problem: str) -> ContactAnswer:
    """The answer to a contact when there was none."""
    allowed = fail is Fail.OPEN
    verdict = Verdict(
        index=0,
        entity=sender,
        outcome=Outcome.ALLOW if allowed else Outcome.DROP,
        factor=float(allowed),
        reason=UNANSWERED,
        decision_id=None,
        version="",
    )
    return ContactAnswer(allowed=allowed, verdict=verdict, answered=False, problem=problem)


def query_unanswered(surface: QuerySurface, fail: Fail, problem: str) -> QueryAnswer:
    """The answer about a text when there was none."""
    allowed = fail is Fail.OPEN
    outcome = QueryOutcome.ALLOW if allowed else outcome_on(surface)
    verdict = QueryVerdict(surface=surface, outcome=outcome)
    return QueryAnswer(allowed=allowed, verdict=verdict, answered=False, problem=problem)

"""What a case keeps of the circumstances that decisions tell of."""

from __future__ import annotations

from datetime import datetime

import msgspec

from havenwall.model import Case, CaseSource, Decision

_SOURCES = list(CaseSource)


def noted(case: Case, decision: Decision) -> Case:
    """The case with a decision's circumstances: the most pressing source, the largest audience, danger once
    told of, and the first moment we knew."""
    news, known_at = decision.circumstances, known_of(decision)
    if news is None:
        return msgspec.structs.replace(case, known_at=case.known_at or known_at)
    return msgspec.structs.replace(
        case,
        source=more_pressing(case.source, news.source),
        language=case.language or news.language,
        imminent=case.imminent or news.imminent,
        # Of a growing audience each doubling is news; every change would be a version of the case.
        audience=news.audience if news.audience >= max(1, 2 * case.audience) else case.audience,
        known_at=min(case.known_at or known_at, known_at),
    )


def more_pressing(one: CaseSource, other: CaseSource) -> CaseSource:
    """The one of two sources that presses more."""
    return max(one, other, key=_SOURCES.index)


def known_of(decision: Decision) -> datetime:
    """When we knew of what a decision tells of."""
    news = decision.circumstances
    return (news.known_at if news else None) or decision.at


def told(case: Case) -> str:
    """The circumstances in a few words, for the history."""
    danger = ", danger now" if case.imminent else ""
    return f"{case.source.value}, seen by {case.audience:,}{danger}"

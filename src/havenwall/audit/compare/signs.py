"""When an interval says which of two is higher, and how wide it must be to say so of all pairs together."""

from __future__ import annotations

from havenwall.audit.compare.request import CompareRequest
from havenwall.audit.compare.result import Sign, Span


def pairs(platforms: int) -> int:
    """How many pairs so many platforms make."""
    return platforms * (platforms - 1) // 2


def shared_level(request: CompareRequest) -> float:
    """Level of each pair's interval at which all pairs hold together (Bonferroni)."""
    return 1 - (1 - request.level) / pairs(len(request.platforms))


def sign_of(span: Span, nothing: float) -> Sign:
    """Of an interval against the value that means no difference."""
    if span.low > nothing:
        return "higher"
    return "lower" if span.high < nothing else "undetermined"

"""The states of a case as data, and how urgent a case is."""

from __future__ import annotations

import math
from collections.abc import Collection

from havenwall.model import CaseState, CaseTopic, Member, MemberState

MOVES: dict[CaseState, frozenset[CaseState]] = {
    CaseState.OPEN: frozenset({CaseState.IN_REVIEW, CaseState.DECIDED}),
    CaseState.IN_REVIEW: frozenset({CaseState.DECIDED}),
    CaseState.DECIDED: frozenset({CaseState.IN_REVIEW, CaseState.CLOSED}),
    CaseState.CLOSED: frozenset(),
}
"""Which state may follow which."""


def title_of(topic: CaseTopic, members: Collection[Member]) -> str:
    """What the case is called."""
    if topic is CaseTopic.SINGLE:
        return "Accounts that came up one by one"
    if topic is CaseTopic.CARE:
        return "Accounts that may need care"
    if topic is CaseTopic.AUDIT:
        return "Accounts drawn for an audit"
    confirmed = sum(member.state is MemberState.CONFIRMED for member in members)
    return f"Network around {confirmed} confirmed accounts"


def state_of(members: Collection[Member]) -> CaseState:
    """The state that follows from what is known of the members."""
    by_person = [m for m in members if m.decided_by and m.decided_by.startswith("user:")]
    if not any(m.state is MemberState.PROPOSED for m in members):
        return CaseState.DECIDED
    return CaseState.IN_REVIEW if by_person else CaseState.OPEN


def priority_of(members: Collection[Member]) -> float:
    """How urgent, 0..100: half from how sure we are of those still proposed, half from how many they are.

    A thousand members count as much as a network can.
    """
    proposed = [m.probability for m in members if m.state is MemberState.PROPOSED]
    if not proposed:
        return 0.0
    size = min(1.0, math.log10(1 + len(proposed)) / 3)
    return round(50 * sum(proposed) / len(proposed) + 50 * size, 1)

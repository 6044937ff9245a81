"""The states of a case as data, and how urgent a case is."""

from __future__ import annotations

import math
from collections.abc import Collection

import msgspec

from havenwall.model import CaseState, CaseTopic, Decision, Member, MemberState

MOVES: dict[CaseState, frozenset[CaseState]] = {
    CaseState.OPEN: frozenset({CaseState.IN_REVIEW, CaseState.DECIDED}),
    CaseState.IN_REVIEW: frozenset({CaseState.DECIDED}),
    CaseState.DECIDED: frozenset({CaseState.IN_REVIEW, CaseState.CLOSED}),
    CaseState.CLOSED: frozenset(),
}
"""Which state may follow which."""


_KEYED = (CaseTopic.SINGLE, CaseTopic.REPORT, CaseTopic.LIVE, CaseTopic.GROUP)
"""Topics with a case for each entity."""


def key_of(topic: CaseTopic, decision: Decision) -> str:
    """What a case that a decision opens is about: its entity, or nothing where a topic has one live case."""
    return decision.entities[0] if topic in _KEYED else ""


def parts_of(topic: CaseTopic, decision: Decision) -> list[Decision]:
    """The decision, or one for each entity where each has a case of its own. All keep the id."""
    if topic not in _KEYED:
        return [decision]
    return [msgspec.structs.replace(decision, entities=(entity,)) for entity in decision.entities]


_ABOUT = {CaseTopic.REPORT: "Reports of {}", CaseTopic.LIVE: "Live stream {}", CaseTopic.GROUP: "{}"}


def title_of(topic: CaseTopic, key: str, members: Collection[Member]) -> str:
    """What the case is called."""
    if key:
        return _ABOUT.get(topic, "{}").format(key)
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

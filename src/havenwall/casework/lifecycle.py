"""The states of a case and the steps between them, as data and a pure function; what a case is called."""

from __future__ import annotations

from collections.abc import Collection
from enum import StrEnum

import msgspec

from havenwall.errors import Conflict
from havenwall.model import Case, CaseState, CaseTopic, Decision, Member, MemberState

MOVES: dict[CaseState, frozenset[CaseState]] = {
    CaseState.OPEN: frozenset({CaseState.IN_REVIEW, CaseState.DECIDED, CaseState.CLOSED}),
    CaseState.IN_REVIEW: frozenset({CaseState.OPEN, CaseState.DECIDED, CaseState.CLOSED}),
    CaseState.DECIDED: frozenset({CaseState.OPEN, CaseState.IN_REVIEW, CaseState.CLOSED}),
    CaseState.CLOSED: frozenset({CaseState.OPEN, CaseState.IN_REVIEW, CaseState.DECIDED}),
}
"""Which state may follow which. A case is open again, instead of in review, when a split took away what
persons had decided; out of `closed` leads only a person's reopening."""

LIVE = frozenset({CaseState.OPEN, CaseState.IN_REVIEW, CaseState.DECIDED})


class Step(StrEnum):
    """What can be done to a case."""

    MEMBERS = "members"
    """Members came, went, or were decided on."""
    CLOSE = "close"
    NO_RULE = "no_rule"
    """Closed because no rule covers it; a policy gap is open."""
    MERGE = "merge"
    """Closed because its members are in another case now."""
    REOPEN = "reopen"


STEPS: dict[Step, frozenset[CaseState]] = {
    Step.MEMBERS: LIVE,
    Step.CLOSE: LIVE,
    Step.NO_RULE: frozenset({CaseState.OPEN, CaseState.IN_REVIEW}),
    Step.MERGE: LIVE,
    Step.REOPEN: frozenset({CaseState.CLOSED}),
}
"""The states in which each step is possible."""


def after(state: CaseState, step: Step, members: Collection[Member]) -> CaseState:
    """The state of a case after a step, given its members then.

    Raises:
        Conflict: the step is not possible in this state.
    """
    if state not in STEPS[step]:
        raise Conflict(f"a case that is {state.value} takes no step {step.value}", hint="look at it again")
    return state_of(members) if step in (Step.MEMBERS, Step.REOPEN) else CaseState.CLOSED


_KEYED = (CaseTopic.SINGLE, CaseTopic.REPORT, CaseTopic.LIVE, CaseTopic.GROUP)
"""Topics with a case for each entity."""


def key_of(topic: CaseTopic, decision: Decision) -> str:
    """What a case that a decision opens is about: its entity, or nothing where a topic has one live case."""
    return decision.entities[0] if topic in _KEYED else ""


def parts_of(topic: CaseTopic, decision: Decision) -> list[Decision]:
    """The decision with its topic, or one for each entity where each has its own case. All keep the id."""
    replace = msgspec.structs.replace
    if topic not in _KEYED:
        return [replace(decision, topic=topic)]
    own = _OF_KIND if topic is CaseTopic.SINGLE else {}
    return [
        replace(decision, entities=(entity,), topic=own.get(entity.partition(":")[0], topic))
        for entity in decision.entities
    ]


_OF_KIND = {"live": CaseTopic.LIVE, "group": CaseTopic.GROUP, "tag": CaseTopic.GROUP}
"""What came up by itself and is no account or post has a case of another topic."""


_ABOUT = {CaseTopic.REPORT: "Reports of {}", CaseTopic.LIVE: "Live stream {}", CaseTopic.GROUP: "{}"}


def title_of(case: Case, members: Collection[Member]) -> str:
    """What the case is called. One that was split off keeps the name that it was given."""
    topic, key = case.topic, case.key
    if case.split_from and case.title:
        return case.title
    if key:
        return _ABOUT.get(topic, "{}").format(key)
    if topic is CaseTopic.CARE:
        return "Accounts that may need care"
    if topic is CaseTopic.COMMUNITY:
        return "Accounts that are alike, nobody confirmed"
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

"""A reviewer's decision on members of a case."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import datetime

import msgspec

from havenwall.casework.ladder import Footing, check_rung
from havenwall.errors import BadInput, Conflict
from havenwall.model import Case, CaseState, Decision, Member, MemberState, Verb, Viewer, new_id, now
from havenwall.model.reason import reason_of

_RESULT = {
    Verb.CONFIRM: MemberState.CONFIRMED,
    Verb.CLEAR: MemberState.CLEARED,
    Verb.CARE: MemberState.CARE,
}
_STEPS = (Verb.SUPPRESS, Verb.RESTRICT, Verb.REMOVE, Verb.LIFT)


def review(
    case: Case,
    members: Mapping[str, Member],
    verb: Verb,
    entities: Collection[str],
    viewer: Viewer,
    why: str,
    *,
    footing: Footing | None = None,
    expires_at: datetime | None = None,
    policy: str | None = None,
) -> Decision:
    """A person's decision on members: to hide, confirm, clear, restrict, remove, lift, or offer care.

    Args:
        case: as the person saw it.
        members: those of the case, by entity; at least the ones decided on.
        verb: one of those.
        entities: the members it is about.
        viewer: who decides.
        why: the reason, for the history and for appeals.
        footing: how the members stand; steps of the ladder need it.
        expires_at: when a restriction ends by itself.
        policy: the platform's policy that was broken, in the operator's words; who is restricted reads it.

    Raises:
        BadInput: the decision is not possible; names the field.
    """
    if verb not in _RESULT and verb not in _STEPS:
        raise BadInput(
            "a person hides, confirms, clears, restricts, removes, lifts or offers care", field="verb"
        )
    _check_expiry(verb, expires_at)
    if case.state is CaseState.CLOSED:
        raise BadInput("this case is closed", field="case", hint="open a new case")
    reason = reason_of(why)
    _check_entities(case, members, _RESULT.get(verb), entities)
    if verb in _STEPS:
        check_rung(verb, case.case_class, entities, members, footing or Footing())
    return Decision(
        id=new_id(),
        verb=verb,
        entities=tuple(sorted(set(entities))),
        by=viewer.name,
        why=reason,
        at=now(),
        case_id=case.id,
        case_class=case.case_class,
        expires_at=expires_at,
        policy=policy,
        # A lift names in its inputs what it takes back; without, everything.
        inputs={} if verb is Verb.LIFT else _grounds(members, entities),
    )


def check_still(decision: Decision, members: Mapping[str, Member], footing: Footing) -> None:
    """Do nothing if a decision that was made earlier may still be carried out, as its members stand now.

    Raises:
        Conflict: some of these are not members of the case any more.
        BadInput: a rung is missing now, or the step is taken already.
    """
    if any(entity not in members for entity in decision.entities):
        raise Conflict("some of these were decided on since", hint="reject this, and propose anew")
    if decision.verb in _STEPS:
        # Who was confirmed then and waits now was brought up by a report; that alone stops no removal, or
        # anybody could keep an account by reporting it. What persons decided since is looked at elsewhere.
        stood = {entity: _as_confirmed(member) for entity, member in members.items()}
        check_rung(decision.verb, decision.case_class, decision.entities, stood, footing)


def _as_confirmed(member: Member) -> Member:
    if member.state is not MemberState.PROPOSED:
        return member
    return msgspec.structs.replace(member, state=MemberState.CONFIRMED)


def _grounds(members: Mapping[str, Member], entities: Collection[str]) -> dict[str, str]:
    return {entity: risk for entity in entities if (risk := members[entity].risk_id)}


def _check_expiry(verb: Verb, expires_at: datetime | None) -> None:
    if expires_at is None:
        return
    if verb is not Verb.RESTRICT:
        raise BadInput("only a restriction ends by itself", field="expires_at")
    if expires_at.tzinfo is None or expires_at <= now():
        raise BadInput("must lie ahead, and have a time zone", field="expires_at")


def _check_entities(
    case: Case, members: Mapping[str, Member], result: MemberState | None, entities: Collection[str]
) -> None:
    if not entities:
        raise BadInput("choose at least one member", field="entities")
    for entity in entities:
        if entity not in members:
            raise BadInput(f"{entity} is not a member of case {case.id}", field="entities")
        if result and members[entity].state is result:
            raise BadInput(f"{entity} is {result.value} already", field="entities")

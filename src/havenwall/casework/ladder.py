"""The upper rungs: restrict, remove, lift, care. Preserve comes before restrict, refer before remove."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping

import msgspec

from havenwall.casework.appeals.answer import BY_APPEAL
from havenwall.casework.desk import Desk
from havenwall.casework.view import CaseworkView
from havenwall.errors import BadInput
from havenwall.model import (
    Action,
    ActionKind,
    ActionState,
    CaseClass,
    Decision,
    Member,
    MemberState,
    Restriction,
    Verb,
)

UNDOABLE = (ActionKind.SUPPRESS, ActionKind.RESTRICT, ActionKind.REMOVE)
"""Kinds that are taken back when something is lifted. A platform may fail to bring back what it removed; it
then says so."""
SEVERITY = list(Restriction)
"""Restrictions, mildest first."""
_BRINGS = {
    ActionKind.SUPPRESS: Restriction.SUPPRESSED,
    ActionKind.RESTRICT: Restriction.RESTRICTED,
    ActionKind.REMOVE: Restriction.REMOVED,
}
_GOAL = {
    Verb.SUPPRESS: Restriction.SUPPRESSED,
    Verb.RESTRICT: Restriction.RESTRICTED,
    Verb.REMOVE: Restriction.REMOVED,
}


class Footing(msgspec.Struct, frozen=True, kw_only=True):
    """How the entities of a decision stand before it."""

    restrictions: Mapping[str, Restriction] = {}
    preserved: Collection[str] = ()
    """Those whose evidence is in the vault."""
    referred: bool = False
    """Whether a referral was drafted from the case."""


def restriction_of(actions: Iterable[Action]) -> Restriction:
    """What is in force by the present states of an entity's actions."""
    live = (a for a in actions if a.state is not ActionState.REVERSED)
    return max((_BRINGS[a.kind] for a in live if a.kind in _BRINGS), key=SEVERITY.index, default=SEVERITY[0])


def check_rung(
    verb: Verb,
    case_class: CaseClass,
    entities: Collection[str],
    members: Mapping[str, Member],
    footing: Footing,
) -> None:
    """Do nothing if the step may be taken now: `preserve → suppress → restrict → refer → remove`.

    Raises:
        BadInput: a rung is missing, or the step is taken already; names the entity.
    """
    now = {entity: footing.restrictions.get(entity, Restriction.NONE) for entity in entities}
    for entity in entities:
        if verb in _GOAL and SEVERITY.index(now[entity]) >= SEVERITY.index(_GOAL[verb]):
            raise BadInput(
                f"{entity} is {now[entity].value} already", field="entities", hint="lift that first"
            )
        if verb is Verb.LIFT and now[entity] is Restriction.NONE:
            raise BadInput(f"nothing is in force on {entity}", field="entities")
        if verb is Verb.REMOVE:
            _check_removal(entity, members[entity], now[entity], footing)
    if verb is Verb.REMOVE and case_class is CaseClass.CHILD_SAFETY and not footing.referred:
        raise BadInput("draft the referral before anything is removed", field="verb")


def _check_removal(entity: str, member: Member, now: Restriction, footing: Footing) -> None:
    if member.state is not MemberState.CONFIRMED or now is Restriction.NONE:
        raise BadInput(
            f"{entity} is not confirmed and suppressed yet", field="entities", hint="confirm it first"
        )
    if entity not in footing.preserved:
        hint = "it is preserved by itself; see the vault's state with havenwall doctor"
        raise BadInput(f"the evidence on {entity} is not in the vault yet", field="entities", hint=hint)


def hide(desk: Desk, decision: Decision) -> None:
    """A person hides them at once and preserves the evidence, and decides afterwards."""
    preserve(desk, decision)
    for entity in decision.entities:
        desk.act(decision, ActionKind.SUPPRESS, entity, ActionState.CONFIRMED)
        desk.stand(decision, entity, Restriction.SUPPRESSED, confirmed=True)
    desk.log(decision, "suppressed", decision.entities)


def restrict(desk: Desk, view: CaseworkView, decision: Decision) -> None:
    """The platform limits what they can do; they are suppressed as well."""
    del view
    _enforce(desk, decision, ActionKind.RESTRICT, "restricted")


def remove(desk: Desk, view: CaseworkView, decision: Decision) -> None:
    """The platform takes them down."""
    del view
    _enforce(desk, decision, ActionKind.REMOVE, "removed")


def lift(desk: Desk, view: CaseworkView, decision: Decision) -> None:
    """Take back what is in force, or the one action that `inputs` names; what else there is stays."""
    desk.reverse(decision, _taken_back(desk, view, decision, UNDOABLE))
    stand_by_what_is_left(desk, decision)
    desk.log(decision, "lifted", decision.entities)


def care(desk: Desk, view: CaseworkView, decision: Decision) -> None:
    """They get help. Restriction and removal end; suppression stays: it keeps away who looks for them."""
    desk.put(decided(desk.members[entity], MemberState.CARE, decision) for entity in decision.entities)
    preserve(desk, decision)
    desk.reverse(decision, _taken_back(desk, view, decision, (ActionKind.RESTRICT, ActionKind.REMOVE)))
    stand_by_what_is_left(desk, decision)
    for entity in decision.entities:
        desk.act(decision, ActionKind.CARE, entity, ActionState.PLANNED)
    desk.log(decision, "care", decision.entities)


def preserve(desk: Desk, decision: Decision) -> None:
    """Plan to preserve evidence on those of whom nothing is preserved or about to be."""
    known = desk.in_force.actions(decision.entities)
    for entity in unpreserved(known, decision.entities):
        desk.act(decision, ActionKind.PRESERVE, entity, ActionState.PLANNED)


def unpreserved(actions: Iterable[Action], entities: Collection[str]) -> list[str]:
    """Those of whom nothing is preserved or about to be, by the actions on them."""
    known = {action.entity for action in actions if action.kind is ActionKind.PRESERVE}
    return [entity for entity in entities if entity not in known]


def _enforce(desk: Desk, decision: Decision, kind: ActionKind, what: str) -> None:
    desk.put(decided(desk.members[entity], MemberState.CONFIRMED, decision) for entity in decision.entities)
    preserve(desk, decision)
    for entity, now in desk.in_force.restrictions(decision.entities).items():
        if now is Restriction.NONE:
            desk.act(decision, ActionKind.SUPPRESS, entity, ActionState.CONFIRMED)
        desk.act(decision, kind, entity, ActionState.PLANNED)
        desk.stand(decision, entity, max(now, _BRINGS[kind], key=SEVERITY.index), confirmed=True)
    desk.log(decision, what, decision.entities)


def _taken_back(
    desk: Desk, view: CaseworkView, decision: Decision, kinds: Collection[ActionKind]
) -> list[Action]:
    only = decision.inputs if decision.verb is Verb.LIFT else {}
    return [a for a in in_reach(desk, view, decision) if a.kind in kinds and only.get(a.entity, a.id) == a.id]


def reaches_all(decision: Decision) -> bool:
    """Whether a decision may take back whatever is in force: who upholds an appeal has all rights for it."""
    return decision.case_class is CaseClass.CHILD_SAFETY or decision.rule == BY_APPEAL


def in_reach(desk: Desk, view: CaseworkView, decision: Decision) -> list[Action]:
    """The actions on its entities that a decision may take back and nobody took back, oldest first. What the
    platform failed to do is among them: it may do it after all, and is in force here.

    Who decides general cases does not undo what was done for the safety of children, nor what a machine did
    without a case. The other way round they may: such a person has the wider rights.
    """
    actions = [a for a in desk.in_force.actions(decision.entities) if a.state is not ActionState.REVERSED]
    if reaches_all(decision):
        return actions
    cases = {case_id: view.case(case_id) for case_id in {a.case_id for a in actions if a.case_id}}
    general = {one.id for one in cases.values() if one and one.case_class is decision.case_class}
    return [action for action in actions if action.case_id in general]


def stand_by_what_is_left(desk: Desk, decision: Decision) -> None:
    """Let what actions that were not taken back bring be in force, with a person behind it."""
    left: dict[str, list[Action]] = {entity: [] for entity in decision.entities}
    for action in desk.in_force.actions(decision.entities):
        left[action.entity].append(action)
    for entity, actions in left.items():
        # A person stands behind it, also behind none: no machine restricts it again by itself.
        desk.stand(decision, entity, restriction_of(actions), confirmed=True)


def decided(member: Member, state: MemberState, decision: Decision) -> Member:
    """The member as somebody decided on it."""
    return msgspec.structs.replace(member, state=state, decided_by=decision.by, decided_at=decision.at)

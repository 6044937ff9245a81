"""A reviewer's decision on members of a case."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from havenwall.errors import BadInput
from havenwall.model import Case, CaseState, Decision, Member, MemberState, Verb, Viewer, new_id, now

_RESULT = {Verb.CONFIRM: MemberState.CONFIRMED, Verb.CLEAR: MemberState.CLEARED}
_LONGEST_REASON = 2000


def review(
    case: Case, members: Mapping[str, Member], verb: Verb, entities: Collection[str], viewer: Viewer, why: str
) -> Decision:
    """A person's decision to confirm or clear members.

    Args:
        case: as the person saw it.
        members: those of the case, by entity; at least the ones decided on.
        verb: confirm or clear.
        entities: the members it is about.
        viewer: who decides.
        why: the reason, for the history and for appeals.

    Raises:
        BadInput: the decision is not possible; names the field.
    """
    if verb not in _RESULT:
        raise BadInput("a person confirms or clears members", field="verb")
    if case.state is CaseState.CLOSED:
        raise BadInput("this case is closed", field="case", hint="open a new case")
    if not why.strip() or len(why) > _LONGEST_REASON:
        raise BadInput(f"give a reason, up to {_LONGEST_REASON} characters", field="why")
    _check_entities(case, members, _RESULT[verb], entities)
    return Decision(
        id=new_id(),
        verb=verb,
        entities=tuple(sorted(set(entities))),
        by=viewer.name,
        why=why.strip(),
        at=now(),
        case_id=case.id,
        inputs={entity: risk for entity in entities if (risk := members[entity].risk_id)},
    )


def _check_entities(
    case: Case, members: Mapping[str, Member], result: MemberState, entities: Collection[str]
) -> None:
    if not entities:
        raise BadInput("choose at least one member", field="entities")
    for entity in entities:
        if entity not in members:
            raise BadInput(f"{entity} is not a member of case {case.id}", field="entities")
        if members[entity].state is result:
            raise BadInput(f"{entity} is {result.value} already", field="entities")

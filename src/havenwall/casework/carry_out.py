"""What each verb of a decision means for the case, its members, the actions and the standing."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from havenwall.casework.desk import Desk
from havenwall.casework.ladder import (
    SEVERITY,
    UNDOABLE,
    care,
    decided,
    hide,
    in_reach,
    lift,
    reaches_all,
    remove,
    restrict,
    stand_by_what_is_left,
)
from havenwall.casework.reports.stage import REPORT_INPUT
from havenwall.casework.view import CaseworkView
from havenwall.model import (
    ActionKind,
    ActionState,
    CaseClass,
    CaseTopic,
    Decision,
    Lane,
    Member,
    MemberState,
    Restriction,
    Risk,
    Verb,
)
from havenwall.model.quality import BY_REVIEW

_CLEARED = ("cleared", "was_cleared", "care")
"""Labels of those whom a person has cleared, however long ago, or who get care: machines leave them alone."""
_WITHOUT_SEEDS = (CaseTopic.CARE, CaseTopic.AUDIT, CaseTopic.REPORT)
_SETTLED = (MemberState.CLEARED, MemberState.CARE)


def topic_of(view: CaseworkView, decision: Decision) -> CaseTopic:
    """Care, if scoring put all of the entities it knows into the protective lane, or signals say of all that
    they are for care; audit, if all were drawn by lot, some from below the threshold; network, if it put any
    of them over it; else single. Unless the decision says itself."""
    if decision.topic is not None:
        return decision.topic
    risks = view.risks(decision.entities).values()
    if _for_care(view, decision):
        return CaseTopic.CARE
    if risks and all(risk.lane is Lane.PROTECTIVE for risk in risks):
        return CaseTopic.CARE
    # A draw is of accounts on both sides of the threshold; what rules find is over it.
    if any(not risk.over_threshold for risk in risks) and all(risk.sampled is not None for risk in risks):
        return CaseTopic.AUDIT
    return CaseTopic.NETWORK if any(risk.over_threshold for risk in risks) else CaseTopic.SINGLE


def _for_care(view: CaseworkView, decision: Decision) -> bool:
    care = view.care(decision.entities)
    return care.issuperset(decision.entities) and "confirmed" not in view.labels(care).values()


def open_case(desk: Desk, view: CaseworkView, decision: Decision) -> None:
    """Bring entities before a reviewer: a new case, or new members of the live one."""
    risks = view.risks(decision.entities)
    seeds = sorted({share.seed for risk in risks.values() for share in risk.seeds})
    if desk.case_id is None:
        topic = topic_of(view, decision)
        desk.open(decision, topic)
    desk.note(decision)
    desk.attach(decision)
    elsewhere = view.split_off(desk.case) if desk.case else set()
    labels = view.labels([*decision.entities, *seeds])
    # Who harmed somebody does not belong among those who get care, or who were only drawn by lot.
    if _shows_network(desk) and desk.topic not in _WITHOUT_SEEDS:
        mine = [seed for seed in seeds if labels.get(seed) == "confirmed" and seed not in elsewhere]
        desk.put(_confirmed_seed(desk, decision, seed) for seed in mine)
    cleared = {entity for entity in decision.entities if labels.get(entity) == "cleared"}
    news = {entity for entity in cleared if _is_news(decision, entity, risks.get(entity))}
    again = news | {entity for entity in decision.entities if _lapsed(desk, labels, entity)}
    again |= {entity for entity in decision.entities if _reported_anew(desk, decision, entity)}
    if decision.rule == BY_REVIEW:
        # Nothing is undone by itself: a person looks again, and what is in force stays until then.
        again |= {entity for entity in decision.entities if entity in desk.members}
    # Whom a person put into a case of its own does not come back into this one.
    wanted = [entity for entity in decision.entities if entity not in elsewhere]
    # Whoever was reported is in the case of the reports: else nobody would ever answer them.
    kept_out = cleared if REPORT_INPUT not in decision.inputs else set()
    added = [e for e in wanted if e in again or (e not in desk.members and e not in kept_out)]
    if added:
        desk.begin_anew(decision)
    scored = risks if _shows_network(desk) else {}
    desk.put(_proposed(desk, decision, entity, scored.get(entity)) for entity in added)
    # Evidence is preserved before anybody decides: an account that is warned may delete it.
    for entity in added:
        desk.act(decision, ActionKind.PRESERVE, entity, ActionState.PLANNED)
    if added:
        desk.log(decision, "members_added", tuple(added))


def _shows_network(desk: Desk) -> bool:
    """Whether who sees the case on the desk may also see what network scoring found."""
    return desk.case_class is CaseClass.CHILD_SAFETY


def suppress(desk: Desk, view: CaseworkView, decision: Decision) -> None:
    """Keep entities out of every surface where the platform connects people."""
    if decision.by_person:
        hide(desk, decision)
        return
    labels = view.labels(decision.entities)
    # Where a person lifted what was in force, no machine puts it back by itself.
    lifted = desk.in_force.behind(decision.entities)
    for entity, now in desk.in_force.restrictions(decision.entities).items():
        confirmed = labels.get(entity) == "confirmed"
        if labels.get(entity) not in _CLEARED and now is Restriction.NONE and entity not in lifted:
            desk.act(decision, ActionKind.SUPPRESS, entity, ActionState.CONFIRMED)
            desk.stand(decision, entity, Restriction.SUPPRESSED, confirmed=confirmed)


def confirm(desk: Desk, view: CaseworkView, decision: Decision) -> None:
    """A person confirmed members: the restriction stays, now with a person behind it."""
    del view
    desk.put(decided(desk.members[entity], MemberState.CONFIRMED, decision) for entity in decision.entities)
    for entity, now in desk.in_force.restrictions(decision.entities).items():
        if now is Restriction.NONE:
            desk.act(decision, ActionKind.SUPPRESS, entity, ActionState.CONFIRMED)
        desk.stand(decision, entity, max(now, Restriction.SUPPRESSED, key=SEVERITY.index), confirmed=True)
    desk.log(decision, "confirmed", decision.entities)


def clear(desk: Desk, view: CaseworkView, decision: Decision) -> None:
    """A person cleared members: everything that can be undone is undone."""
    # An upheld appeal also takes back what is in force from a case that has lost the member since.
    mine = [entity for entity in decision.entities if entity in desk.members]
    desk.put(decided(desk.members[entity], MemberState.CLEARED, decision) for entity in mine)
    desk.reverse(decision, [a for a in in_reach(desk, view, decision) if a.kind in UNDOABLE])
    if not reaches_all(decision):
        stand_by_what_is_left(desk, decision)
    else:
        _let_go(desk, decision)
    desk.log(decision, "cleared", decision.entities)


def _let_go(desk: Desk, decision: Decision) -> None:
    for entity, now in desk.in_force.restrictions(decision.entities).items():
        if now is not Restriction.NONE:
            desk.stand(decision, entity, Restriction.NONE, confirmed=True)


def nothing(desk: Desk, view: CaseworkView, decision: Decision) -> None:
    """What was done when the decision was made: its case was closed and its policy gap opened with it."""
    del desk, view, decision


CARRY_OUT: dict[Verb, Callable[[Desk, CaseworkView, Decision], None]] = {
    Verb.OPEN_CASE: open_case,
    Verb.SUPPRESS: suppress,
    Verb.CONFIRM: confirm,
    Verb.CLEAR: clear,
    Verb.RESTRICT: restrict,
    Verb.REMOVE: remove,
    Verb.LIFT: lift,
    Verb.CARE: care,
    Verb.NO_RULE: nothing,
}
"""How each verb is carried out."""


def _lapsed(desk: Desk, labels: Mapping[str, str], entity: str) -> bool:
    """Whether a member was cleared so long ago that a person looks again."""
    member = desk.members.get(entity)
    known = member is not None and member.state is MemberState.CLEARED
    return known and labels.get(entity) == "was_cleared"


def _reported_anew(desk: Desk, decision: Decision, entity: str) -> bool:
    """Whether a report brings up again what this case has decided. Its reporter asks this case, whatever is
    thought of the entity elsewhere; what is confirmed here comes up only if a child is in danger now."""
    member = desk.members.get(entity)
    if member is None or REPORT_INPUT not in decision.inputs or entity not in decision.inputs:
        return False
    told = decision.circumstances
    # Decisions of before reports said `to_be_read` say it by `imminent`.
    danger = told is not None and (told.to_be_read or told.imminent)
    return member.state in _SETTLED or (danger and member.state is MemberState.CONFIRMED)


def _is_news(decision: Decision, entity: str, risk: Risk | None) -> bool:
    """Whether a decision on a cleared entity rests on more than the score its reviewer looked past."""
    ground = decision.inputs.get(entity)
    return ground is not None and (risk is None or ground != risk.id)


def _proposed(desk: Desk, decision: Decision, entity: str, risk: Risk | None) -> Member:
    return Member(
        case_id=desk.case_id or "",
        entity=entity,
        state=MemberState.PROPOSED,
        probability=risk.probability if risk else 0.0,
        risk_id=risk.id if risk else None,
        added_at=decision.at,
        role=risk.role if risk else None,
    )


def _confirmed_seed(desk: Desk, decision: Decision, seed: str) -> Member:
    if seed in desk.members:
        return desk.members[seed]
    return Member(
        case_id=desk.case_id or "",
        entity=seed,
        state=MemberState.CONFIRMED,
        probability=1.0,
        risk_id=None,
        added_at=decision.at,
        decided_by="platform",
        decided_at=decision.at,
    )

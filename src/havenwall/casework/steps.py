"""Steps of persons on whole cases, pure: a case and its members in, what changes out."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime

import msgspec

from havenwall.casework.circumstances import more_pressing
from havenwall.casework.desk import remade
from havenwall.casework.lifecycle import Step, after
from havenwall.casework.queues import Clocks
from havenwall.engine import Output
from havenwall.errors import BadInput
from havenwall.model import (
    Case,
    CaseEvent,
    Decision,
    Member,
    MemberState,
    PolicyGap,
    Verb,
    Viewer,
    new_id,
)
from havenwall.model.reason import reason_of

Members = Mapping[str, Member]


class Stepped(msgspec.Struct, frozen=True, kw_only=True):
    """What a step changes: records to keep, members that left a case, and the gap it opened."""

    output: Output
    gone: dict[str, tuple[str, ...]] = {}
    gap: PolicyGap | None = None


class Given(msgspec.Struct, frozen=True, kw_only=True):
    """Who takes a step, when, why, and by which clocks."""

    viewer: Viewer
    why: str
    at: datetime
    clocks: Clocks


def given(viewer: Viewer, why: str, at: datetime, clocks: Clocks) -> Given:
    """Who takes a step.

    Raises:
        BadInput: the reason is empty or too long.
    """
    return Given(viewer=viewer, why=reason_of(why), at=at, clocks=clocks)


def close(case: Case, members: Members, by: Given) -> Stepped:
    """Nothing more is to be done.

    Raises:
        Conflict: the case is closed already.
    """
    closed = _closed(case, members, Step.CLOSE, by)
    return Stepped(output=Output(cases=(closed,), case_events=(_state_line(case, closed, by),)))


def reopen(case: Case, members: Members, by: Given) -> Stepped:
    """Something is to be done after all.

    Raises:
        Conflict: the case is not closed.
        BadInput: its members are in another case now.
    """
    if case.merged_into:
        raise BadInput(f"its accounts are in case {case.merged_into} now", field="case")
    state = after(case.state, Step.REOPEN, members.values())
    opened = remade(msgspec.structs.replace(case, state=state), members, by.at, by.clocks)
    return Stepped(output=Output(cases=(opened,), case_events=(_state_line(case, opened, by),)))


def no_rule(case: Case, members: Members, by: Given, owner: str, due_at: datetime) -> Stepped:
    """No rule covers this case: it is closed, and somebody has to say by when what the rule is.

    Raises:
        Conflict: the case is decided or closed.
        BadInput: the deadline is not in the future.
    """
    if due_at <= by.at:
        raise BadInput("must lie in the future", field="due_at")
    closed = _closed(case, members, Step.NO_RULE, by)
    left = tuple(sorted(e for e, m in members.items() if m.state is MemberState.PROPOSED))
    decision = Decision(
        id=new_id(),
        verb=Verb.NO_RULE,
        entities=left,
        by=by.viewer.name,
        why=by.why,
        at=by.at,
        case_id=case.id,
        case_class=case.case_class,
    )
    gap = PolicyGap(
        id=decision.id,
        case_id=case.id,
        opened_by=by.viewer.name,
        opened_at=by.at,
        what=by.why,
        owner=owner,
        due_at=due_at,
    )
    line = _line(closed, by, "no_rule", left, case.state.value, owner, decision_id=decision.id)
    output = Output(cases=(closed,), case_events=(line,), decisions=(decision,))
    return Stepped(output=output, gap=gap)


def merge(into: Case, there: Members, case: Case, members: Members, by: Given) -> Stepped:
    """Bring the members of a case into another one and close it. Where both know an entity, what a person
    decided holds, and of two such the later.

    Raises:
        BadInput: the cases are not of one class, or the same.
        Conflict: one of them is closed.
    """
    if case.id == into.id:
        raise BadInput("a case is not merged into itself", field="into")
    if case.case_class is not into.case_class:
        raise BadInput("only cases of one class are merged", field="into")
    moved = {e: _moved(m, into.id) for e, m in members.items() if _outweighs(m, there.get(e))}
    after(into.state, Step.MEMBERS, there.values())
    grown = remade(_urgent(into, case), {**there, **moved}, by.at, by.clocks)
    closed = _closed(case, {}, Step.MERGE, by)
    none_left = dict.fromkeys(("members", "proposed", "confirmed", "cleared"), 0)
    closed = msgspec.structs.replace(closed, merged_into=into.id, **none_left)
    lines = (
        _line(grown, by, "merged", tuple(sorted(moved)), case.id, into.id),
        _line(closed, by, "merged", tuple(sorted(members)), case.id, into.id),
    )
    output = Output(cases=(grown, closed), members=tuple(moved.values()), case_events=lines)
    return Stepped(output=output, gone={case.id: tuple(members)})


def split(case: Case, members: Members, entities: Collection[str], title: str, by: Given) -> Stepped:
    """Bring some members of a case into a new one.

    Raises:
        BadInput: entities are not members, or none or all of them; the title is not acceptable.
        Conflict: the case is closed.
    """
    _check_split(members, entities, title)
    new = msgspec.structs.replace(
        case,
        id=new_id(),
        title=title.strip(),
        split_from=case.id,
        opened_at=by.at,
        known_at=case.known_at or case.opened_at,
        version=0,
        placed=False,
    )
    moved = {entity: _moved(members[entity], new.id) for entity in entities}
    rest = {entity: member for entity, member in members.items() if entity not in moved}
    left, new = remade(case, rest, by.at, by.clocks), remade(new, moved, by.at, by.clocks)
    gone = tuple(sorted(moved))
    lines = (_line(left, by, "split", gone, case.id, new.id), _line(new, by, "split", gone, case.id, new.id))
    output = Output(cases=(left, new), members=tuple(moved.values()), case_events=lines)
    return Stepped(output=output, gone={case.id: gone})


def _check_split(members: Members, entities: Collection[str], title: str) -> None:
    strange = [entity for entity in entities if entity not in members]
    if strange:
        raise BadInput(f"{strange[0]} is not a member of this case", field="entities")
    if not entities or len(set(entities)) == len(members):
        raise BadInput("choose some of the members, not none and not all", field="entities")
    if not 1 <= len(title.strip()) <= 200:
        raise BadInput("give the new case a name of up to 200 characters", field="title")


def _closed(case: Case, members: Members, step: Step, by: Given) -> Case:
    state = after(case.state, step, members.values())
    return msgspec.structs.replace(
        case, state=state, priority=0.0, priority_parts=(), updated_at=by.at, version=case.version + 1
    )


def _urgent(into: Case, case: Case) -> Case:
    known = min(into.known_at or into.opened_at, case.known_at or case.opened_at)
    return msgspec.structs.replace(
        into,
        known_at=known,
        imminent=into.imminent or case.imminent,
        audience=max(into.audience, case.audience),
        source=more_pressing(into.source, case.source),
        language=into.language or case.language,
    )


def _moved(member: Member, case_id: str) -> Member:
    return msgspec.structs.replace(member, case_id=case_id)


def _outweighs(member: Member, other: Member | None) -> bool:
    if other is None:
        return True
    if member.decided_at is None or other.decided_at is None:
        return member.decided_at is not None
    return member.decided_at > other.decided_at


def _state_line(old: Case, new: Case, by: Given) -> CaseEvent:
    return _line(new, by, "state", (), old.state.value, new.state.value)


def _line(
    case: Case,
    by: Given,
    what: str,
    entities: Sequence[str],
    old: str,
    new: str,
    decision_id: str | None = None,
) -> CaseEvent:
    return CaseEvent(
        id=new_id(),
        case_id=case.id,
        at=by.at,
        by=by.viewer.name,
        what=what,
        why=by.why,
        entities=tuple(entities),
        decision_id=decision_id,
        old=old,
        new=new,
        version=case.version,
    )

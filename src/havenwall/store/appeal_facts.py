"""What is known of a restriction when it is appealed: its grounds, where it is kept, who had a part in it."""

from __future__ import annotations

from collections.abc import Collection, Mapping

import msgspec
import sqlalchemy as sa

from havenwall.errors import NotFound
from havenwall.model import (
    Action,
    ActionKind,
    ActionState,
    Case,
    CaseClass,
    CaseSource,
    Decision,
    Member,
    MemberState,
    Verb,
)
from havenwall.model.appeal import Appeal, Grounds
from havenwall.store import schema as t
from havenwall.store.appeal_schema import APPEAL
from havenwall.store.kin import Kin, kin_of
from havenwall.store.rows import by_names, decode_all

RESTRICTING = (ActionKind.SUPPRESS, ActionKind.RESTRICT, ActionKind.REMOVE)
"""Kinds of actions that are done to somebody, and so can be appealed."""
_AGAINST = (Verb.CONFIRM, Verb.RESTRICT, Verb.REMOVE)
_EXPIRY = "policy:expiry"
"""Who ends what was to last for a time."""


class Contested(msgspec.Struct, frozen=True, kw_only=True):
    """A restriction that somebody may appeal."""

    grounds: Grounds
    case_id: str | None
    case_class: CaseClass


def contested(connection: sa.Connection, action_id: str) -> Contested:
    """The restriction of an action.

    Raises:
        NotFound: there is none, or it restricts nobody.
    """
    query = sa.select(t.ACTION.c.body).where(t.ACTION.c.id == action_id).order_by(t.ACTION.c.seq)
    # PostgreSQL takes no text with a zero byte, and no action is called so.
    states = [] if "\x00" in action_id else decode_all(connection.scalars(query), Action)
    if not states or states[0].kind not in RESTRICTING:
        raise NotFound(f"there is no restriction {action_id}", hint="see the statement of reasons")
    first, last = states[0], states[-1]
    over = last.state is ActionState.REVERSED
    case = _case(connection, first.case_id)
    decision = _decision(connection, first.decision_id)
    persons = [one for one in persons_decisions(connection, first.entity) if one.verb in _AGAINST]
    by_machine = decision is None or not decision.by_person
    grounds = Grounds(
        action_id=first.id,
        entity=first.entity,
        kind=first.kind,
        at=first.at,
        expires_at=first.expires_at,
        case_class=case.case_class if case else CaseClass.CHILD_SAFETY,
        topic=case.topic if case else None,
        policy=decision.policy if decision else None,
        rule=decision.rule if decision else None,
        machine_found=case is None or case.source is CaseSource.MACHINE,
        machine_decided=by_machine and not persons,
        two_persons=decision is not None and decision.approved_by is not None,
        ended_at=last.at if over else None,
        taken_back=over and last.by != _EXPIRY,
    )
    return Contested(grounds=grounds, case_id=first.case_id, case_class=grounds.case_class)


def keeping(connection: sa.Connection, entity: str, otherwise: CaseClass) -> dict[str | None, CaseClass]:
    """The cases, with their classes, in which an entity is confirmed or from which something is in force on
    it; None stands for what is in force from no case of which it is a member now, and with the class
    `otherwise` for nothing at all."""
    live = {action.case_id for action in live_actions(connection, entity)}
    member, case = t.MEMBER.c, t.CASE.c
    merged = by_names(connection, [case.merged_into], case.id, (one for one in live if one))
    kin = live | {row.merged_into for row in merged if row.merged_into}
    query = sa.select(case.id, case.case_class, case.split_from, member.body)
    query = query.join(t.CASE, case.id == member.case_id).where(member.entity == entity)
    found: dict[str | None, CaseClass] = {}
    for row in connection.execute(query):
        confirmed = msgspec.json.decode(row.body, type=Member).state is MemberState.CONFIRMED
        if confirmed or row.id in kin or (row.split_from and row.split_from in live):
            found[row.id] = CaseClass(row.case_class)
    left = live - found.keys()
    if not found or left:
        found[None] = CaseClass.CHILD_SAFETY if _of_children(connection, left) else otherwise
    return found


def live_actions(connection: sa.Connection, entity: str) -> list[Action]:
    """What restricts an entity now. What the platform failed to do counts: it may do it after all, and it is
    in force here."""
    query = sa.select(t.ACTION.c.body).where(t.ACTION.c.entity == entity).order_by(t.ACTION.c.seq)
    newest = {action.id: action for action in decode_all(connection.scalars(query), Action)}
    return [a for a in newest.values() if a.kind in RESTRICTING and a.state is not ActionState.REVERSED]


def involved(connection: sa.Connection, entity: str) -> set[str]:
    """Persons who decided or approved anything about an entity, appeals included."""
    found = {who for one in persons_decisions(connection, entity) for who in (one.by, one.approved_by) if who}
    members = sa.select(t.MEMBER.c.body).where(t.MEMBER.c.entity == entity)
    found.update(m.decided_by for m in decode_all(connection.scalars(members), Member) if m.decided_by)
    appeals = sa.select(APPEAL.c.body).where(APPEAL.c.entity == entity)
    found.update(a.decided_by for a in decode_all(connection.scalars(appeals), Appeal) if a.decided_by)
    return {who for who in found if who.startswith("user:")}


def persons_decisions(
    connection: sa.Connection, entity: str, kin: Mapping[str, Kin] | None = None
) -> list[Decision]:
    """Decisions of persons on an entity, in whatever case (`kin_of` it), oldest first."""
    # What was decided before cases were merged or split stands in the other one.
    names = kin_of(connection, entity).keys() if kin is None else kin.keys()
    rows = by_names(
        connection,
        [t.DECISION.c.seq, t.DECISION.c.body],
        t.DECISION.c.case_id,
        names,
        where=t.DECISION.c.by.startswith("user:"),
    )
    bodies = (row.body for row in sorted(rows, key=lambda row: row.seq))
    return [one for one in decode_all(bodies, Decision) if entity in one.entities]


def _of_children(connection: sa.Connection, ids: Collection[str | None]) -> bool:
    rows = by_names(connection, [t.CASE.c.case_class], t.CASE.c.id, (one for one in ids if one))
    return None in ids or any(row.case_class == CaseClass.CHILD_SAFETY.value for row in rows)


def _case(connection: sa.Connection, case_id: str | None) -> Case | None:
    body = connection.scalar(sa.select(t.CASE.c.body).where(t.CASE.c.id == case_id))
    return msgspec.json.decode(body, type=Case) if body else None


def _decision(connection: sa.Connection, decision_id: str) -> Decision | None:
    body = connection.scalar(sa.select(t.DECISION.c.body).where(t.DECISION.c.id == decision_id))
    return msgspec.json.decode(body, type=Decision) if body else None

"""Decisions that wait for a second person, and actions whose time is over."""

from __future__ import annotations

from collections.abc import Sequence

import msgspec
import sqlalchemy as sa

from havenwall.engine import Output
from havenwall.errors import Conflict, NotFound
from havenwall.model import (
    Action,
    CaseClass,
    CaseEvent,
    CaseState,
    Decision,
    Member,
    derived_id,
    now,
)
from havenwall.model.proposal import Proposal, ProposalState
from havenwall.store import schema as t
from havenwall.store.appeal_facts import persons_decisions
from havenwall.store.database import Database
from havenwall.store.delivery_schema import PROPOSAL as P
from havenwall.store.keep import keep
from havenwall.store.kin import families, kin_of
from havenwall.store.ledger import check_current
from havenwall.store.lifts import lifts_due
from havenwall.store.quiet import check_quiet
from havenwall.store.rows import by_names, decode_all
from havenwall.store.second_look import refuse_own_second_look

_encode = msgspec.json.Encoder().encode
_decode = msgspec.json.Decoder(Proposal).decode
_decode_member = msgspec.json.Decoder(Member).decode
_WAITING = ProposalState.WAITING.value


class Proposals:
    """Keeps proposals. What they decide happens when they are approved, in the same transaction."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def add(self, proposal: Proposal, preserve: Sequence[Action], case_version: int) -> None:
        """Keep a proposal, and plan to preserve evidence; nothing else happens.

        Raises:
            Conflict: as `Ledger.add_decision`; or another proposal on one of these waits in the case.
            Forbidden: as `Ledger.add_decision`.
        """
        with self._database.write() as connection:
            check_current(connection, proposal.decision, case_version)
            mine = set(proposal.decision.entities)
            for other in _waiting(connection, proposal.case_id):
                if mine & set(other.decision.entities):
                    raise Conflict("a decision on some of these waits for a second person already")
            connection.execute(sa.insert(P).values(**_row(proposal)))
            line = _line(proposal, "proposed", proposal.by, proposal.decision.why)
            keep(connection, Output(case_events=(line,), actions=tuple(preserve)))

    def referred(self, case_id: str) -> bool:
        """Whether a referral was drafted from a case."""
        query = sa.select(sa.exists().where(t.REFERRAL.c.case_id == case_id))
        with self._database.read() as connection:
            return bool(connection.scalar(query))

    def proposal(self, proposal_id: str, classes: Sequence[CaseClass]) -> Proposal:
        """One proposal, if it is about a case of one of the classes.

        Raises:
            NotFound: there is none.
        """
        query = sa.select(P.c.body).where(P.c.id == proposal_id, _of(classes))
        with self._database.read() as connection:
            body = connection.scalar(query)
        if body is None:
            raise NotFound(f"there is no proposal {proposal_id}")
        return _decode(body)

    def decisions_on(
        self, entity: str, classes: Sequence[CaseClass]
    ) -> tuple[list[Decision], dict[str, str]]:
        """Decisions on an entity that persons made in cases of some classes, oldest first; and for each of
        those cases one that stands for it and all that it was merged with or split from."""
        with self._database.read() as connection:
            kin = kin_of(connection, entity)
            found = persons_decisions(connection, entity, kin)
        seen = {one.id for one in kin.values() if one.case_class in classes}
        return [one for one in found if one.case_id in seen], families(kin)

    def proposals(
        self,
        classes: Sequence[CaseClass],
        state: ProposalState | None = None,
        limit: int = 50,
        offset: int = 0,
    ) -> list[Proposal]:
        """Proposals about cases of some classes: those that wait longest first, others newest first."""
        query = sa.select(P.c.body).where(_of(classes))
        query = query.where(P.c.state == state.value) if state else query
        order = P.c.seq if state is ProposalState.WAITING else P.c.seq.desc()
        with self._database.read() as connection:
            bodies = connection.scalars(query.order_by(order).limit(limit).offset(offset))
            return decode_all(bodies, Proposal)

    def count(self, classes: Sequence[CaseClass]) -> dict[str, int]:
        """How many proposals there are in each state."""
        query = sa.select(P.c.state, sa.func.count().label("n")).where(_of(classes)).group_by(P.c.state)
        with self._database.read() as connection:
            return {row.state: int(row.n) for row in connection.execute(query)}

    def approve(self, proposal: Proposal, by: str, why: str) -> Decision:
        """A second person agrees: the decision is kept, and carried out from here on. Returns it.

        Raises:
            Conflict: it does not wait any more; the case was closed; one of its entities was decided on in
                the case since; or a person's decision on the case is being carried out.
            Forbidden: a report is contested that this same person turned down.
        """
        with self._database.write() as connection:
            _settle(connection, proposal, ProposalState.APPROVED, by, why)
            check_quiet(connection, [proposal.case_id], persons_only=True)
            state = connection.scalar(sa.select(t.CASE.c.state).where(t.CASE.c.id == proposal.case_id))
            if state == CaseState.CLOSED.value:
                raise Conflict("the case was closed since", hint="reject this, or open the case again")
            if _decided_since(connection, proposal):
                raise Conflict("some of these were decided on since", hint="reject this, and propose anew")
            decision = msgspec.structs.replace(proposal.decision, at=now(), approved_by=by)
            refuse_own_second_look(connection, decision)
            line = _line(proposal, "approved", by, why)
            keep(connection, Output(decisions=(decision,), case_events=(line,)))
        return decision

    def reject(self, proposal: Proposal, by: str, why: str) -> None:
        """Somebody does not agree. Raises Conflict: it does not wait any more."""
        with self._database.write() as connection:
            _settle(connection, proposal, ProposalState.REJECTED, by, why)
            keep(connection, Output(case_events=(_line(proposal, "rejected", by, why),)))

    def expire(self) -> int:
        """End proposals that waited too long; returns how many."""
        query = sa.select(P.c.body).where(P.c.state == _WAITING, P.c.expires_at <= now())
        # Asked many times a minute: writers must not wait for an answer that is nearly always none.
        with self._database.read() as connection:
            if connection.execute(query.limit(1)).first() is None:
                return 0
        with self._database.write() as connection:
            over = decode_all(connection.scalars(query), Proposal)
            for proposal in over:
                _settle(connection, proposal, ProposalState.EXPIRED, "policy:expiry", _NOBODY)
                line = _line(proposal, "proposal_expired", "policy:expiry", _NOBODY)
                keep(connection, Output(case_events=(line,)))
        return len(over)

    def lift_expired(self) -> int:
        """Decide to lift actions whose time is over; returns how many. Doing it again decides nothing new."""
        with self._database.read() as connection:
            if not lifts_due(connection):
                return 0
        with self._database.write() as connection:
            lifts = lifts_due(connection)
            keep(connection, Output(decisions=lifts))
        return len(lifts)


_NOBODY = "nobody decided in time"


def _of(classes: Sequence[CaseClass]) -> sa.ColumnElement[bool]:
    visible = sa.select(t.CASE.c.id).where(t.CASE.c.case_class.in_([each.value for each in classes]))
    return P.c.case_id.in_(visible)


def _waiting(connection: sa.Connection, case_id: str) -> list[Proposal]:
    query = sa.select(P.c.body).where(P.c.case_id == case_id, P.c.state == _WAITING)
    return decode_all(connection.scalars(query), Proposal)


def _settle(connection: sa.Connection, proposal: Proposal, state: ProposalState, by: str, why: str) -> None:
    settled = msgspec.structs.replace(proposal, state=state, settled_at=now(), settled_by=by, settled_why=why)
    here = (P.c.id == proposal.id) & (P.c.state == _WAITING)
    live = here & (P.c.expires_at > now()) if state is not ProposalState.EXPIRED else here
    changed = sa.update(P).where(live).values(state=state.value, body=_encode(settled))
    if not connection.execute(changed).rowcount:
        raise Conflict("this proposal does not wait any more", hint="look at it again")


def _decided_since(connection: sa.Connection, proposal: Proposal) -> bool:
    d, names = t.DECISION.c, proposal.decision.entities
    later = (d.case_id == proposal.case_id) & (d.at > proposal.at) & d.by.startswith("user:")
    since = decode_all(connection.scalars(sa.select(d.body).where(later)), Decision)
    return any(set(one.entities) & set(names) for one in since) or _moved_since(connection, proposal)


def _moved_since(connection: sa.Connection, proposal: Proposal) -> bool:
    here = t.MEMBER.c.case_id == proposal.case_id
    names = proposal.decision.entities
    rows = list(by_names(connection, [t.MEMBER.c.body], t.MEMBER.c.entity, names, where=here))
    members = [_decode_member(row.body) for row in rows]
    return len(members) < len(names) or any(m.decided_at and m.decided_at > proposal.at for m in members)


def _row(proposal: Proposal) -> dict[str, object]:
    return {
        "id": proposal.id,
        "case_id": proposal.case_id,
        "state": proposal.state.value,
        "expires_at": proposal.expires_at,
        "body": _encode(proposal),
    }


def _line(proposal: Proposal, what: str, by: str, why: str) -> CaseEvent:
    return CaseEvent(
        id=derived_id(proposal.id, what),
        case_id=proposal.case_id,
        at=now(),
        by=by,
        what=what,
        why=why,
        entities=proposal.decision.entities,
        decision_id=proposal.decision.id,
        new=proposal.decision.verb.value,
    )

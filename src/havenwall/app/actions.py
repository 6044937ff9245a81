"""Decisions of persons: previews, proposals for a second person, what runs out, strikes."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta

import structlog

from havenwall.app.config import Config
from havenwall.app.second_look import check_second_look
from havenwall.casework import check_still, review
from havenwall.casework.ladder import Footing, unpreserved
from havenwall.casework.strikes import StrikePolicy, StrikeTally, count_strikes, load_strikes
from havenwall.errors import BadInput, Forbidden
from havenwall.model import (
    Action,
    ActionKind,
    ActionState,
    Case,
    CaseClass,
    Decision,
    Restriction,
    Right,
    Verb,
    Viewer,
    derived_id,
    new_id,
    now,
)
from havenwall.model.case_rights import DECIDE_RIGHT, SEE_RIGHT
from havenwall.model.proposal import Proposal, ProposalState, Radius
from havenwall.model.reason import reason_of
from havenwall.store import Store

_log = structlog.get_logger()


class ActionDesk:
    """What persons decide, and what must be agreed to by two of them.

    Args: `after`: carries out what was decided, so that it is in force when a method returns.
    """

    def __init__(self, config: Config, store: Store, after: Callable[[], None]) -> None:
        self._config, self._store, self._after = config, store, after

    def decide(
        self,
        viewer: Viewer,
        case_id: str,
        version: int,
        verb: Verb,
        entities: Sequence[str],
        why: str,
        *,
        expires_at: datetime | None = None,
        policy: str | None = None,
        second: bool = False,
    ) -> Decision | Proposal:
        """Decide on members of a case; in force when this returns. What cannot be undone, and what touches
        more than the operator has set, becomes a proposal that waits for a second person; with `second` so
        does all else.

        Raises:
            Forbidden: the viewer has not the right.
            NotFound: there is no such case for this viewer.
            BadInput: the decision is not possible; names the field.
            Conflict: since `version` somebody else decided, or one of these waits for a second person.
        """
        case = self._store.cases(viewer).case(case_id)
        viewer.need(DECIDE_RIGHT[case.case_class])
        if verb is Verb.REMOVE:
            viewer.need(Right.REMOVE)
        check_second_look(self._store, viewer, case_id, entities)
        policy = self._known_policy(policy)
        decision = self._reviewed(case, viewer, verb, entities, why, expires_at, policy)
        if second or verb is Verb.REMOVE or len(decision.entities) > self._config.bulk_decisions:
            return self._propose(decision, version)
        self._store.ledger.add_decision(decision, version)
        _log.info("decided", case=case_id, verb=verb.value, entities=len(entities), by=viewer.name)
        self._after()
        return decision

    def classes(self, viewer: Viewer) -> list[CaseClass]:
        """The classes of cases that a viewer sees and decides."""
        return _classes(viewer)

    def preview(self, viewer: Viewer, case_id: str, entities: Sequence[str]) -> Radius:
        """Whom a decision on members of a case would touch. Raises as `decide`."""
        case = self._store.cases(viewer).case(case_id)
        members = self._store.casework.members(case.id)
        strangers = [entity for entity in entities if entity not in members]
        if strangers or not entities:
            raise BadInput("choose members of the case", field="entities")
        return self._store.radius.of(entities)

    def proposals(
        self, viewer: Viewer, state: ProposalState | None = None, limit: int = 50, offset: int = 0
    ) -> list[Proposal]:
        """Proposals in cases the viewer may decide."""
        found = self._store.proposals.proposals(_classes(viewer), state, limit, offset)
        if found:
            self._store.note(viewer, "proposals", state.value if state else "all")
        return found

    def proposal(self, viewer: Viewer, proposal_id: str) -> tuple[Proposal, Radius]:
        """A proposal, and its radius as it is now. Raises NotFound."""
        found = self._store.proposals.proposal(proposal_id, _classes(viewer))
        self._store.note(viewer, "proposal", found.id)
        return found, self._store.radius.of(found.decision.entities)

    def approve(self, viewer: Viewer, proposal_id: str, why: str) -> Decision:
        """Be the second person; the decision is in force when this returns.

        Raises:
            Forbidden: the viewer has not the right, or proposed it.
            NotFound: there is no such proposal for this viewer.
            BadInput: there is no reason, or the step is not possible any more, as when what it builds on
                was lifted in another case.
            Conflict: it does not wait any more, its case was closed, or one of its entities was decided on
                in the case since.
        """
        proposal = self._second(viewer, proposal_id, why)
        if proposal.by == viewer.name:
            raise Forbidden("you proposed this yourself", hint="a second person must approve it")
        self._check_still(proposal)
        decision = self._store.proposals.approve(proposal, viewer.name, why.strip())
        _log.info("approved", case=proposal.case_id, verb=decision.verb.value, by=viewer.name)
        self._after()
        return decision

    def reject(self, viewer: Viewer, proposal_id: str, why: str) -> None:
        """Do not agree; who proposed it takes it back this way, and needs no further right for that.

        Raises: as `approve`.
        """
        proposal = self._found(viewer, proposal_id, why)
        if proposal.by != viewer.name:
            viewer.need(Right.APPROVE)
        self._store.proposals.reject(proposal, viewer.name, why.strip())

    def run_out(self) -> int:
        """End proposals that waited too long, and lift what was to last for a time; returns how many."""
        return self._store.proposals.expire() + self._store.proposals.lift_expired()

    def strikes(self, viewer: Viewer, case_id: str, entity: str) -> StrikeTally:
        """The strikes of a member, made anew from every decision on it. Raises NotFound."""
        member = self._store.cases(viewer).member(case_id, entity)
        decisions, families = self._store.decisions_on(member.entity, _seen(viewer))
        return count_strikes(decisions, member.entity, self.strike_policy, now(), families)

    @property
    def policies(self) -> tuple[str, ...]:
        """The platform's policies that a decision may name: those with a weight."""
        return tuple(sorted(self.strike_policy.weights))

    @property
    def strike_policy(self) -> StrikePolicy:
        """Weights and thresholds: the operator's, or those that come with Havenwall."""
        return load_strikes(self._config.strikes)

    def _known_policy(self, policy: str | None) -> str | None:
        # Whoever is restricted reads it in the statement of reasons, so nobody types it freely.
        named = (policy or "").strip()
        if named and named not in self.policies:
            names = ", ".join(self.policies)
            hint = f"choose one of {names}" if names else "give policies weights in `strikes` first"
            raise BadInput("there is no such policy", field="policy", hint=hint)
        return named or None

    def _check_still(self, proposal: Proposal) -> None:
        case, entities = self._store.casework.case(proposal.case_id), proposal.decision.entities
        if case is not None and proposal.state is ProposalState.WAITING:
            members = self._store.casework.members(case.id)
            check_still(proposal.decision, members, self._footing(case, entities))

    def _reviewed(
        self,
        case: Case,
        viewer: Viewer,
        verb: Verb,
        entities: Sequence[str],
        why: str,
        expires_at: datetime | None,
        policy: str | None,
    ) -> Decision:
        members = self._store.casework.members(case.id)
        footing = self._footing(case, entities)
        return review(
            case, members, verb, entities, viewer, why, footing=footing, expires_at=expires_at, policy=policy
        )

    def _footing(self, case: Case, entities: Sequence[str]) -> Footing:
        standings = self._store.casework.standings(entities)
        actions = self._store.casework.actions(entities)
        sealed = {
            a.entity for a in actions if a.kind is ActionKind.PRESERVE and a.state is ActionState.CONFIRMED
        }
        return Footing(
            restrictions={
                entity: standings[entity].restriction if entity in standings else Restriction.NONE
                for entity in entities
            },
            preserved=sealed,
            referred=self._store.proposals.referred(case.id),
        )

    def _propose(self, decision: Decision, version: int) -> Proposal:
        at = decision.at
        proposal = Proposal(
            id=new_id(),
            case_id=decision.case_id or "",
            decision=decision,
            state=ProposalState.WAITING,
            radius=self._store.radius.of(decision.entities),
            at=at,
            by=decision.by,
            expires_at=at + timedelta(hours=self._config.proposal_hours),
        )
        known = self._store.casework.actions(decision.entities)
        preserve = [_preserve(decision, entity) for entity in unpreserved(known, decision.entities)]
        self._store.proposals.add(proposal, preserve, version)
        _log.info("proposed", case=proposal.case_id, verb=decision.verb.value, by=decision.by)
        self._after()
        return proposal

    def _second(self, viewer: Viewer, proposal_id: str, why: str) -> Proposal:
        viewer.need(Right.APPROVE)
        return self._found(viewer, proposal_id, why)

    def _found(self, viewer: Viewer, proposal_id: str, why: str) -> Proposal:
        proposal = self._store.proposals.proposal(proposal_id, _classes(viewer))
        reason_of(why)
        return proposal


def _classes(viewer: Viewer) -> list[CaseClass]:
    return [each for each in _seen(viewer) if viewer.may(DECIDE_RIGHT[each])]


def _seen(viewer: Viewer) -> list[CaseClass]:
    return [each for each, right in SEE_RIGHT.items() if viewer.may(right)]


def _preserve(decision: Decision, entity: str) -> Action:
    return Action(
        id=derived_id(decision.id, ActionKind.PRESERVE.value, entity),
        kind=ActionKind.PRESERVE,
        entity=entity,
        decision_id=decision.id,
        state=ActionState.PLANNED,
        at=decision.at,
        by=decision.by,
        why=decision.why,
        case_id=decision.case_id,
    )

"""The application: reads the configuration, chooses implementations and wires the stages."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING

import msgspec

from havenwall.app.config import Config
from havenwall.app.desks import Desks
from havenwall.app.doctor import Check, examine
from havenwall.app.drawing import CaseGraph, Ties, case_graph
from havenwall.disclose import draft_referral, figures
from havenwall.model import (
    Communities,
    Decision,
    Figures,
    FoundReturn,
    Person,
    PrecisionReport,
    Referral,
    Right,
    Risk,
    ScoreRun,
    ThingKind,
    Verb,
    Viewer,
)
from havenwall.model.proposal import Proposal

if TYPE_CHECKING:
    from havenwall.audit import AuditResult


class App(Desks):
    """One running Havenwall: the flow, and what people ask of it."""

    def __init__(self, config: Config) -> None:
        super().__init__(config)
        self._ties = Ties(self.store.network.links)

    def score(self) -> tuple[ScoreRun | None, list[Risk]]:
        """Let every stage catch up, scoring the graph again if anything is new.

        Returns the newest scoring, and its risks, highest first; None before there is a seed with links.
        """
        self.run()
        run = self.store.figures.newest_run()
        return run, (self.store.figures.risks_of(run.id) if run else [])

    def discover(self, viewer: Viewer) -> Communities:
        """Look for communities without confirmed accounts, now and whatever is confirmed; keeps nothing.

        Raises:
            Forbidden: the viewer may not see the accounts of child-safety cases.
        """
        self.store.communities(viewer).note("search")
        from havenwall.network import find_communities

        return find_communities(self.store.network)

    def things(self, viewer: Viewer, kind: ThingKind | None = None) -> tuple[ScoreRun | None, list[Risk]]:
        """The newest scoring, and its risks of groups, tags and other things, highest lower bound first.

        Raises:
            Forbidden: the viewer may not see the accounts of child-safety cases.
        """
        viewer.need(Right.SEE_CHILD_SAFETY)
        self.store.note(viewer, "things", kind.value if kind else "all")
        run = self.store.figures.newest_run()
        return run, (self.store.figures.things_of(run.id, kind) if run else [])

    def returns(self, viewer: Viewer) -> list[FoundReturn]:
        """Accounts that may be confirmed accounts again that were removed, newest first.

        Raises:
            Forbidden: the viewer may not see the accounts of child-safety cases.
        """
        viewer.need(Right.SEE_CHILD_SAFETY)
        self.store.note(viewer, "returns", "all")
        return self.store.returns.found()

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
    ) -> Decision | Proposal:
        """A reviewer decides on members; in force, and live in every guard, when this returns, unless it
        takes a second person. Raises as `ActionDesk.decide`.
        """
        return self.actions.decide(
            viewer, case_id, version, verb, entities, why, expires_at=expires_at, policy=policy
        )

    def refer(self, viewer: Viewer, case_id: str) -> Referral:
        """Draft a referral from a case; kept, not sent.

        Raises:
            Forbidden, NotFound: as for `decide`.
            NotReady: nobody was confirmed by a person yet.
        """
        viewer.need(Right.REFER)
        viewer.need(Right.DECIDE_CHILD_SAFETY)
        view = self.store.cases(viewer)
        case = view.case(case_id)
        members = list(self.store.casework.members(case.id).values())
        referral = draft_referral(case, members, view.exhibits(case.id))
        self.store.ledger.add_referral(referral)
        return referral

    def case_graph(self, viewer: Viewer, case_id: str, limit: int = 300, also: str = "") -> CaseGraph:
        """The links among a case's members, for drawing: the `limit` most probable members, and `also`."""
        view = self.store.cases(viewer)
        members = view.members(case_id, limit=limit)
        if also and all(member.entity != also for member in members):
            members.append(view.member(case_id, also))
        return case_graph(members, self._ties.among({member.entity for member in members}))

    def risk(self, viewer: Viewer, case_id: str, entity: str) -> Risk | None:
        """The newest risk of a member of a case the viewer may see; None, as if it had none, for who may not
        see the accounts of child-safety cases: it names confirmed ones."""
        member = self.store.cases(viewer).member(case_id, entity)
        if not viewer.may(Right.SEE_CHILD_SAFETY):
            return None
        return self.store.casework.risks([member.entity]).get(member.entity)

    def figures(self, viewer: Viewer, start: datetime, end: datetime) -> Figures:
        """The figures of a period."""
        viewer.need(Right.SEE_FIGURES)
        return figures(self.store.figures, start, end)

    def precision(self, viewer: Viewer) -> PrecisionReport:
        """What audits say of the accounts that rules suppress; names nobody."""
        # As for the stages: it brings scikit-learn along.
        from havenwall.app.stages import audit_config
        from havenwall.network.precision import report

        viewer.need(Right.SEE_FIGURES)
        config = audit_config(self.config)
        return report(self.store.audits.draws(config.history), self.store.audits.newest_run(), config)

    def sign_in_link(self, person: Person, by: Viewer) -> str:
        """An address that signs a person in once."""
        return f"{self.config.url}/sign-in/link#{self.store.people.new_link(person, by=by)}"

    def save_audit(self, result: AuditResult) -> str:
        """Keep an audit's result for the console; returns its id."""
        return self.store.ledger.add_audit(msgspec.json.encode(result))

    def doctor(self) -> list[Check]:
        """Short checks of every part."""
        return examine(self)

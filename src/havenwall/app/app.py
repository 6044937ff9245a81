"""The application: reads the configuration, chooses implementations and wires the stages."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from functools import cached_property
from typing import TYPE_CHECKING

import msgspec

from havenwall.app.actions import ActionDesk
from havenwall.app.appeals import AppealDesk
from havenwall.app.asides import AsideDesk
from havenwall.app.bulk import BulkDesk
from havenwall.app.case_desk import CaseDesk
from havenwall.app.comfort import ComfortDesk
from havenwall.app.config import Config
from havenwall.app.console import ConsoleDesk
from havenwall.app.deliveries import DeliveryDesk
from havenwall.app.doctor import Check, examine
from havenwall.app.drawing import CaseGraph, Ties, case_graph
from havenwall.app.exhibits import ExhibitDesk
from havenwall.app.flow import Flow
from havenwall.app.quality import QualityDesk
from havenwall.app.queues import QueueDesk
from havenwall.app.reports import ReportDesk
from havenwall.app.terms import open_query_guard
from havenwall.disclose import draft_referral, figures
from havenwall.guard.tally import Tally
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
from havenwall.store.second_factor import SecondFactors

if TYPE_CHECKING:
    from havenwall.app.audit_runs import RunDesk
    from havenwall.app.findings import FindingDesk
    from havenwall.app.live import LiveDesk
    from havenwall.app.media import MediaDesk
    from havenwall.app.oidc import OidcDesk
    from havenwall.app.pictures import PictureDesk
    from havenwall.audit import AuditResult
    from havenwall.guard.query import QueryGuard


class App(Flow):
    """One running Havenwall: the flow, and what people ask of it."""

    def __init__(self, config: Config) -> None:
        super().__init__(config)
        self._ties = Ties(self.store.network.links)

    @cached_property
    def second_factors(self) -> SecondFactors:
        """Second factors of people."""
        return self.store.second_factors(self.sealer)

    @cached_property
    def oidc(self) -> OidcDesk:
        """Sign-in by another server.

        Raises:
            NotFound: none is set.
        """
        # Its tokens bring a library along; most servers have no such sign-in.
        from havenwall.app.oidc import OidcDesk

        return OidcDesk(self.config, self.store, self.sealer)

    @cached_property
    def tally(self) -> Tally:
        """What was dropped on which surface: over the API, and by guards elsewhere that count into here."""
        return Tally(self.config.data / "guard-tally")

    @cached_property
    def query_guard(self) -> QueryGuard:
        """The guard over queries, suggestions and tags; lists are read when first asked and when changed."""
        return open_query_guard(self.config)

    @cached_property
    def media(self) -> MediaDesk:
        """Pictures and videos: their hashes, and what they are known as."""
        # Decoders and kernels take a while to import; most commands see no media.
        from havenwall.app.media import MediaDesk

        # Asked for by two threads at once, both get the same: each would start a decoder.
        made: MediaDesk = self.__dict__.setdefault("media", MediaDesk(self.config, lambda: self.banks))
        return made

    @cached_property
    def pictures(self) -> PictureDesk:
        """Pictures of accounts on their way to the operator's classifiers."""
        from havenwall.app.pictures import open_pictures

        # Asked for by two threads at once, both get the same: each would load the models.
        made: PictureDesk = self.__dict__.setdefault(
            "pictures", open_pictures(self.config, self.store.ledger)
        )
        return made

    @cached_property
    def live(self) -> LiveDesk:
        """The look-out on live streams."""
        from havenwall.app.live import LiveDesk

        return LiveDesk(self.media, self.ingest_events, self.config.data / "live")

    @cached_property
    def audits(self) -> FindingDesk:
        """What the gate of a release found."""
        # The statistics of audits take a second to import, which nobody else who starts should wait for.
        from havenwall.app.findings import FindingDesk

        return FindingDesk(self.store)

    @cached_property
    def audit_runs(self) -> RunDesk:
        """Audits that run in the background of the server."""
        from havenwall.app.audit_runs import RunDesk

        # Asked for by two threads at once, both get the same: one run at a time.
        made: RunDesk = self.__dict__.setdefault(
            "audit_runs", RunDesk(self.config, self.store, lambda finding: self.audits.keep(finding))
        )
        return made

    @cached_property
    def actions(self) -> ActionDesk:
        """What persons decide, alone or two of them."""
        return ActionDesk(self.config, self.store, self._carry_out)

    @cached_property
    def asides(self) -> AsideDesk:
        """Records that stages could not work on."""
        return AsideDesk(self.store, lambda: self.stages)

    @cached_property
    def appeals(self) -> AppealDesk:
        """Appeals of those who are restricted."""
        return AppealDesk(self.config, self.store, self._carry_out)

    @cached_property
    def quality(self) -> QualityDesk:
        """Blind second reviews, and the figures from them."""
        return QualityDesk(self.config, self.store)

    @cached_property
    def deliveries(self) -> DeliveryDesk:
        """What the platform is to do, on its way there."""
        return DeliveryDesk(self.config, self.store, lambda: self.sealer)

    @cached_property
    def reports(self) -> ReportDesk:
        """Reports by people, and the answers to them."""
        return ReportDesk(self.store, self.config.sealing_key_file, self.sealer)

    @cached_property
    def queues(self) -> QueueDesk:
        """Queues, and who works on which case."""
        return QueueDesk(self.config, self.store)

    @cached_property
    def case_desk(self) -> CaseDesk:
        """Closing, merging and splitting cases, notes, and gaps in the policy."""
        return CaseDesk(self.config, self.store, lambda: self.run(("casework", "report-outcomes")))

    @cached_property
    def exhibits(self) -> ExhibitDesk:
        """Pictures in the vault."""
        return ExhibitDesk(self.config, self.store, lambda: self.media, lambda: self.vault)

    @cached_property
    def comfort(self) -> ComfortDesk:
        """Settings of one's own, and one's own exposure."""
        return ComfortDesk(self.config, self.store)

    @cached_property
    def bulk(self) -> BulkDesk:
        """One step on many cases."""
        return BulkDesk(self.store, self.queues, self.case_desk, self.actions)

    @cached_property
    def console(self) -> ConsoleDesk:
        """What people set for their own console, and what they share in it."""
        return ConsoleDesk(self.store)

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

    def close(self) -> None:
        """Let go of the guard and the database."""
        if "audit_runs" in self.__dict__:
            self.audit_runs.close()
        if "tally" in self.__dict__:
            self.tally.close()
        if "guard" in self.__dict__:
            self.guard.close()
        if "pictures" in self.__dict__:
            self.pictures.close()
        if "media" in self.__dict__:
            self.media.close()
        if "query_guard" in self.__dict__:
            self.query_guard.close()
        if "banks" in self.__dict__:
            self.banks.close()
        self.store.close()

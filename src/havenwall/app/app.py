"""The application: reads the configuration, chooses implementations and wires the stages."""

from __future__ import annotations

import threading
from collections.abc import Callable, Collection, Sequence
from datetime import UTC, datetime, timedelta
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec
import structlog

from havenwall.app.actions import ActionDesk
from havenwall.app.appeals import AppealDesk
from havenwall.app.bulk import BulkDesk
from havenwall.app.case_desk import CaseDesk
from havenwall.app.comfort import ComfortDesk
from havenwall.app.config import Config
from havenwall.app.console import ConsoleDesk
from havenwall.app.deliveries import DeliveryDesk
from havenwall.app.doctor import Check, examine
from havenwall.app.drawing import CaseGraph, Ties, case_graph
from havenwall.app.exhibits import ExhibitDesk
from havenwall.app.proposals import TermDesk
from havenwall.app.quality import QualityDesk
from havenwall.app.queues import QueueDesk
from havenwall.app.reports import ReportDesk
from havenwall.app.terms import open_query_guard
from havenwall.disclose import Vault, draft_referral, figures, load_key
from havenwall.engine import Progress, Runner, Stage
from havenwall.errors import BadInput
from havenwall.guard import Guard, publish, published
from havenwall.guard.chain import Allowance
from havenwall.guard.tally import Tally
from havenwall.intake import Format, Summary, ingest_chunks, ingest_file, read_edges
from havenwall.intake import Progress as FileProgress
from havenwall.model import (
    Communities,
    Decision,
    Event,
    Figures,
    FoundReturn,
    LinkKind,
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
from havenwall.store import Store
from havenwall.store.people import SessionLife
from havenwall.store.sealed import Sealer
from havenwall.store.second_factor import SecondFactors

if TYPE_CHECKING:
    from havenwall.app.banks import BankDesk
    from havenwall.app.live import LiveDesk
    from havenwall.app.media import MediaDesk
    from havenwall.app.oidc import OidcDesk
    from havenwall.audit import AuditResult
    from havenwall.guard.query import QueryGuard

_log = structlog.get_logger()


class App:
    """One running Havenwall: a store, its stages, a published guard."""

    def __init__(self, config: Config) -> None:
        self.config = config
        self.store = Store.open(
            config.database_url, config.data, timedelta(days=config.cleared_for_days), _session_life(config)
        )
        self._publishing = threading.Lock()
        self._ties = Ties(self.store.network.links)

    @cached_property
    def vault(self) -> Vault:
        """The evidence vault; its key is made on first use."""
        return Vault(self.config.data / "vault", load_key(self.config.vault_key_file))

    @cached_property
    def sealer(self) -> Sealer:
        """Seals secrets that the database keeps; its key is made on first use."""
        return Sealer(load_key(self.config.sealing_key_file))

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
    def stages(self) -> tuple[Stage, ...]:
        """All stages, in the order of the flow."""
        # Scoring brings scikit-learn along, which takes a second to import; most commands never score.
        from havenwall.app.stages import build_stages

        return build_stages(self.config, self.store, self.vault, self.banks)

    @cached_property
    def guard(self) -> Guard:
        """The guard over the published standing, kept fresh."""
        self.publish()
        return Guard.open(
            self.config.guard_folder,
            golden=self.config.guard_golden,
            max_shrink=self.config.guard_max_shrink,
            shrink_key=self.config.guard_key_file,
        )

    @cached_property
    def tally(self) -> Tally:
        """What was dropped on which surface: over the API, and by guards elsewhere that count into here."""
        return Tally(self.config.data / "guard-tally")

    @property
    def classifier_drifts(self) -> dict[str, float]:
        """How far scores of classifiers have shifted since calibration, of those this process runs."""
        stages: tuple[Stage, ...] = self.__dict__.get("stages", ())
        return {name: psi for each in stages for name, psi in getattr(each, "drifts", {}).items()}

    @cached_property
    def banks(self) -> BankDesk:
        """Lists of known media."""
        # The index brings compiled code along; most commands look nothing up.
        from havenwall.app.banks import BankDesk
        from havenwall.detect.media.opaque import read_licensed

        licensed = tuple(map(read_licensed, self.config.licensed_hashes))
        return BankDesk(self.store, self.config.data / "bank-index", licensed=licensed)

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
    def live(self) -> LiveDesk:
        """The look-out on live streams."""
        from havenwall.app.live import LiveDesk

        return LiveDesk(self.media, self.ingest_events, self.config.data / "live")

    @cached_property
    def actions(self) -> ActionDesk:
        """What persons decide, alone or two of them."""
        return ActionDesk(self.config, self.store, self._carry_out)

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

    @cached_property
    def terms(self) -> TermDesk:
        """Proposed terms, and what people make of them."""
        return TermDesk(self.config, self.store)

    def ingest_events(self, events: Sequence[Event]) -> int:
        """Journal events, durably; returns how many were new."""
        return self.store.journal.append(events)

    def ingest_file(
        self,
        path: Path,
        *,
        rejects: Path,
        source: str | None = None,
        format: Format | None = None,
        progress: FileProgress | None = None,
    ) -> Summary:
        """Journal a bulk file; bad lines go to the `rejects` file. See `intake.ingest_file`."""
        return ingest_file(
            path, _Frames(self.store), rejects=rejects, source=source, format=format, progress=progress
        )

    def ingest_edges(
        self,
        path: Path,
        *,
        rejects: Path,
        source: str | None = None,
        link: LinkKind = LinkKind.FOLLOW,
        directed: bool = True,
        at: datetime | None = None,
        progress: FileProgress | None = None,
    ) -> Summary:
        """Journal a plain edge list as links between accounts. See `intake.read_edges`."""
        moment = at.replace(tzinfo=at.tzinfo or UTC) if at else None
        chunks = read_edges(path, source=source or path.name, link=link, at=moment, directed=directed)
        size = path.stat().st_size
        return ingest_chunks(chunks, _Frames(self.store), size=size, rejects=rejects, progress=progress)

    def run(self, names: Collection[str] = (), tell: Callable[[Progress], None] | None = None) -> int:
        """Run stages (all, or those named) until nothing is new, then publish the guard.

        Returns how many records were read.
        """
        wanted = [stage for stage in self.stages if not names or stage.name in names]
        done = Runner(self.store.streams, wanted).run(tell)
        self.compact()
        self.terms.seal()
        self.publish()
        return done

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

    def check_stages(self, names: Collection[str]) -> None:
        """Do nothing if all names are stages.

        Raises:
            BadInput: one is not.
        """
        known = [stage.name for stage in self.stages]
        for name in names:
            if name not in known:
                raise BadInput(
                    f"there is no stage {name}", field="stage", hint="stages are " + ", ".join(known)
                )

    def compact(self) -> int:
        """Turn single events that every stage has read into a bulk segment; returns how many."""
        return self.store.journal.compact(self.store.streams.slowest(self.stages))

    def publish(self) -> None:
        """Bring the guard's folder up to the store's standing, and give the sign of life."""
        root, feed = self.config.guard_folder, self.store.guard
        with self._publishing:
            while True:
                after = published(root)
                changes = feed.changes(after)
                watermark = changes[-1].seq if changes else after
                publish(root, changes, feed.standings, watermark=watermark, allowance=self._allowance)
                if not changes:
                    return

    @property
    def _allowance(self) -> Allowance:
        return Allowance(most=self.config.guard_max_shrink, key=self.config.guard_key_file)

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

    def _carry_out(self) -> None:
        self.run(("casework", "report-outcomes", "disclose"))
        self.guard.refresh()

    def refer(self, viewer: Viewer, case_id: str) -> Referral:
        """Draft a referral from a case; kept, not sent.

        Raises:
            Forbidden, NotFound: as for `decide`.
            NotReady: nobody was confirmed by a person yet.
        """
        viewer.need(Right.DECIDE_CHILD_SAFETY)
        view = self.store.cases(viewer)
        members = list(self.store.casework.members(view.case(case_id).id).values())
        referral = draft_referral(view.case(case_id), members, view.exhibits(case_id))
        self.store.ledger.add_referral(referral)
        return referral

    def case_graph(self, viewer: Viewer, case_id: str, limit: int = 300) -> CaseGraph:
        """The links among a case's members, for drawing: the `limit` most probable members at most."""
        members = self.store.cases(viewer).members(case_id, limit=limit)
        return case_graph(members, self._ties.among({member.entity for member in members}))

    def risk(self, viewer: Viewer, case_id: str, entity: str) -> Risk | None:
        """The newest risk of a member of a case the viewer may see."""
        member = self.store.cases(viewer).member(case_id, entity)
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
        if "tally" in self.__dict__:
            self.tally.close()
        if "guard" in self.__dict__:
            self.guard.close()
        if "media" in self.__dict__:
            self.media.close()
        if "query_guard" in self.__dict__:
            self.query_guard.close()
        if "banks" in self.__dict__:
            self.banks.close()
        self.store.close()


def _session_life(config: Config) -> SessionLife:
    return SessionLife(
        longest=timedelta(hours=config.session_hours), idle=timedelta(minutes=config.session_idle_minutes)
    )


class _Frames:
    """The journal as the sink that intake writes to."""

    def __init__(self, store: Store) -> None:
        self.append = store.journal.append_frame

"""The store as the application sees it: one object with a part for each purpose."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from pathlib import Path

from havenwall.model import CaseClass, Decision, Viewer
from havenwall.model.quality import AsItWas, Judged, Review
from havenwall.store.appeals import Appeals
from havenwall.store.asides import Asides
from havenwall.store.bank_backfill import BankBackfills
from havenwall.store.bank_tally import BankTally
from havenwall.store.banks import Banks
from havenwall.store.case_steps import CaseSteps
from havenwall.store.comforts import Comforts
from havenwall.store.console import ConsoleStore
from havenwall.store.database import Database
from havenwall.store.deliveries import Deliveries
from havenwall.store.endpoints import Endpoints
from havenwall.store.exhibits import Exhibits
from havenwall.store.exposures import Exposures
from havenwall.store.findings import Findings
from havenwall.store.identities import Identities
from havenwall.store.journal import Journal
from havenwall.store.keys import Keys
from havenwall.store.leases import Leases
from havenwall.store.ledger import Ledger
from havenwall.store.people import People, SessionLife
from havenwall.store.proposals import Proposals
from havenwall.store.queues import Queues
from havenwall.store.reports import Reports
from havenwall.store.reviews import Reviews
from havenwall.store.roles import Roles
from havenwall.store.sealed import Sealer
from havenwall.store.second_factor import SecondFactors
from havenwall.store.segments import SegmentFolder
from havenwall.store.sessions import Sessions
from havenwall.store.streams import Streams
from havenwall.store.views.access import Access, note_access, read_access
from havenwall.store.views.appeals import AppealView
from havenwall.store.views.audits import StoreAuditView
from havenwall.store.views.banks import StoreBankView
from havenwall.store.views.behaviour import StoreBehaviourView
from havenwall.store.views.cases import CaseView
from havenwall.store.views.casework import StoreCaseworkView
from havenwall.store.views.communities import CommunityView
from havenwall.store.views.figures import StoreFiguresView
from havenwall.store.views.guard import StoreGuardView
from havenwall.store.views.network import StoreNetworkView
from havenwall.store.views.policy import StorePolicyView
from havenwall.store.views.quality import as_it_was
from havenwall.store.views.radius import RadiusView
from havenwall.store.views.reports import ReportView
from havenwall.store.views.returns import StoreReturnsView
from havenwall.store.views.subjects import StoreSubjectView
from havenwall.store.views.terms import StoreTermView

CLEARED_FOR = timedelta(days=365)
"""How long the clearing of an account counts, if nobody says otherwise."""


class Store:
    """Everything that is kept: a database and a folder of Parquet segments."""

    def __init__(
        self,
        database: Database,
        folder: Path,
        cleared_for: timedelta = CLEARED_FOR,
        sessions: SessionLife | None = None,
    ) -> None:
        self._database = database
        self.journal = Journal(database, SegmentFolder(folder / "segments"))
        self.streams = Streams(database, self.journal)
        self.asides = Asides(database)
        self.ledger = Ledger(database)
        self.queues = Queues(database)
        self.leases = Leases(database)
        self.case_steps = CaseSteps(database)
        self.exhibits = Exhibits(database)
        self.exposures = Exposures(database)
        self.findings = Findings(database)
        self.comforts = Comforts(database)
        self.console = ConsoleStore(database)
        self.people = People(database, sessions)
        self.sessions = Sessions(database, self.people.life)
        self.roles = Roles(database)
        self.keys = Keys(database)
        self.identities = Identities(database)
        self.endpoints = Endpoints(database)
        self.deliveries = Deliveries(database)
        self.proposals = Proposals(database)
        self.appeals = Appeals(database)
        self.reviews = Reviews(database)
        self.radius = RadiusView(database, self.journal)
        self.reports = Reports(database, self.journal)
        self.network = StoreNetworkView(database, self.journal, cleared_for)
        self.policy = StorePolicyView(database, self.journal, cleared_for)
        self.returns = StoreReturnsView(database, self.journal)
        self.behaviour = StoreBehaviourView(database, self.journal)
        self.casework = StoreCaseworkView(database, cleared_for)
        self.guard = StoreGuardView(database)
        self.figures = StoreFiguresView(database)
        self.audits = StoreAuditView(database)
        self.banks = Banks(database)
        self.bank_tally = BankTally(database)
        self.bank_backfills = BankBackfills(database, self.journal)
        self.bank_view = StoreBankView(database)
        self.terms = StoreTermView(database, self.journal)
        self.subjects = StoreSubjectView(database, self.journal)

    @classmethod
    def open(
        cls,
        url: str,
        folder: Path,
        cleared_for: timedelta = CLEARED_FOR,
        sessions: SessionLife | None = None,
    ) -> Store:
        """Open the store; the schema is made or brought up to date.

        Args:
            url: `sqlite:///path` or `postgresql://...`.
            folder: where segments are kept.
            cleared_for: how long the clearing of an account counts.
            sessions: how long a person stays signed in.

        Raises:
            BadConfig: the URL is of no supported kind.
            StoreError: the database cannot be reached.
        """
        store = cls(Database.open(url), folder, cleared_for, sessions)
        store.journal.sweep()
        return store

    @property
    def dialect(self) -> str:
        """`sqlite` or `postgresql`."""
        return self._database.dialect

    def cases(self, viewer: Viewer) -> CaseView:
        """Cases, as far as a viewer may see them."""
        return CaseView(self._database, viewer)

    def decisions_on(
        self, entity: str, classes: Sequence[CaseClass]
    ) -> tuple[list[Decision], dict[str, str]]:
        """Decisions of persons on an entity, and the families of their cases: see `Proposals`."""
        return self.proposals.decisions_on(entity, classes)

    def reports_for(self, viewer: Viewer) -> ReportView:
        """Reports, as far as a viewer may see them."""
        return ReportView(self._database, viewer)

    def appeals_for(self, viewer: Viewer) -> AppealView:
        """Appeals, as far as a viewer may see them."""
        return AppealView(self._database, viewer)

    def as_it_was(self, viewer: Viewer, review: Review, differ: list[Judged]) -> AsItWas:
        """A case as it was when a decision was made, without the decision."""
        return as_it_was(self._database, viewer, review, differ)

    def second_factors(self, sealer: Sealer) -> SecondFactors:
        """Second factors of people, with their seeds under a seal."""
        return SecondFactors(self._database, sealer)

    def communities(self, viewer: Viewer) -> CommunityView:
        """Communities found without confirmed accounts, for a viewer who may see them."""
        return CommunityView(self._database, viewer)

    def note(self, viewer: Viewer, what: str, subject: str) -> None:
        """Write a line of the access log, for what no view writes down itself."""
        note_access(self._database, viewer, what, subject)

    def access_log(self, limit: int = 100, offset: int = 0) -> list[Access]:
        """The newest lines of the access log."""
        return read_access(self._database, limit, offset)

    def close(self) -> None:
        """Close the database."""
        self._database.close()

"""The store as the application sees it: one object with a part for each purpose."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

from havenwall.model import Viewer
from havenwall.store.bank_backfill import BankBackfills
from havenwall.store.bank_tally import BankTally
from havenwall.store.banks import Banks
from havenwall.store.database import Database
from havenwall.store.journal import Journal
from havenwall.store.ledger import Ledger
from havenwall.store.people import People
from havenwall.store.segments import SegmentFolder
from havenwall.store.streams import Streams
from havenwall.store.views.access import Access, read_access
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
from havenwall.store.views.returns import StoreReturnsView
from havenwall.store.views.terms import StoreTermView

CLEARED_FOR = timedelta(days=365)
"""How long the clearing of an account counts, if nobody says otherwise."""


class Store:
    """Everything that is kept: a database and a folder of Parquet segments."""

    def __init__(self, database: Database, folder: Path, cleared_for: timedelta = CLEARED_FOR) -> None:
        self._database = database
        self.journal = Journal(database, SegmentFolder(folder / "segments"))
        self.streams = Streams(database, self.journal)
        self.ledger = Ledger(database)
        self.people = People(database)
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

    @classmethod
    def open(cls, url: str, folder: Path, cleared_for: timedelta = CLEARED_FOR) -> Store:
        """Open the store; the schema is made or brought up to date.

        Args:
            url: `sqlite:///path` or `postgresql://...`.
            folder: where segments are kept.
            cleared_for: how long the clearing of an account counts.

        Raises:
            BadConfig: the URL is of no supported kind.
            StoreError: the database cannot be reached.
        """
        store = cls(Database.open(url), folder, cleared_for)
        store.journal.sweep()
        return store

    @property
    def dialect(self) -> str:
        """`sqlite` or `postgresql`."""
        return self._database.dialect

    def cases(self, viewer: Viewer) -> CaseView:
        """Cases, as far as a viewer may see them."""
        return CaseView(self._database, viewer)

    def communities(self, viewer: Viewer) -> CommunityView:
        """Communities found without confirmed accounts, for a viewer who may see them."""
        return CommunityView(self._database, viewer)

    def access_log(self, limit: int = 100) -> list[Access]:
        """The newest lines of the access log."""
        return read_access(self._database, limit)

    def close(self) -> None:
        """Close the database."""
        self._database.close()

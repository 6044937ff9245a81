"""The only place with SQL: journal, streams, views, people."""

from havenwall.store.ledger import Trouble
from havenwall.store.store import Store
from havenwall.store.views.access import Access
from havenwall.store.views.cases import CaseView

__all__ = ["Access", "CaseView", "Store", "Trouble"]

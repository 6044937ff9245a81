"""What the tests of reports share: a desk over a store, people, and stages that carry out."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import msgspec

from havenwall.app.reports import ReportDesk
from havenwall.casework import CaseworkStage, review
from havenwall.casework.reports import OutcomeStage, ReportStage
from havenwall.engine import Runner
from havenwall.model import (
    SYSTEM,
    Case,
    Decision,
    Receipt,
    Report,
    ReportDraft,
    ReportOutcome,
    Right,
    Verb,
    Viewer,
)
from havenwall.store import Store
from havenwall.store.sealed import Sealer

FORUM = Viewer(name="key:forum", rights=frozenset({Right.SEND_REPORTS}))
HOTLINE = Viewer(name="key:hotline", rights=frozenset({Right.SEND_REPORTS}))
_CASES = {
    Right.SEE_CHILD_SAFETY,
    Right.DECIDE_CHILD_SAFETY,
    Right.SEE_GENERAL,
    Right.DECIDE_GENERAL,
    Right.MANAGE_PEOPLE,
}
MIRA = Viewer(name="user:mira", rights=frozenset(_CASES))
ROBIN = Viewer(name="user:robin", rights=frozenset(_CASES))
GROUP = "group:g1"


def draft(source_id: str = "1", **fields: Any) -> ReportDraft:
    """A report of a group, in words only."""
    told = {"subject": GROUP, "reason": "child_group", "text": "They share bluewhistle."}
    return msgspec.convert({"source_id": source_id} | told | fields, ReportDraft)


class Office:
    """A store with its desk for reports and the stages that carry reports on."""

    def __init__(self, store: Store, folder: Path) -> None:
        self.store = store
        self.desk = ReportDesk(store, folder / "sealing.key", Sealer(b"k" * 32))

    def send(self, *drafts: ReportDraft, sender: Viewer = FORUM) -> list[Receipt]:
        """Keep reports, and let the stages catch up."""
        receipts = self.desk.take(sender, drafts)
        self.run()
        return receipts

    def run(self) -> None:
        """Let the stages catch up."""
        stages = [
            ReportStage(),
            CaseworkStage(self.store.casework),
            OutcomeStage(self.store.reports, self.store.casework),
        ]
        Runner(self.store.streams, stages).run()

    def report(self, receipt: Receipt) -> Report:
        """A report as it is now."""
        return self.store.reports_for(SYSTEM).report(receipt.id)

    def case(self, receipt: Receipt) -> Case:
        """The case of a report."""
        return self.store.cases(SYSTEM).case(self.report(receipt).case_id or "none")

    def told(self, receipt: Receipt) -> list[ReportOutcome]:
        """What the reporter was told."""
        return self.desk.status(receipt.code)[1]

    def decide(self, receipt: Receipt, verb: Verb, viewer: Viewer = MIRA) -> Decision:
        """A person decides on the reported entity in the case of the report."""
        case = self.case(receipt)
        subject = self.report(receipt).subject
        decision = review(case, self.store.casework.members(case.id), verb, [subject], viewer, "looked")
        self.store.ledger.add_decision(decision, case.version)
        self.run()
        return decision

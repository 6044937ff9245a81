"""Reports: taken in from platforms and from anybody, answered, contested; and who may be muted."""

from __future__ import annotations

import base64
import hashlib
import hmac
from collections.abc import Sequence
from datetime import timedelta
from pathlib import Path

import msgspec
import structlog

from havenwall.casework.reports import check_report, contest, new_number
from havenwall.errors import BadInput, NotFound
from havenwall.model import (
    CaseEvent,
    Receipt,
    Report,
    ReportDraft,
    ReporterMute,
    ReportOutcome,
    ReportSource,
    Right,
    Viewer,
    derived_id,
    new_id,
    now,
)
from havenwall.store import Store
from havenwall.store.reports import NewReport
from havenwall.store.sealed import Sealer, load_key
from havenwall.store.views.reports import Sealed, about

PUBLIC = "public"
"""Sender of what comes by the public form."""
LONGEST_MUTE = timedelta(days=365)
_CODE = 25
"""Characters of a reporter's secret: 125 bits."""
_MISREAD = str.maketrans({"0": "O", "1": "I", "8": "B"})
"""Digits that base 32 (RFC 4648) does not have, and what was meant."""
_log = structlog.get_logger()


class ReportDesk:
    """Takes reports and speaks with those who sent them."""

    def __init__(self, store: Store, key_file: Path, sealer: Sealer) -> None:
        """`key_file`: the key from which secrets of reporters are made, so that sending again gives the same;
        `sealer` seals what reporters give of themselves."""
        self._store, self._sealer = store, sealer
        self._key = hashlib.blake2b(load_key(key_file), person=b"hw reports", digest_size=32).digest()

    def take(self, viewer: Viewer, drafts: Sequence[ReportDraft]) -> list[Receipt]:
        """Keep reports of a platform or flagger; durable when it returns.

        Raises:
            Forbidden: the viewer may not send reports.
            BadInput: one cannot be kept, and so none is; names the field.
            Conflict: the id of one was used for a report of something else, or for another reason.
        """
        viewer.need(Right.SEND_REPORTS)
        flagger = viewer.name in self._store.reports.flaggers()
        source = ReportSource.FLAGGER if flagger else ReportSource.PLATFORM
        return self._keep([self._new(check_report(draft), viewer.name, source) for draft in drafts])

    def take_public(self, draft: ReportDraft) -> Receipt:
        """Keep a report of the public form; durable when it returns. Its `source_id` is the form's own token,
        so that pressing twice sends once; who goes back and reports something else sends another one.

        Raises:
            BadInput: it cannot be kept; names the field.
        """
        return self._keep([self._new(check_report(draft), PUBLIC, ReportSource.PUBLIC)])[0]

    def status(self, code: str) -> tuple[Report, list[ReportOutcome]]:
        """The report whose reporter has this secret, and what they were told, oldest first.

        Raises:
            NotFound: there is none.
        """
        return self._store.reports.by_code(plain_code(code))

    def notes(self, report: Report) -> list[CaseEvent]:
        """What was written for its reporter into the case of a report since it came, oldest first."""
        return self._store.reports.notes(report)

    def contest_by_code(self, code: str, why: str) -> Report:
        """A reporter asks for the second look.

        Raises:
            NotFound: no report has this code.
            BadInput, Conflict: as `casework.reports.contest` says.
        """
        return self._contest(self.status(code)[0], why)

    def contest(self, viewer: Viewer, report_id: str, why: str) -> Report:
        """A platform or flagger asks for the second look at what it sent.

        Raises:
            Forbidden: the viewer may not send reports.
            NotFound: it sent no such report.
            BadInput, Conflict: as `casework.reports.contest` says.
        """
        viewer.need(Right.SEND_REPORTS)
        report = self._store.reports_for(viewer).report(report_id)
        if report.sender != viewer.name:
            raise NotFound(f"there is no report {report_id} of yours")
        return self._contest(report, why)

    def reveal(self, viewer: Viewer, report_id: str) -> Sealed:
        """What a reporter gave of themselves; the access log says who looked.

        Raises:
            NotFound: there is no such report for this viewer, or it came without a name.
        """
        return self._store.reports_for(viewer).contact(report_id, self._sealer)

    def mute(self, viewer: Viewer, reporter: str, why: str, days: float) -> ReporterMute:
        """Set a reporter's reports aside for some days; 0 ends it. Those about children are still looked at.

        Raises:
            Forbidden: the viewer may not manage people.
            NotFound: nobody reported under this key.
            BadInput: no reason, or too many days.
        """
        viewer.need(Right.MANAGE_PEOPLE)
        if not 0 < len(why.strip()) <= 2000:
            raise BadInput("give a reason, up to 2,000 characters", field="why")
        if not 0 <= days <= LONGEST_MUTE.days:
            raise BadInput(f"must be 0 to {LONGEST_MUTE.days}", field="days")
        if not self._store.reports_for(viewer).reporters.reputation(reporter).reports:
            raise NotFound(f"nobody reported under the key {reporter}")
        at = now()
        mute = ReporterMute(
            reporter=reporter, by=viewer.name, why=why.strip(), at=at, until=at + timedelta(days=days)
        )
        self._store.reports.mute(mute)
        _log.info("reporter muted", reporter=reporter, until=mute.until.isoformat(), by=viewer.name)
        return mute

    def set_flagger(self, viewer: Viewer, key_name: str, *, trusted: bool) -> list[str]:
        """Say whether an API key is a trusted flagger's; returns the names of all that are.

        Raises:
            Forbidden: the viewer may not manage people.
            BadInput: there is no name.
        """
        viewer.need(Right.MANAGE_PEOPLE)
        if not 0 < len(key_name) <= 60:
            raise BadInput("must have 1 to 60 characters", field="name")
        self._store.reports.set_flagger(f"key:{key_name}", viewer.name, trusted=trusted)
        return [name.removeprefix("key:") for name in self._store.reports.flaggers()]

    def _contest(self, report: Report, why: str) -> Report:
        contested, reopening = contest(report, why, now())
        self._store.reports.contest(contested, reopening)
        _log.info("report contested", report=report.id)
        return contested

    def _keep(self, new: Sequence[NewReport]) -> list[Receipt]:
        kept = self._store.reports.add(new, new_number)
        for report in (report for report, fresh in kept if fresh):
            _log.info("report kept", report=report.id, reason=report.reason, source=report.source)
        return [self._receipt(report, fresh) for report, fresh in kept]

    def _receipt(self, report: Report, fresh: bool) -> Receipt:
        code = self._code(report.sender, report.source_id)
        return Receipt(id=report.id, number=report.number, code=shown(code), new=fresh)

    def _new(self, draft: ReportDraft, sender: str, source: ReportSource) -> NewReport:
        # The form's token would give the secret away to whoever reads the database.
        own = derived_id(draft.source_id, draft.subject, draft.reason)
        source_id = own if sender == PUBLIC else draft.source_id
        report_id, reporter = new_id(), self._reporter(draft, sender, source)
        known = Sealed(contact=draft.contact, account=draft.reporter)
        given = known.contact or known.account
        report = Report(
            id=report_id,
            number="",
            subject=draft.subject,
            reason=draft.reason,
            text=draft.text,
            language=draft.language,
            links=draft.links,
            source=source,
            sender=sender,
            source_id=source_id,
            reporter=reporter,
            has_contact=bool(given),
            received_at=now(),
        )
        return NewReport(
            report=report,
            code=self._code(sender, source_id),
            digest=_digest(report) if reporter else report_id,
            sealed=self._sealer.seal(msgspec.json.encode(known), about(report_id)) if given else None,
            known=draft.reporter is not None,
        )

    def _reporter(self, draft: ReportDraft, sender: str, source: ReportSource) -> str:
        """A key for all reports by the same person, from which nobody learns who it is without our key."""
        if source is ReportSource.FLAGGER:
            return f"flagger-{self._made('flagger', sender)[:12].lower()}"
        who = draft.contact.casefold() if sender == PUBLIC and draft.contact else draft.reporter
        return f"r-{self._made('reporter', sender, who)[:16].lower()}" if who else ""

    def _code(self, sender: str, source_id: str) -> str:
        return self._made("code", sender, source_id)[:_CODE]

    def _made(self, *parts: str) -> str:
        digest = hmac.digest(self._key, msgspec.json.encode(parts), "sha256")
        return base64.b32encode(digest).decode()


def shown(code: str) -> str:
    """A reporter's secret in groups of five, to be written down."""
    return "-".join(code[at : at + 5] for at in range(0, len(code), 5))


def plain_code(code: str) -> str:
    """A secret as it was typed, put right."""
    typed = "".join(c for c in code.rpartition("#")[2].upper() if c.isalnum())
    return typed.translate(_MISREAD)


def _digest(report: Report) -> str:
    words = " ".join(report.text.casefold().split())
    return derived_id(report.reporter, report.subject, report.reason.value, words, *sorted(set(report.links)))

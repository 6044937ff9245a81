"""Report: somebody tells of an entity. It gets a number, a person who looks, and an answer."""

from __future__ import annotations

from datetime import datetime, timedelta
from enum import StrEnum

import msgspec

from havenwall.model.case import CaseClass


class ReportReason(StrEnum):
    """What a report is about, in plain words; those from `child_media` to `child_other` are child safety."""

    CHILD_MEDIA = "child_media"
    """Pictures or videos that harm a child."""
    CHILD_TRADE = "child_trade"
    """Somebody offers, asks for or points to such material."""
    CHILD_CONTACT = "child_contact"
    """An adult seeks contact with a child that is not right."""
    CHILD_DANGER = "child_danger"
    """A child seems to be in danger now."""
    CHILD_GROUP = "child_group"
    """A group, tag or account devoted to any of these."""
    CHILD_OTHER = "child_other"
    """Anything else about the safety of a child."""
    VIOLENCE = "violence"
    SELF_HARM = "self_harm"
    HARASSMENT = "harassment"
    HATE = "hate"
    PRIVACY = "privacy"
    FRAUD = "fraud"
    SPAM = "spam"
    OTHER = "other"

    @property
    def case_class(self) -> CaseClass:
        """The class of the case that a report for this reason belongs to."""
        return CaseClass.CHILD_SAFETY if self.value.startswith("child_") else CaseClass.GENERAL


class ReportSource(StrEnum):
    """How a report came."""

    PLATFORM = "platform"
    """By a platform's key, for one of its users."""
    PUBLIC = "public"
    """By the public form."""
    FLAGGER = "flagger"
    """By the key of a trusted flagger."""


class ReportState(StrEnum):
    """Where a report stands."""

    RECEIVED = "received"
    """Kept; not in a case yet."""
    IN_REVIEW = "in_review"
    """In a case before a person."""
    UPHELD = "upheld"
    """A person found that it is right: the entity is confirmed, or gets care."""
    TURNED_DOWN = "turned_down"
    """A person found nothing; its reporter may ask for a second look."""
    NO_RULE = "no_rule"
    """A person found that no rule covers it; somebody must now say what the rule is."""
    CONTESTED = "contested"
    """Turned down and contested: another person looks again."""
    SET_ASIDE = "set_aside"
    """From a muted reporter and not about a child: kept and counted apart."""


UNDECIDED = frozenset(
    {ReportState.RECEIVED, ReportState.IN_REVIEW, ReportState.NO_RULE, ReportState.CONTESTED}
)
"""States of reports that still wait for a person."""
CONTEST_WITHIN = timedelta(days=183)
"""How long a report that was turned down can be contested (Art. 20(1) DSA: six months at least)."""
SECOND_LOOK_WITHIN = timedelta(hours=72)
"""How long a second look may take."""


class ReportDraft(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A report as it is sent."""

    source_id: str
    """The sender's own id of it, 1 to 200 characters. Sending it twice changes nothing."""
    subject: str
    """What it is about, as `kind:id`: an account, post, media, group, tag or live stream."""
    reason: ReportReason
    text: str = ""
    """In the reporter's own words, up to 10,000 characters. Nothing else is needed."""
    language: str = "en"
    """Of the answers, as a tag such as `en` or `de-AT`."""
    links: tuple[str, ...] = ()
    """Where it can be seen: up to 20 addresses."""
    reporter: str | None = None
    """Who reports, as `account:id`, if known. Kept sealed; others see a key made from it."""
    contact: str | None = None
    """An e-mail address or the like, if the reporter wants an answer there. Kept sealed."""


class Report(msgspec.Struct, frozen=True, kw_only=True):
    """A report as it is kept. Contact data is not in here."""

    id: str
    number: str
    """To read out on the telephone, such as HW-7K2M-9QXD; the last character checks the others."""
    subject: str
    reason: ReportReason
    text: str
    language: str
    links: tuple[str, ...]
    source: ReportSource
    sender: str
    """`key:NAME`, or `public`."""
    source_id: str
    reporter: str
    """Key of the reporter, the same for all their reports; empty for somebody unknown."""
    has_contact: bool
    received_at: datetime
    state: ReportState = ReportState.RECEIVED
    case_id: str | None = None
    again_of: str | None = None
    """Number of an earlier report with the same reporter, subject and words, of the last thirty days."""
    muted: bool = False
    """Whether its reporter was muted when it came."""
    decided_at: datetime | None = None
    decided_by: str | None = None
    contested_at: datetime | None = None
    contest: str = ""
    """Why the reporter contests that it was turned down."""
    due_at: datetime | None = None
    """When the second look is due."""

    @property
    def case_class(self) -> CaseClass:
        """The class of its case."""
        return self.reason.case_class


class Receipt(msgspec.Struct, frozen=True, kw_only=True):
    """What a sender gets: the report is durable. Sending again gives the same receipt."""

    id: str
    number: str
    code: str
    """Secret of the reporter, by which the status page tells where it stands."""
    new: bool
    """False when it was there already."""


class ReportOutcome(msgspec.Struct, frozen=True, kw_only=True):
    """What a reporter is told about a report. Says nothing about the account."""

    seq: int = 0
    """Position in the feed of outcomes."""
    id: str
    report_id: str
    number: str
    sender: str
    source_id: str
    state: ReportState
    language: str
    title: str
    text: str
    second_look: bool
    """Whether this is the answer to a second look."""
    may_contest: bool
    at: datetime


class ReporterMute(msgspec.Struct, frozen=True, kw_only=True):
    """A reporter whose reports are set aside for a time; those about children are still looked at."""

    reporter: str
    by: str
    why: str
    at: datetime
    until: datetime


class Reputation(msgspec.Struct, frozen=True, kw_only=True):
    """How often a reporter was right: the Beta posterior of the share of upheld reports."""

    reporter: str
    reports: int
    upheld: int
    turned_down: int
    undecided: int
    set_aside: int
    share: float
    """Posterior mean."""
    low: float
    """The share is above this with a probability of 95 %."""
    high: float
    """And below this with a probability of 95 %."""
    mute: ReporterMute | None = None
    """The mute in force."""


class ReportsOf(msgspec.Struct, frozen=True, kw_only=True):
    """How much an entity was reported, for what, and by whom; what a case's priority may rest on."""

    reports: int = 0
    """All but those set aside, repetitions included."""
    reporters: int = 0
    """Different known reporters, and each unknown one."""
    by_flaggers: int = 0
    by_muted: int = 0
    contested: int = 0
    set_aside: int = 0
    reasons: dict[str, int] = {}

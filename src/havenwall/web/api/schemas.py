"""The types the API speaks, for OpenAPI's components."""

from __future__ import annotations

from havenwall.app import CaseGraph
from havenwall.app.asides import TriedAgain
from havenwall.app.bulk import Bulk
from havenwall.app.findings import CheckedPlan
from havenwall.app.live import LiveAnswer
from havenwall.audit.compare import Compared, CompareRequest
from havenwall.audit.release.summary import FindingLine, Trend
from havenwall.casework.strikes import StrikeTally
from havenwall.detect.media.matching import HashedMedia, MatchedMedia
from havenwall.guard import Filtered
from havenwall.guard.columns import Columns, ColumnsRequest
from havenwall.guard.query import QueryVerdict, TermStatus
from havenwall.model import (
    ApiKey,
    Case,
    CaseEvent,
    Communities,
    Decision,
    Event,
    Figures,
    FoundReturn,
    Member,
    Person,
    PolicyGap,
    PrecisionReport,
    Referral,
    Risk,
    RoleRights,
    ScoreRun,
    Session,
    Standing,
    TermProposal,
)
from havenwall.model.appeal import Appeal, AppealDraft, AppealStanding, Statement
from havenwall.model.bank import BankStatus
from havenwall.model.bank_entry import BankEntry
from havenwall.model.comfort import Comfort, Exposure, ExposureState, ExposureWeek
from havenwall.model.console import ConsoleChoice, MessageTemplate, SavedFilter
from havenwall.model.delivery import (
    ActionNotice,
    Confirmation,
    Delivery,
    DeliveryTry,
    Endpoint,
    EndpointStatus,
)
from havenwall.model.disclosure import Exhibit
from havenwall.model.proposal import Proposal, Radius
from havenwall.model.quality import AsItWas, QualityFigures
from havenwall.model.report import Receipt, Report, ReportDraft, ReporterMute, ReportOutcome, Reputation
from havenwall.model.subject import Subject
from havenwall.store.queues import QueueChange
from havenwall.store.views.access import Access
from havenwall.store.views.reports import Sealed
from havenwall.web.api.actions import Confirmed, Notices
from havenwall.web.api.appeals import AppealAnswer
from havenwall.web.api.asides import TryAgain
from havenwall.web.api.audits import Audit
from havenwall.web.api.case_work import (
    Escalation,
    HandOver,
    Lease,
    Merger,
    NewNote,
    NoRule,
    Reason,
    Snooze,
    Split,
)
from havenwall.web.api.cases import DecisionRequest
from havenwall.web.api.codec import Page
from havenwall.web.api.console import MessageText, NewFilter
from havenwall.web.api.endpoints import EndpointChange, EndpointSecret, NewEndpoint
from havenwall.web.api.events import EventBatch, Taken
from havenwall.web.api.exhibits import Reveal
from havenwall.web.api.findings import KeptFinding, PlanText, ReleaseFinding
from havenwall.web.api.gaps import GapOutcome
from havenwall.web.api.guard import Changes, ContactRequest, FilterRequest, StandingAnswer
from havenwall.web.api.keys import MadeKey, NewKey
from havenwall.web.api.lists import EntrySetting, Found, FoundInFile, Imported, ListSettings, Lookup, Searched
from havenwall.web.api.network import Scored
from havenwall.web.api.people import Ended, NewPerson, RoleChange, SignInLink
from havenwall.web.api.proposals import PreviewRequest, Proposed, Settling
from havenwall.web.api.quality import GoldenCase, ReviewAnswer, Withdrawn
from havenwall.web.api.queries import QueryRequest
from havenwall.web.api.queues import QueueSettings, QueueState, TakeNext, Took
from havenwall.web.api.reports import (
    Contest,
    Flagger,
    Mute,
    OutcomePage,
    ReportAnswer,
    ReportBatch,
    TakenReport,
    TakenReports,
)
from havenwall.web.api.roles import RoleSetting
from havenwall.web.api.system import Checks, Health, Settings, Status
from havenwall.web.api.terms import TermDecision
from havenwall.web.problems import Problem

SCHEMAS: tuple[type, ...] = (
    Bulk,
    TriedAgain,
    TryAgain,
    ConsoleChoice,
    MessageTemplate,
    MessageText,
    NewFilter,
    SavedFilter,
    Subject,
    Escalation,
    GapOutcome,
    HandOver,
    Lease,
    Merger,
    NewNote,
    NoRule,
    PolicyGap,
    QueueChange,
    QueueSettings,
    QueueState,
    Reason,
    Snooze,
    Split,
    TakeNext,
    Took,
    Access,
    AsItWas,
    QualityFigures,
    ReviewAnswer,
    Withdrawn,
    GoldenCase,
    Appeal,
    AppealAnswer,
    AppealDraft,
    AppealStanding,
    Statement,
    ApiKey,
    Ended,
    MadeKey,
    NewKey,
    NewPerson,
    Person,
    RoleChange,
    RoleRights,
    RoleSetting,
    Session,
    SignInLink,
    ActionNotice,
    Audit,
    Confirmation,
    Confirmed,
    Delivery,
    DeliveryTry,
    Endpoint,
    EndpointChange,
    EndpointSecret,
    EndpointStatus,
    NewEndpoint,
    Notices,
    PreviewRequest,
    Proposal,
    Proposed,
    Radius,
    Settling,
    StrikeTally,
    BankEntry,
    BankStatus,
    Case,
    CaseEvent,
    CaseGraph,
    Changes,
    CheckedPlan,
    Checks,
    Columns,
    ColumnsRequest,
    Communities,
    CompareRequest,
    Compared,
    ContactRequest,
    Decision,
    DecisionRequest,
    EntrySetting,
    Event,
    EventBatch,
    Figures,
    FindingLine,
    KeptFinding,
    PlanText,
    ReleaseFinding,
    Trend,
    FilterRequest,
    Filtered,
    Found,
    FoundInFile,
    FoundReturn,
    HashedMedia,
    Health,
    LiveAnswer,
    MatchedMedia,
    Imported,
    ListSettings,
    Lookup,
    Member,
    Page,
    PrecisionReport,
    Problem,
    QueryRequest,
    QueryVerdict,
    TermDecision,
    TermProposal,
    TermStatus,
    Referral,
    Risk,
    ScoreRun,
    Scored,
    Searched,
    Settings,
    Standing,
    StandingAnswer,
    Status,
    Taken,
    Contest,
    Flagger,
    Mute,
    OutcomePage,
    Receipt,
    Report,
    ReportAnswer,
    ReportBatch,
    ReportDraft,
    ReportOutcome,
    ReporterMute,
    Reputation,
    Comfort,
    Exhibit,
    Exposure,
    ExposureState,
    ExposureWeek,
    Reveal,
    Sealed,
    TakenReport,
    TakenReports,
)
"""Each type that a route's description names, and those that a page may hold."""

"""The types the API speaks, for OpenAPI's components."""

from __future__ import annotations

from havenwall.app import CaseGraph
from havenwall.app.live import LiveAnswer
from havenwall.detect.media.matching import HashedMedia, MatchedMedia
from havenwall.guard import Filtered
from havenwall.guard.columns import Columns, ColumnsRequest
from havenwall.guard.query import QueryVerdict, TermStatus
from havenwall.model import (
    Case,
    CaseEvent,
    Communities,
    Decision,
    Event,
    Figures,
    FoundReturn,
    Member,
    PrecisionReport,
    Referral,
    Risk,
    ScoreRun,
    Standing,
    TermProposal,
)
from havenwall.model.bank import BankStatus
from havenwall.model.bank_entry import BankEntry
from havenwall.web.api.audits import Audit
from havenwall.web.api.cases import DecisionRequest
from havenwall.web.api.codec import Page
from havenwall.web.api.events import EventBatch, Taken
from havenwall.web.api.guard import Changes, ContactRequest, FilterRequest, StandingAnswer
from havenwall.web.api.lists import EntrySetting, Found, FoundInFile, Imported, ListSettings, Lookup, Searched
from havenwall.web.api.network import Scored
from havenwall.web.api.queries import QueryRequest
from havenwall.web.api.system import Checks, Health, Settings, Status
from havenwall.web.api.terms import TermDecision
from havenwall.web.problems import Problem

SCHEMAS: tuple[type, ...] = (
    Audit,
    BankEntry,
    BankStatus,
    Case,
    CaseEvent,
    CaseGraph,
    Changes,
    Checks,
    Columns,
    ColumnsRequest,
    Communities,
    ContactRequest,
    Decision,
    DecisionRequest,
    EntrySetting,
    Event,
    EventBatch,
    Figures,
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
)
"""Each type that a route's description names, and those that a page may hold."""

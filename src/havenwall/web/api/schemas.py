"""The types the API speaks, for OpenAPI's components."""

from __future__ import annotations

from havenwall.app import CaseGraph
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
)
from havenwall.web.api.audits import Audit
from havenwall.web.api.cases import DecisionRequest
from havenwall.web.api.codec import Page
from havenwall.web.api.events import EventBatch, Taken
from havenwall.web.api.guard import Changes, ContactRequest, FilterRequest, StandingAnswer
from havenwall.web.api.network import Scored
from havenwall.web.api.queries import QueryRequest
from havenwall.web.api.system import Checks, Health, Settings, Status
from havenwall.web.problems import Problem

SCHEMAS: tuple[type, ...] = (
    Audit,
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
    Event,
    EventBatch,
    Figures,
    FilterRequest,
    Filtered,
    FoundReturn,
    Health,
    Member,
    Page,
    PrecisionReport,
    Problem,
    QueryRequest,
    QueryVerdict,
    TermStatus,
    Referral,
    Risk,
    ScoreRun,
    Scored,
    Settings,
    Standing,
    StandingAnswer,
    Status,
    Taken,
)
"""Each type that a route's description names, and those that a page may hold."""

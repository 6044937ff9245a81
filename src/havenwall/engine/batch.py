"""What a stage takes in and gives out: a Batch of new records, an Output of records to keep."""

from __future__ import annotations

from enum import StrEnum

import msgspec
import polars as pl

from havenwall.model import (
    Action,
    Case,
    CaseEvent,
    Decision,
    Exhibit,
    Member,
    Report,
    ReportOutcome,
    ReportState,
    Restriction,
    Risk,
    ScoreRun,
    Signal,
    TermProposal,
)
from havenwall.model.quality import Review


class Stream(StrEnum):
    """The append-only streams a stage can read; each stage has one cursor per stream."""

    EVENT = "event"
    SIGNAL = "signal"
    RISK = "risk"
    DECISION = "decision"
    REVIEW = "review"
    """Those of the decisions that a person made."""
    ACTION = "action"
    REPORT = "report"
    CASE_EVENT = "case_event"
    """Lines of the history of cases."""


EVENT_SCHEMA: dict[str, pl.DataType] = {
    "source": pl.String(),
    "source_id": pl.String(),
    "type": pl.String(),
    "at": pl.Datetime("us", "UTC"),
    "entity": pl.String(),
    "target": pl.String(),
    "link": pl.String(),
    "weight": pl.Float64(),
    "text": pl.String(),
    "tags": pl.List(pl.String()),
    "attributes": pl.String(),
}
"""Columns of a frame of Events, in order. `attributes` is a JSON object or null."""


def empty_events() -> pl.DataFrame:
    """A frame of no events, with the event columns."""
    return pl.DataFrame(schema=EVENT_SCHEMA)


class Batch(msgspec.Struct, frozen=True, kw_only=True):
    """New records since a stage's cursors; only the streams the stage reads are filled."""

    events: pl.DataFrame = msgspec.field(default_factory=empty_events)
    signals: tuple[Signal, ...] = ()
    risks: tuple[Risk, ...] = ()
    decisions: tuple[Decision, ...] = ()
    actions: tuple[Action, ...] = ()
    reports: tuple[Report, ...] = ()
    case_events: tuple[CaseEvent, ...] = ()
    new: int = 0
    """How many records are new; for a stage that only takes notice, the lists above stay empty."""

    def __len__(self) -> int:
        return self.new


class StandingChange(msgspec.Struct, frozen=True, kw_only=True):
    """What an action makes of an entity's standing."""

    entity: str
    restriction: Restriction
    confirmed: bool
    decision_id: str
    reason: str


class Attached(msgspec.Struct, frozen=True, kw_only=True):
    """The case that a report is part of from now on."""

    report_id: str
    case_id: str


class Settled(msgspec.Struct, frozen=True, kw_only=True):
    """What a person's decision makes of a report, and what its reporter is told."""

    report_id: str
    state: ReportState
    by: str
    outcome: ReportOutcome


class Output(msgspec.Struct, frozen=True, kw_only=True):
    """What a stage made of a batch; kept in one transaction with the stage's cursors."""

    signals: tuple[Signal, ...] = ()
    runs: tuple[ScoreRun, ...] = ()
    risks: tuple[Risk, ...] = ()
    decisions: tuple[Decision, ...] = ()
    cases: tuple[Case, ...] = ()
    """New or changed cases; the store refuses a version that is not the next."""
    members: tuple[Member, ...] = ()
    case_events: tuple[CaseEvent, ...] = ()
    actions: tuple[Action, ...] = ()
    standing: tuple[StandingChange, ...] = ()
    exhibits: tuple[Exhibit, ...] = ()
    attached: tuple[Attached, ...] = ()
    settled: tuple[Settled, ...] = ()
    """Reports decided; one that is decided already is left as it is."""
    proposals: tuple[TermProposal, ...] = ()
    """New or changed proposals of terms; one that a person decided on meanwhile is left as it is."""
    reviews: tuple[Review, ...] = ()
    """Decisions drawn for a blind second look."""
    spent: dict[str, int] = {}
    """Quota used, by rule id."""

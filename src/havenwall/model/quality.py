"""Review: a decision looked at again by somebody who does not know it; and the figures made from that."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

import msgspec

from havenwall.model.case import CaseClass, CaseEvent, CaseTopic
from havenwall.model.decision import Verb
from havenwall.model.report import ReportReason
from havenwall.model.risk import Risk
from havenwall.model.signal import Signal

BY_REVIEW = "review_differs"
"""Rule of the decision that brings up again what two more persons judged otherwise."""


class Judged(StrEnum):
    """What somebody concludes of one entity."""

    CONFIRMED = "confirmed"
    """It breaks a rule."""
    CLEARED = "cleared"
    """It does not."""
    CARE = "care"
    """It may be a minor's or a victim's: help, no punishment."""


class ReviewState(StrEnum):
    """Where a review stands."""

    WAITING = "waiting"
    """For a second person."""
    DIFFERS = "differs"
    """The second person came to another answer; a third one settles it."""
    SETTLED = "settled"
    """Answered for good; a golden case: withdrawn."""


class Review(msgspec.Struct, frozen=True, kw_only=True):
    """A decision on one entity that was drawn for a blind second look; or a golden case."""

    id: str
    decision_id: str
    entity: str
    case_id: str | None
    case_class: CaseClass
    topic: CaseTopic | None
    verb: Verb
    by_person: bool
    policy: str | None
    """The platform's policy it rested on, where one was named; else the machine's rule."""
    first: Judged
    """What was decided; of a golden case the right answer."""
    decided_at: datetime
    waited_seconds: float | None
    """From when the case was known to the first decision by a person on the entity; None of others."""
    probability: float
    """With which it was drawn, over 0 to 1; its weight is one over that."""
    at: datetime
    """When it was drawn."""
    golden: bool = False
    marked_by: str | None = None
    state: ReviewState = ReviewState.WAITING
    final: Judged | None = None
    why: str = ""
    """Of a golden case: why its answer is beyond doubt, or why it was withdrawn."""
    held_by: str | None = None
    """Who works on it now; told to nobody."""
    held_until: datetime | None = None

    @property
    def part(self) -> int:
        """Whose answer is awaited: 2 for the second person's, 3 for the third's."""
        return 3 if self.state is ReviewState.DIFFERS else 2

    @property
    def stratum(self) -> str:
        """`verb/topic/person` or `.../machine`."""
        return stratum_of(self.verb, self.topic, by_person=self.by_person)


def stratum_of(verb: Verb, topic: CaseTopic | None, *, by_person: bool) -> str:
    """The stratum of a decision."""
    return f"{verb.value}/{topic.value if topic else 'none'}/{'person' if by_person else 'machine'}"


class Answer(msgspec.Struct, frozen=True, kw_only=True):
    """What a second or third reviewer says."""

    judged: Judged
    why: str
    part: int
    """2 for the second person, 3 for the third; 0 on a golden case."""


class ReportAsItWas(msgspec.Struct, frozen=True, kw_only=True):
    """A report as the first decider saw it, without its reporter."""

    reason: ReportReason
    text: str
    language: str


class AsItWas(msgspec.Struct, frozen=True, kw_only=True):
    """What was known when a decision was made, without that decision and who made it."""

    review_id: str
    entity: str
    case_id: str | None
    case_class: CaseClass
    topic: CaseTopic | None
    at: datetime
    risk: Risk | None
    signals: list[Signal]
    history: list[CaseEvent]
    """Lines that machines wrote, oldest first; those of persons would give the answer away."""
    reports: list[ReportAsItWas]
    appeals: list[str] = []
    """What those restricted had written by then, oldest first."""
    part: int = 2
    """2 for the second person, 3 for the third; to be sent with the answer."""
    differ: list[Judged] = []
    """The two answers that differ, for the third person; whose they are is not told."""
    held_until: datetime | None = None
    """Until when nobody else is given it; None where the viewer does not hold it."""


class Estimate(msgspec.Struct, frozen=True, kw_only=True):
    """A figure with its 95 % bootstrap interval; None where there is too little to say."""

    value: float | None
    low: float | None
    high: float | None
    reviews: int


class StratumFigures(msgspec.Struct, frozen=True, kw_only=True):
    """How one stratum stands."""

    stratum: str
    drawn: int
    settled: int
    overturned: int | None
    """None where fewer than ten are settled."""


class PolicyConfusion(msgspec.Struct, frozen=True, kw_only=True):
    """First answers against final ones for one policy, as weighted shares that sum to 1."""

    policy: str
    reviews: int
    shares: dict[str, dict[str, float]]
    """By first answer, then by final one; empty on fewer than ten reviews."""


class QualityFigures(msgspec.Struct, frozen=True, kw_only=True):
    """How good decisions are. Names nobody; there is no figure for any one reviewer."""

    drawn: int
    waiting: int
    differ: int
    kappa: Estimate
    """Cohen's, of first and second answers."""
    alpha: Estimate
    """Krippendorff's, of the same."""
    overturned: Estimate
    """Share of decisions that a second and a third person did not agree with. Where a third person is still
    awaited, the decision counts as those came out that a third person has settled."""
    golden_right: Estimate
    """Share of answers on golden cases that were right."""
    strata: list[StratumFigures]
    policies: list[PolicyConfusion]
    median_hours: float | None
    """From when a case was known to a person's decision."""
    slow_hours: float | None
    """Nine of ten decisions took less."""

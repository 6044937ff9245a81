"""Decisions are drawn for review as they are made: a stratified sample with known probabilities.

Each stratum (verb, topic, person or machine) gets a floor that is drawn for certain, then a share (Poisson
sampling; Horvitz and Thompson 1952 for the weights). What cannot be undone and upheld appeals are all drawn.
"""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Iterable, Iterator
from typing import Protocol

import msgspec

from havenwall.casework.appeals.answer import BY_APPEAL
from havenwall.engine import Batch, Output, Stream
from havenwall.model import Case, Decision, Verb, derived_id
from havenwall.model.quality import Judged, Review

_JUDGED = {
    Verb.SUPPRESS: Judged.CONFIRMED,
    Verb.CONFIRM: Judged.CONFIRMED,
    Verb.RESTRICT: Judged.CONFIRMED,
    Verb.REMOVE: Judged.CONFIRMED,
    Verb.CLEAR: Judged.CLEARED,
    Verb.CARE: Judged.CARE,
}
"""What a verb says of an entity; verbs that are not here say nothing of it."""


class DrawConfig(msgspec.Struct, frozen=True, kw_only=True):
    """How much is drawn."""

    share: float = 0.05
    """Of each stratum, once its floor is reached."""
    floor: int = 20
    """Drawn for certain in each stratum within the last thirty days."""


class QualityView(Protocol):
    """What drawing needs to know of the store."""

    def drawn(self, strata: Iterable[str]) -> dict[str, int]:
        """How many were drawn of each stratum in the last thirty days."""
        ...

    def cases_for(self, decisions: Iterable[Decision]) -> dict[tuple[str, str], Case]:
        """The case of each decision and entity: the one it names, else the newest with that member."""
        ...

    def later(self, decisions: Iterable[Decision]) -> set[tuple[str, str]]:
        """The pairs of decision and entity for which a person decided before on that entity in its case."""
        ...


class QualityStage:
    """Draws decisions for review."""

    name = "quality"
    reads = (Stream.DECISION,)
    notice_only = False

    def __init__(self, view: QualityView, config: DrawConfig = DrawConfig()) -> None:
        self._view, self._config = view, config

    def run(self, batch: Batch) -> Output:
        """Reviews named by their decision and entity, so that repeated work draws the same again."""
        decisions = [one for one in batch.decisions if one.verb in _JUDGED]
        cases, later = self._view.cases_for(decisions), self._view.later(decisions)
        drawable = [review for one in decisions for review in _reviews(one, cases, later)]
        drawn = self._view.drawn({review.stratum for review, _ in drawable})
        return Output(reviews=tuple(self._chosen(drawable, drawn)))

    def _chosen(self, drawable: Iterable[tuple[Review, bool]], drawn: dict[str, int]) -> Iterator[Review]:
        for review, certain in drawable:
            few = drawn.get(review.stratum, 0) < self._config.floor
            probability = 1.0 if certain or few else self._config.share
            if _lot(review.id) < probability:
                drawn[review.stratum] = drawn.get(review.stratum, 0) + 1
                yield msgspec.structs.replace(review, probability=probability)


def _reviews(
    decision: Decision, cases: dict[tuple[str, str], Case], later: Collection[tuple[str, str]]
) -> Iterator[tuple[Review, bool]]:
    certain = decision.verb is Verb.REMOVE or decision.rule == BY_APPEAL
    for entity in decision.entities:
        pair = decision.id, entity
        # Neither an appeal nor a second decision says how long anybody waited for the first.
        first = decision.by_person and decision.rule != BY_APPEAL and pair not in later
        yield _review(decision, entity, cases.get(pair), first=first), certain


def _review(decision: Decision, entity: str, case: Case | None, *, first: bool) -> Review:
    known = (case.known_at or case.opened_at) if case else None
    waited = (decision.at - known).total_seconds() if known and first else None
    return Review(
        id=derived_id(decision.id, entity, "review"),
        decision_id=decision.id,
        entity=entity,
        case_id=case.id if case else None,
        case_class=case.case_class if case else decision.case_class,
        topic=case.topic if case else decision.topic,
        verb=decision.verb,
        by_person=decision.by_person,
        policy=decision.policy or decision.rule,
        first=_JUDGED[decision.verb],
        decided_at=decision.at,
        waited_seconds=waited,
        probability=1.0,
        at=decision.at,
    )


def _lot(review_id: str) -> float:
    """The same lot each time for the same review, 0 to 1; nobody knows it before the decision has its id."""
    return int.from_bytes(hashlib.blake2b(review_id.encode(), digest_size=7).digest()) / 2**56

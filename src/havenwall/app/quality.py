"""Quality: blind second reviews, golden cases, and the figures."""

from __future__ import annotations

import hashlib
from collections.abc import Collection
from datetime import datetime, timedelta

import msgspec
import structlog

from havenwall.app.config import Config
from havenwall.casework.quality import Reviewed, figures
from havenwall.errors import BadInput, NotFound
from havenwall.model import DECIDE_RIGHT, SEE_RIGHT, CaseClass, Right, Viewer, derived_id, now
from havenwall.model.quality import AsItWas, Judged, QualityFigures, Review, ReviewState
from havenwall.store import Store

_LONGEST = 2000
_log = structlog.get_logger()


class QualityDesk:
    """Gives reviewers what was drawn, takes their answers, and counts."""

    def __init__(self, config: Config, store: Store) -> None:
        self._config, self._store = config, store
        self._lease = timedelta(minutes=config.lease_minutes)

    def next(self, viewer: Viewer, skip: Collection[str] = ()) -> AsItWas | None:
        """The next review for a person but those to `skip`, at times a golden case; None if there is none.
        Nobody else is given it for `lease_minutes`.

        Raises:
            Forbidden: the viewer may not review quality.
        """
        viewer.need(Right.REVIEW_QUALITY)
        classes, reviews = _classes(viewer), self._store.reviews
        golden = _golden_turn(viewer.name, reviews.answered(viewer.name), self._config.quality_golden_every)
        reviews.give_back(viewer.name, skip)
        turns = (True, False) if golden else (False,)
        given = (reviews.take_next(viewer.name, classes, self._lease, golden=g, skip=skip) for g in turns)
        found = next((each for each in given if each), None)
        if found is None:
            return None
        return msgspec.structs.replace(self._store.as_it_was(viewer, *found), held_until=now() + self._lease)

    def beat(self, viewer: Viewer, review_id: str) -> datetime:
        """A sign that the viewer still works on a review; returns until when it is theirs.

        Raises:
            Forbidden: the viewer may not review quality.
            NotFound: there is no such review for this viewer.
            Conflict: it is not theirs any more.
        """
        viewer.need(Right.REVIEW_QUALITY)
        return self._store.reviews.beat(review_id, viewer.name, self._lease, _classes(viewer))

    def review(self, viewer: Viewer, review_id: str) -> AsItWas:
        """One review again, as the person saw it. Raises Forbidden, NotFound."""
        viewer.need(Right.REVIEW_QUALITY)
        review, differ = self._store.reviews.review(review_id, _classes(viewer))
        until = review.held_until if review.held_by == viewer.name else None
        return msgspec.structs.replace(self._store.as_it_was(viewer, review, differ), held_until=until)

    def answer(self, viewer: Viewer, review_id: str, judged: Judged, why: str, *, part: int) -> None:
        """Keep a person's answer; `part` as it was given out.

        Raises:
            Forbidden: not a person, without the right, or one who had a part in the decision.
            NotFound: there is no such review for this viewer.
            BadInput: there is no reason.
            Conflict: it is settled, they answered already, or somebody else did meanwhile or reviews it now.
        """
        viewer.need(Right.REVIEW_QUALITY)
        why = _reason(why)
        self._store.reviews.answer(review_id, viewer.name, judged, why, _classes(viewer), part=part)
        _log.info("review answered", review=review_id)

    def mark_golden(self, viewer: Viewer, decision_id: str, entity: str, judged: Judged, why: str) -> None:
        """Make a decided entity a golden case: from now on others get it among their reviews, unmarked.

        Raises:
            Forbidden: the viewer may not review quality.
            NotFound: there is no such decision on that entity for this viewer.
            BadInput: there is no reason.
            Conflict: it is one already.
        """
        viewer.need(Right.REVIEW_QUALITY)
        why = _reason(why)
        self._store.reviews.mark(self._golden(viewer, decision_id, entity, judged, why))
        _log.info("golden case marked", decision=decision_id, by=viewer.name)

    def withdraw_golden(self, viewer: Viewer, decision_id: str, entity: str, why: str) -> None:
        """Give a golden case out no more, and leave the answers on it out of the figures.

        Raises:
            Forbidden: the viewer may not review quality.
            NotFound: there is no such golden case for this viewer.
            BadInput: there is no reason.
        """
        viewer.need(Right.REVIEW_QUALITY)
        self._store.reviews.withdraw(_golden_id(decision_id, entity), _reason(why), _classes(viewer))
        _log.info("golden case withdrawn", decision=decision_id, by=viewer.name)

    def figures(self, viewer: Viewer) -> QualityFigures:
        """The figures; they name nobody. Raises Forbidden."""
        viewer.need(Right.SEE_FIGURES)
        return figures(
            [Reviewed(review=review, answers=tuple(said)) for review, said in self._store.reviews.all()]
        )

    def _golden(self, viewer: Viewer, decision_id: str, entity: str, judged: Judged, why: str) -> Review:
        decision = self._store.reviews.decision(decision_id)
        case = self._store.reviews.cases_for([decision]).get((decision.id, entity))
        case_class = case.case_class if case else decision.case_class
        if entity not in decision.entities or case_class not in _classes(viewer):
            raise NotFound(f"there is no decision {decision_id} on {entity}")
        return Review(
            id=_golden_id(decision_id, entity),
            decision_id=decision_id,
            entity=entity,
            case_id=case.id if case else None,
            case_class=case_class,
            topic=case.topic if case else decision.topic,
            verb=decision.verb,
            by_person=decision.by_person,
            policy=decision.policy or decision.rule,
            first=judged,
            decided_at=decision.at,
            waited_seconds=None,
            probability=1.0,
            at=now(),
            golden=True,
            marked_by=viewer.name,
            state=ReviewState.WAITING,
            why=why,
        )


def _golden_id(decision_id: str, entity: str) -> str:
    return derived_id(decision_id, entity, "golden")


def _classes(viewer: Viewer) -> list[CaseClass]:
    return [c for c, right in SEE_RIGHT.items() if viewer.may(right) and viewer.may(DECIDE_RIGHT[c])]


def _reason(why: str) -> str:
    if not 0 < len(why.strip()) <= _LONGEST:
        raise BadInput(f"give a reason, up to {_LONGEST} characters", field="why")
    return why.strip()


def _golden_turn(name: str, answered: int, every: int) -> bool:
    # By a hash, so that nobody can count their way to the golden ones.
    lot = hashlib.blake2b(f"{name} {answered}".encode(), digest_size=4).digest()
    return every > 0 and int.from_bytes(lot) % every == 0

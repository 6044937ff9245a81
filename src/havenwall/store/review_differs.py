"""What two more persons judged otherwise comes before those who work on the case again."""

from __future__ import annotations

import sqlalchemy as sa

from havenwall.engine import Output
from havenwall.model import CaseState, Decision, Verb, derived_id, now
from havenwall.model.quality import BY_REVIEW, Judged, Review
from havenwall.store.case_rows import log
from havenwall.store.keep import keep
from havenwall.store.schema import CASE, MEMBER

_OPEN = CASE.c.state != CaseState.CLOSED.value


def bring_up(connection: sa.Connection, review: Review, judged: Judged) -> None:
    """Decide that a person looks at the entity of a review again, and say so in the history of its case.

    Nothing is undone; and who came to the other answer is not told.
    """
    why = f"Two more persons did not agree with {review.first.value} for {review.entity}; "
    why += f"the last one said {judged.value}."
    case = _split(connection, review) or _live(connection, review.case_id)
    if told := case or review.case_id:
        log(connection, told, "quality", BY_REVIEW, why)
    keep(connection, Output(decisions=(_opening(review, case, why),)))


def _split(connection: sa.Connection, review: Review) -> str | None:
    # The case into which a person split the entity off since.
    here = (MEMBER.c.entity == review.entity) & (CASE.c.split_from == review.case_id)
    query = sa.select(CASE.c.id).join(MEMBER, MEMBER.c.case_id == CASE.c.id).where(here, _OPEN)
    found = connection.scalar(query.order_by(CASE.c.opened_at.desc()).limit(1))
    return str(found) if found is not None else None


def _live(connection: sa.Connection, case_id: str | None) -> str | None:
    # The case of the decision, or the one into which it was merged; none if that is closed.
    query = sa.select(CASE.c.state, CASE.c.merged_into).where(CASE.c.id == case_id)
    row = connection.execute(query).first()
    if row is None or row.state != CaseState.CLOSED.value:
        return case_id if row else None
    return _live(connection, row.merged_into) if row.merged_into else None


def _opening(review: Review, case_id: str | None, why: str) -> Decision:
    return Decision(
        id=derived_id(review.id, "differs"),
        verb=Verb.OPEN_CASE,
        entities=(review.entity,),
        by="quality",
        why=why,
        at=now(),
        rule=BY_REVIEW,
        topic=review.topic,
        case_id=case_id,
        case_class=review.case_class,
        # Named by the review, so that it is news about an entity that was cleared.
        inputs={review.entity: review.id},
    )

"""Rows of reviews: how a stage's output adds them."""

from __future__ import annotations

from collections.abc import Iterable

import msgspec
import sqlalchemy as sa

from havenwall.model.quality import Answer, Judged, Review, ReviewState
from havenwall.store.quality_schema import REVIEW, REVIEW_ANSWER
from havenwall.store.rows import by_names, decode_all

_encode = msgspec.json.Encoder().encode
decode_review = msgspec.json.Decoder(Review).decode


def keep_reviews(connection: sa.Connection, reviews: Iterable[Review]) -> None:
    """Insert drawn reviews; one whose id is there already is left alone."""
    wanted = {review.id: review for review in reviews}
    there = {row.id for row in by_names(connection, [REVIEW.c.id], REVIEW.c.id, wanted)}
    rows = [row_of(review) for review in wanted.values() if review.id not in there]
    if rows:
        connection.execute(sa.insert(REVIEW), rows)


def row_of(review: Review) -> dict[str, object]:
    """What of a review is in columns, and its body."""
    return {
        "id": review.id,
        "stratum": review.stratum,
        "case_id": review.case_id,
        "case_class": review.case_class.value,
        "entity": review.entity,
        "state": review.state.value,
        "golden": review.golden,
        "at": review.at,
        "body": _encode(review),
    }


def differing(connection: sa.Connection, review: Review) -> list[Judged]:
    """The two answers on a review where they differ, else none."""
    if review.state is not ReviewState.DIFFERS:
        return []
    query = sa.select(REVIEW_ANSWER.c.body).where(REVIEW_ANSWER.c.review_id == review.id)
    # In the order of their names, so that their order does not tell which one was first.
    said = {review.first, *(one.judged for one in decode_all(connection.scalars(query), Answer))}
    return sorted(said)

"""Who works on which blind review, so that no two people do the same one at the same time."""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Iterator, Sequence
from datetime import datetime, timedelta
from itertools import count

import msgspec
import sqlalchemy as sa

from havenwall.errors import Conflict, NotFound
from havenwall.model import CaseClass, now
from havenwall.model.quality import Judged, Review, ReviewState
from havenwall.store.appeal_facts import involved
from havenwall.store.database import Database
from havenwall.store.quality_schema import REVIEW, REVIEW_ANSWER
from havenwall.store.review_rows import decode_review, differing, row_of

_CANDIDATES = 50
_Kept = tuple[bytes, Review]


class ReviewLeases:
    """Gives reviews to people and takes them back; golden cases too, or they could be told from others."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def take_next(
        self,
        by: str,
        classes: Sequence[CaseClass],
        length: timedelta,
        *,
        golden: bool,
        skip: Collection[str] = (),
    ) -> tuple[Review, list[Judged]] | None:
        """A review that a person may answer, from now on theirs, with the two answers where they differ.

        Args:
            by: who asks; among the oldest they get one that they hold already, else each another one first.
            classes: what they may see and decide.
            length: how long nobody else is given it.
            golden: golden cases only, or none of them.
            skip: ids of reviews that they do not take now.
        """
        while True:
            with self._database.read() as connection:
                found = _first(connection, by, classes, golden=golden, skip=skip)
                differ = differing(connection, found[1]) if found else []
            if found is None:
                return None
            # Found without keeping writers waiting: somebody else may have been quicker.
            if self._hold(*found, by, length):
                return found[1], differ

    def beat(self, review_id: str, by: str, length: timedelta, classes: Sequence[CaseClass]) -> datetime:
        """A sign that whoever holds a review still works on it; returns until when they hold it now.

        Raises:
            NotFound: there is no such review of these classes.
            Conflict: they do not hold it any more.
        """
        here = (REVIEW.c.id == review_id) & REVIEW.c.case_class.in_([each.value for each in classes])
        with self._database.write_aside() as connection:
            body = connection.scalar(sa.select(REVIEW.c.body).where(here).with_for_update())
            if body is None:
                raise NotFound(f"there is no review {review_id}")
            review, until = decode_review(body), now() + length
            if not _is_held(review, by) or not _replaced(connection, body, review, by, until):
                raise Conflict("you do not hold this review any more", hint="take the next one")
        return until

    def give_back(self, by: str, review_ids: Collection[str]) -> None:
        """Let others have those of these reviews that a person holds."""
        if not review_ids:
            return
        with self._database.write_aside() as connection:
            bodies = connection.scalars(sa.select(REVIEW.c.body).where(REVIEW.c.id.in_(list(review_ids))))
            for body in bodies.all():
                review = decode_review(body)
                if review.held_by == by:
                    _replaced(connection, body, review, None, None)

    def _hold(self, body: bytes, review: Review, by: str, length: timedelta) -> bool:
        with self._database.write_aside() as connection:
            return _replaced(connection, body, review, by, now() + length)


def check_not_held(review: Review, by: str) -> None:
    """Do nothing if nobody but `by` works on a review.

    Raises:
        Conflict: somebody does. They are not named: nobody is told who reviews.
    """
    if review.held_by not in (None, by) and _is_held(review, review.held_by):
        raise Conflict("your time was over, and somebody else reviews this now", hint="take the next one")


def _is_held(review: Review, by: str | None) -> bool:
    until = review.held_until
    return by is not None and review.held_by == by and until is not None and until > now()


def _replaced(
    connection: sa.Connection, body: bytes, review: Review, by: str | None, until: datetime | None
) -> bool:
    """Write who holds a review, unless it has changed since it was read as `body`."""
    changed = msgspec.structs.replace(review, held_by=by, held_until=until)
    here = (REVIEW.c.id == review.id) & (REVIEW.c.body == body)
    return connection.execute(sa.update(REVIEW).where(here).values(**row_of(changed))).rowcount == 1


def _first(
    connection: sa.Connection, by: str, classes: Sequence[CaseClass], *, golden: bool, skip: Collection[str]
) -> _Kept | None:
    for page in _pages(connection, by, classes, golden=golden, skip=skip):
        free = [kept for kept in page if kept[1].held_by == by or not _is_held(kept[1], kept[1].held_by)]
        for body, review in sorted(free, key=lambda kept: _turn(kept[1], by)):
            if review.marked_by != by and by not in involved(connection, review.entity):
                return body, review
    return None


def _pages(
    connection: sa.Connection, by: str, classes: Sequence[CaseClass], *, golden: bool, skip: Collection[str]
) -> Iterator[list[_Kept]]:
    """What is open and `by` has not answered: where two differ first, then the oldest."""
    values, mine = [each.value for each in classes], REVIEW_ANSWER.alias()
    done = sa.exists().where(mine.c.review_id == REVIEW.c.id, mine.c.by == by)
    kind = REVIEW.c.golden if golden else ~REVIEW.c.golden
    open_ones = kind & (REVIEW.c.state != ReviewState.SETTLED.value) & REVIEW.c.id.not_in(list(skip))
    query = sa.select(REVIEW.c.body).where(open_ones, ~done, REVIEW.c.case_class.in_(values))
    differs_first = sa.case((REVIEW.c.state == ReviewState.DIFFERS.value, 0), else_=1)
    query = query.order_by(differs_first, REVIEW.c.seq).limit(_CANDIDATES)
    for start in count(0, _CANDIDATES):
        page = [(body, decode_review(body)) for body in connection.scalars(query.offset(start))]
        yield page
        if len(page) < _CANDIDATES:
            return


def _turn(review: Review, by: str) -> tuple[bool, bool, bytes]:
    lot = hashlib.blake2b(f"{by} {review.id}".encode(), digest_size=8).digest()
    return not _is_held(review, by), review.state is not ReviewState.DIFFERS, lot

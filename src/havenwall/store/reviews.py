"""Reviews: drawn decisions, answered blind by a second person, and by a third where two differ."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta

import msgspec
import sqlalchemy as sa

from havenwall.errors import Conflict, Forbidden, NotFound
from havenwall.model import Case, CaseClass, Decision, now
from havenwall.model.quality import Answer, Judged, Review, ReviewState
from havenwall.store import schema as t
from havenwall.store.appeal_facts import involved
from havenwall.store.quality_schema import REVIEW, REVIEW_ANSWER
from havenwall.store.review_differs import bring_up
from havenwall.store.review_leases import ReviewLeases, check_not_held
from havenwall.store.review_rows import decode_review, differing, keep_reviews, row_of
from havenwall.store.rows import by_names, decode_all

_RECENT = timedelta(days=30)
_COUNTED = timedelta(days=365)
_encode = msgspec.json.Encoder().encode
_decode_case = msgspec.json.Decoder(Case).decode


class Reviews(ReviewLeases):
    """Keeps reviews and answers. Who answered is kept so that nobody answers twice, and told to nobody."""

    def drawn(self, strata: Iterable[str]) -> dict[str, int]:
        """How many were drawn of each stratum in the last thirty days."""
        recent = (REVIEW.c.at >= now() - _RECENT) & ~REVIEW.c.golden
        query = sa.select(REVIEW.c.stratum, sa.func.count().label("drawn")).where(
            recent, REVIEW.c.stratum.in_(sorted(set(strata)))
        )
        with self._database.read() as connection:
            return {
                row.stratum: int(row.drawn) for row in connection.execute(query.group_by(REVIEW.c.stratum))
            }

    def cases_for(self, decisions: Iterable[Decision]) -> dict[tuple[str, str], Case]:
        """The case of each decision and entity: the one it names, else the newest with that member."""
        decisions = list(decisions)
        loose = {entity for one in decisions if one.case_id is None for entity in one.entities}
        with self._database.read() as connection:
            columns = [t.MEMBER.c.entity, t.MEMBER.c.case_id]
            rows = list(by_names(connection, columns, t.MEMBER.c.entity, loose))
            ids = {one.case_id for one in decisions if one.case_id} | {row.case_id for row in rows}
            bodies = by_names(connection, [t.CASE.c.id, t.CASE.c.body], t.CASE.c.id, ids)
            cases = {row.id: _decode_case(row.body) for row in bodies}
        newest: dict[str, Case] = {}
        for row in sorted(rows, key=lambda row: cases[row.case_id].opened_at):
            newest[row.entity] = cases[row.case_id]
        pairs = ((one, entity) for one in decisions for entity in one.entities)
        found = ((d.id, e, cases.get(d.case_id) if d.case_id else newest.get(e)) for d, e in pairs)
        return {(decision, entity): case for decision, entity, case in found if case}

    def later(self, decisions: Iterable[Decision]) -> set[tuple[str, str]]:
        """The pairs of decision and entity for which a person decided before on that entity in its case."""
        mine = [one for one in decisions if one.by_person and one.case_id]
        d = t.DECISION.c
        with self._database.read() as connection:
            cases = {one.case_id for one in mine if one.case_id}
            by_person = d.by.startswith("user:")
            rows = by_names(connection, [d.body], d.case_id, cases, where=by_person)
            known = decode_all((row.body for row in rows), Decision)
        first: dict[tuple[str | None, str], tuple[datetime, str]] = {}
        for one in known:
            for entity in one.entities:
                key, when = (one.case_id, entity), (one.at, one.id)
                first[key] = min(first.get(key, when), when)
        pairs = ((one, entity) for one in mine for entity in one.entities)
        return {(one.id, e) for one, e in pairs if first.get((one.case_id, e), (one.at, one.id))[1] != one.id}

    def answered(self, by: str) -> int:
        """How many answers a person gave."""
        query = sa.select(sa.func.count()).select_from(REVIEW_ANSWER).where(REVIEW_ANSWER.c.by == by)
        with self._database.read() as connection:
            return int(connection.scalar(query) or 0)

    def review(self, review_id: str, classes: Sequence[CaseClass]) -> tuple[Review, list[Judged]]:
        """One review with the answers that differ. Raises NotFound: there is none of these classes."""
        with self._database.read() as connection:
            review = _find(connection, review_id, classes)
            return review, differing(connection, review)

    def answer(
        self,
        review_id: str,
        by: str,
        judged: Judged,
        why: str,
        classes: Sequence[CaseClass],
        *,
        part: int,
    ) -> None:
        """Keep an answer; two that agree settle a review, and so does a third.

        Args:
            review_id: of which.
            by: who answers.
            judged: what they conclude.
            why: their reason.
            classes: what they may see and decide.
            part: as it was given out; whoever settles must have seen both answers.

        Raises:
            NotFound: there is no such review of these classes.
            Forbidden: the person had a part in the decision, or answers for a machine.
            Conflict: it is settled, the person answered already, or somebody else did meanwhile or reviews
                it now.
        """
        with self._database.write() as connection:
            review = _find(connection, review_id, classes)
            _check(connection, review, by)
            if not review.golden and part != review.part:
                hint = "two came to different answers; look at both, then settle it"
                raise Conflict("somebody else answered this meanwhile", hint=hint)
            check_not_held(review, by)
            part = 0 if review.golden else part
            row = {"review_id": review.id, "by": by, "at": now()}
            body = _encode(Answer(judged=judged, why=why, part=part))
            connection.execute(sa.insert(REVIEW_ANSWER).values(**row, body=body))
            if review.golden:
                _write(connection, review)
            else:
                _settle(connection, review, judged, part)

    def mark(self, golden: Review) -> None:
        """Keep a golden case, or take up again one that was withdrawn. Raises Conflict: it is one already."""
        here = REVIEW.c.id == golden.id
        with self._database.write() as connection:
            state = connection.scalar(sa.select(REVIEW.c.state).where(here))
            if state not in (None, ReviewState.SETTLED.value):
                raise Conflict("this is a golden case already")
            keep_reviews(connection, [golden])
            connection.execute(sa.update(REVIEW).where(here).values(**row_of(golden)))

    def withdraw(self, review_id: str, why: str, classes: Sequence[CaseClass]) -> None:
        """Give a golden case out no more; answers on it count for no figure.

        Raises:
            NotFound: there is no such golden case of these classes.
        """
        with self._database.write() as connection:
            review = _find(connection, review_id, classes)
            over = msgspec.structs.replace(review, state=ReviewState.SETTLED, why=why)
            connection.execute(sa.update(REVIEW).where(REVIEW.c.id == review_id).values(**row_of(over)))

    def decision(self, decision_id: str) -> Decision:
        """A decision by its id. Raises NotFound."""
        with self._database.read() as connection:
            body = connection.scalar(sa.select(t.DECISION.c.body).where(t.DECISION.c.id == decision_id))
        if body is None:
            raise NotFound(f"there is no decision {decision_id}")
        return msgspec.json.decode(body, type=Decision)

    def all(self) -> list[tuple[Review, list[Answer]]]:
        """Every review of the last year with its answers, and every golden case with those of the last year;
        nobody who answered is named."""
        answers: dict[str, list[Answer]] = {}
        since = now() - _COUNTED
        with self._database.read() as connection:
            query = sa.select(REVIEW.c.body).where((REVIEW.c.at >= since) | REVIEW.c.golden)
            reviews = decode_all(connection.scalars(query.order_by(REVIEW.c.seq)), Review)
            a = REVIEW_ANSWER.c
            query = sa.select(a.review_id, a.body).where(a.at >= since)
            for row in connection.execute(query.order_by(a.seq)):
                answers.setdefault(row.review_id, []).append(msgspec.json.decode(row.body, type=Answer))
        return [(review, answers.get(review.id, [])) for review in reviews]


def _find(connection: sa.Connection, review_id: str, classes: Sequence[CaseClass]) -> Review:
    here = (REVIEW.c.id == review_id) & REVIEW.c.case_class.in_([each.value for each in classes])
    body = connection.scalar(sa.select(REVIEW.c.body).where(here))
    if body is None:
        raise NotFound(f"there is no review {review_id}")
    return decode_review(body)


def _check(connection: sa.Connection, review: Review, by: str) -> None:
    if not by.startswith("user:"):
        raise Forbidden("a person must review", hint="sign in; an API key cannot")
    if by == review.marked_by or by in involved(connection, review.entity):
        raise Forbidden("you had a part in this decision", hint="somebody else reviews it")
    here = (REVIEW_ANSWER.c.review_id == review.id) & (REVIEW_ANSWER.c.by == by)
    if connection.scalar(sa.select(REVIEW_ANSWER.c.seq).where(here)) is not None:
        raise Conflict("you answered this already")
    if review.state is ReviewState.SETTLED and not review.golden:
        raise Conflict("this review is settled already", hint="take the next one")


def _settle(connection: sa.Connection, review: Review, judged: Judged, part: int) -> None:
    agree = part == 3 or judged is review.first
    changes = {"state": ReviewState.SETTLED, "final": judged} if agree else {"state": ReviewState.DIFFERS}
    changed = _write(connection, review, **changes)
    if changed.final not in (None, review.first):
        bring_up(connection, review, judged)


def _write(connection: sa.Connection, review: Review, **changes: object) -> Review:
    """The review, changed, and free for others."""
    changed = msgspec.structs.replace(review, held_by=None, held_until=None, **changes)
    connection.execute(sa.update(REVIEW).where(REVIEW.c.id == review.id).values(**row_of(changed)))
    return changed

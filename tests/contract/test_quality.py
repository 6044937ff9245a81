"""Blind reviews: nobody reviews themselves, nobody sees the first answer, a third person settles; on both
databases."""

from __future__ import annotations

import msgspec
import pytest
from tests.contract.test_casework import FOUND, machine, only_case, send
from tests.contract.test_ladder import decide

from havenwall.app import Config
from havenwall.app.quality import QualityDesk
from havenwall.casework.quality import QualityStage
from havenwall.engine import Runner
from havenwall.errors import BadInput, Conflict, Forbidden, NotFound
from havenwall.model import SYSTEM, Right, Verb, Viewer
from havenwall.model.quality import AsItWas, Judged, Review, ReviewState
from havenwall.store import Store

ONE = FOUND[0]
C, N = Judged.CONFIRMED, Judged.CLEARED


def viewer(name: str, *without: Right) -> Viewer:
    return Viewer(name=f"user:{name}", rights=frozenset(Right) - {*without})


ADA, BEN, CARL = map(viewer, ("ada", "ben", "carl"))


class Office:
    """A store, its desk for quality, and a decision of mira's that was drawn."""

    def __init__(self, store: Store) -> None:
        self.store = store
        self.desk = QualityDesk(Config(quality_golden_every=1), store)
        send(store, machine(Verb.OPEN_CASE))
        self.decision = decide(store, Verb.CONFIRM, ONE)
        self.run()

    def run(self) -> None:
        Runner(self.store.streams, [QualityStage(self.store.reviews)]).run()

    def review(self) -> Review:
        (found,) = [review for review, _ in self.store.reviews.all() if not review.golden]
        return found

    def next(self, who: Viewer) -> AsItWas:
        found = self.desk.next(who)
        assert found is not None
        return found


@pytest.fixture
def office(any_store: Store) -> Office:
    return Office(any_store)


def test_a_decision_is_drawn_once_with_its_case(office: Office) -> None:
    office.run()
    review = office.review()
    assert (review.entity, review.first, review.stratum) == (ONE, C, "confirm/network/person")
    assert review.case_id == only_case(office.store).id
    assert review.waited_seconds is not None
    assert review.waited_seconds >= 0
    assert office.store.reviews.drawn([review.stratum]) == {review.stratum: 1}


def test_the_second_person_sees_the_case_as_it_was(office: Office) -> None:
    decide(office.store, Verb.CLEAR, FOUND[1])
    seen = office.next(ADA)
    assert (seen.entity, seen.differ) == (ONE, [])
    assert [line.what for line in seen.history] == ["opened", "members_added"]
    assert seen.risk is not None
    assert seen.risk.probability == 0.9
    whole = msgspec.json.encode(seen)
    for told in (b"mira", b"looked", office.decision.id.encode(), b'"golden"', b'"first"'):
        assert told not in whole


def test_two_that_agree_settle_it(office: Office) -> None:
    office.desk.answer(ADA, office.next(ADA).review_id, C, "same")
    assert (office.review().state, office.review().final) == (ReviewState.SETTLED, C)
    assert office.desk.next(BEN) is None
    with pytest.raises(Conflict):
        office.desk.answer(BEN, office.review().id, C, "late")


def test_where_two_differ_a_third_settles_and_the_case_learns_of_it(office: Office) -> None:
    office.desk.answer(ADA, office.next(ADA).review_id, N, "a florist")
    assert office.review().state is ReviewState.DIFFERS
    assert office.desk.next(ADA) is None, "who answered does not settle it"
    third = office.next(BEN)
    assert third.differ == [N, C]
    assert b"user:" not in msgspec.json.encode(third)
    assert b"florist" not in msgspec.json.encode(third)
    with pytest.raises(Conflict):
        office.desk.answer(ADA, third.review_id, C, "again")
    office.desk.answer(BEN, third.review_id, N, "a florist")
    assert office.review().final is N
    line = office.store.cases(SYSTEM).history(only_case(office.store).id)[0]
    assert (line.what, line.by) == ("review_differs", "quality")
    said = office.desk.figures(ADA)
    assert [(row.drawn, row.settled, row.overturned) for row in said.strata] == [(1, 1, 1)]
    assert b"user:" not in msgspec.json.encode(said)


def test_nobody_reviews_what_they_decided(office: Office) -> None:
    mira = viewer("mira")
    assert office.desk.next(mira) is None
    with pytest.raises(Forbidden):
        office.desk.answer(mira, office.review().id, C, "mine")


def test_rights_are_asked_for_each_class(office: Office) -> None:
    general = viewer("g", Right.SEE_CHILD_SAFETY)
    assert office.desk.next(general) is None
    for call in (office.desk.review, lambda v, r: office.desk.answer(v, r, C, "x")):
        with pytest.raises(NotFound):
            call(general, office.review().id)
    with pytest.raises(NotFound):
        office.desk.mark_golden(general, office.decision.id, ONE, C, "x")
    for missing in (viewer("n", Right.REVIEW_QUALITY),):
        with pytest.raises(Forbidden):
            office.desk.next(missing)
    with pytest.raises(Forbidden):
        office.desk.figures(viewer("n", Right.SEE_FIGURES))
    with pytest.raises(Forbidden):
        office.desk.answer(Viewer(name="key:k", rights=frozenset(Right)), office.review().id, C, "x")
    with pytest.raises(BadInput):
        office.desk.answer(ADA, office.review().id, C, " ")


def test_golden_cases_come_unmarked_and_to_everybody_but_who_marked_them(office: Office) -> None:
    office.desk.mark_golden(ADA, office.decision.id, ONE, C, "beyond doubt")
    with pytest.raises(Conflict):
        office.desk.mark_golden(BEN, office.decision.id, ONE, C, "again")
    with pytest.raises(NotFound):
        office.desk.mark_golden(BEN, office.decision.id, "account:none", C, "x")
    golden = next(review for review, _ in office.store.reviews.all() if review.golden)
    assert office.next(ADA).review_id == office.review().id
    for who, answer in ((BEN, C), (CARL, N)):
        seen = office.next(who)
        assert seen.review_id == golden.id
        office.desk.answer(who, golden.id, answer, "x")
    assert office.desk.figures(ADA).golden_right.reviews == 2
    assert office.next(BEN).review_id == office.review().id
    assert office.review().state is ReviewState.WAITING

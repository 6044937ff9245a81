"""Blind reviews: nobody reviews themselves, nobody sees the first answer, a third person settles; on both
databases."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import msgspec
import pytest
from tests.contract.test_appeals import appealed
from tests.contract.test_casework import FOUND, Upstream, machine, only_case, send, standing
from tests.contract.test_ladder import carry_out, decide

from havenwall.app import Config
from havenwall.app.quality import QualityDesk
from havenwall.casework import Clocks, steps
from havenwall.casework.quality import QualityStage
from havenwall.engine import Output, Runner
from havenwall.errors import BadInput, Conflict, Forbidden, NotFound
from havenwall.model import SYSTEM, CaseClass, CaseState, MemberState, Right, Signal, Verb, Viewer, now
from havenwall.model.quality import AsItWas, Judged, Review, ReviewState
from havenwall.store import Store
from havenwall.store.review_rows import keep_reviews

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

    def hasten(self) -> None:
        """From now on what is taken is free again at once, as when time is over."""
        self.desk = QualityDesk(Config(quality_golden_every=1, lease_minutes=1e-9), self.store)

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
    office.desk.answer(ADA, office.next(ADA).review_id, C, "same", part=2)
    assert (office.review().state, office.review().final) == (ReviewState.SETTLED, C)
    assert office.desk.next(BEN) is None
    with pytest.raises(Conflict):
        office.desk.answer(BEN, office.review().id, C, "late", part=2)


def test_where_two_differ_a_third_settles_and_the_case_learns_of_it(office: Office) -> None:
    office.desk.answer(ADA, office.next(ADA).review_id, N, "a florist", part=2)
    assert office.review().state is ReviewState.DIFFERS
    assert office.desk.next(ADA) is None, "who answered does not settle it"
    third = office.next(BEN)
    assert (third.part, third.differ) == (3, [N, C])
    assert b"user:" not in msgspec.json.encode(third)
    assert b"florist" not in msgspec.json.encode(third)
    with pytest.raises(Conflict):
        office.desk.answer(ADA, third.review_id, C, "again", part=3)
    office.desk.answer(BEN, third.review_id, N, "a florist", part=3)
    assert office.review().final is N
    line = office.store.cases(SYSTEM).history(only_case(office.store).id)[0]
    assert (line.what, line.by) == ("review_differs", "quality")
    said = office.desk.figures(ADA)
    assert [(row.drawn, row.settled, row.overturned) for row in said.strata] == [(1, 1, None)]
    assert b"user:" not in msgspec.json.encode(said)


def differ(office: Office, finally_: Judged) -> None:
    office.desk.answer(ADA, office.next(ADA).review_id, N, "a florist", part=2)
    office.desk.answer(BEN, office.next(BEN).review_id, finally_, "a minor", part=3)


def test_what_two_more_judged_otherwise_waits_for_a_person_again(office: Office) -> None:
    before = standing(office.store)
    differ(office, Judged.CARE)
    carry_out(office.store)
    case = only_case(office.store)
    assert office.store.casework.members(case.id)[ONE].state is MemberState.PROPOSED
    assert standing(office.store) == before, "nothing is undone by itself"
    lines = office.store.cases(SYSTEM).history(case.id)
    assert {line.why for line in lines if line.by == "quality"} == {
        f"Two more persons did not agree with confirmed for {ONE}; the last one said care."
    }


def test_of_a_closed_case_too(office: Office) -> None:
    case = only_case(office.store)
    given = steps.given(viewer("mira"), "done", now(), Clocks())
    closed = steps.close(case, office.store.casework.members(case.id), given)
    office.store.case_steps.commit(closed.output, "user:mira")
    differ(office, N)
    carry_out(office.store)
    live = [one for one in office.store.cases(SYSTEM).cases() if one.state is not CaseState.CLOSED]
    assert [office.store.casework.members(one.id)[ONE].state for one in live] == [MemberState.PROPOSED]


def test_and_where_a_person_split_it_off(office: Office) -> None:
    case = only_case(office.store)
    given = steps.given(viewer("mira"), "apart", now(), Clocks())
    apart = steps.split(case, office.store.casework.members(case.id), [ONE], "Apart", given)
    office.store.case_steps.commit(apart.output, "user:mira", gone=apart.gone)
    differ(office, N)
    carry_out(office.store)
    (new,) = [one for one in office.store.cases(SYSTEM).cases() if one.split_from]
    assert office.store.casework.members(new.id)[ONE].state is MemberState.PROPOSED


def test_no_two_people_have_the_same_one_at_the_same_time(office: Office) -> None:
    many(office, 3)
    people = [viewer(f"p{n}") for n in range(6)]
    with ThreadPoolExecutor(6) as pool:
        given = [found.review_id for found in pool.map(office.desk.next, people) if found]
    assert len(given) == len(set(given)) == 4


def test_who_holds_one_keeps_it_until_it_is_given_back(office: Office) -> None:
    first = office.next(ADA)
    assert first.held_until is not None
    assert office.desk.next(BEN) is None
    with pytest.raises(Conflict, match="do not hold"):
        office.desk.beat(BEN, first.review_id)
    with pytest.raises(Conflict, match="somebody else reviews") as refused:
        office.desk.answer(BEN, first.review_id, N, "a florist", part=2)
    assert "ada" not in str(refused.value), "nobody is told who reviews"
    assert office.desk.review(ADA, first.review_id).held_until is not None
    assert office.desk.review(BEN, first.review_id).held_until is None
    again = office.next(ADA)
    assert again.held_until is not None
    assert (again.review_id, again.held_until >= first.held_until) == (first.review_id, True)
    assert office.desk.beat(ADA, first.review_id) >= again.held_until
    assert office.desk.next(ADA, [first.review_id]) is None
    given = office.next(BEN)
    assert given.review_id == first.review_id
    assert b"user:" not in msgspec.json.encode(given)
    with pytest.raises(NotFound):
        office.desk.beat(ADA, "none")


def test_golden_cases_are_held_like_others(office: Office) -> None:
    office.desk.mark_golden(CARL, office.decision.id, ONE, C, "beyond doubt")
    mine, theirs = office.next(ADA), office.next(BEN)
    assert {mine.review_id, theirs.review_id} == {review.id for review, _ in office.store.reviews.all()}
    with pytest.raises(Conflict, match="do not hold"):
        office.desk.beat(BEN, mine.review_id)
    office.desk.answer(ADA, mine.review_id, C, "seen", part=mine.part)
    assert office.next(BEN).review_id == mine.review_id, "answered, it is free for the next"


def test_time_that_is_over_costs_no_answer_unless_somebody_else_began(office: Office) -> None:
    slow, real = office.desk, office.next(ADA)
    office.desk.answer(ADA, real.review_id, N, "a florist", part=2)
    office.hasten()
    late = office.next(BEN)
    with pytest.raises(Conflict):
        office.desk.beat(BEN, late.review_id)
    office.desk = slow
    assert office.next(CARL).review_id == late.review_id
    with pytest.raises(Conflict, match="time was over"):
        office.desk.answer(BEN, late.review_id, N, "a florist", part=3)
    office.desk.answer(CARL, late.review_id, N, "a florist", part=3)
    assert office.review().final is N
    assert office.review().held_by is None


def test_who_answers_as_the_second_does_not_settle_unseen(office: Office) -> None:
    office.hasten()
    second, late = office.next(ADA), office.next(BEN)
    assert second.review_id == late.review_id
    office.desk.answer(ADA, second.review_id, N, "a florist", part=second.part)
    with pytest.raises(Conflict, match="meanwhile"):
        office.desk.answer(BEN, late.review_id, N, "a florist", part=late.part)
    assert office.review().state is ReviewState.DIFFERS
    office.desk.answer(BEN, late.review_id, N, "a florist", part=office.next(BEN).part)
    assert office.review().final is N


def test_a_review_can_be_passed_over(office: Office) -> None:
    first = office.next(ADA)
    assert office.desk.next(ADA, [first.review_id]) is None
    assert office.next(ADA).review_id == first.review_id


def many(office: Office, count: int, **changes: object) -> None:
    one = office.review()
    made = [
        msgspec.structs.replace(one, **{"id": f"more{n}", "entity": f"account:m{n}"} | changes)
        for n in range(count)
    ]
    with office.store._database.write() as connection:
        keep_reviews(connection, made)


def test_persons_get_different_ones_first(office: Office) -> None:
    many(office, 20)
    given = {office.next(viewer(f"p{n}")).review_id for n in range(8)}
    assert len(given) > 1


def test_who_took_part_in_many_still_gets_the_next(office: Office) -> None:
    # Those the person has to do with come first, more of them than are looked at in one go.
    last = msgspec.structs.replace(office.review(), id="last", entity="account:other")
    many(office, 210, entity=ONE)
    with office.store._database.write() as connection:
        keep_reviews(connection, [last])
    assert office.next(viewer("mira")).review_id == "last"


def test_figures_are_of_the_last_year(office: Office) -> None:
    many(office, 3, at=now() - timedelta(days=366))
    assert office.desk.figures(ADA).drawn == 1


def test_only_the_first_persons_decision_tells_how_long_it_took(office: Office) -> None:
    decide(office.store, Verb.CLEAR, ONE)
    office.run()
    waited = {review.verb: review.waited_seconds for review, _ in office.store.reviews.all()}
    assert waited[Verb.CONFIRM] is not None
    assert waited[Verb.CLEAR] is None


def test_who_reviews_general_cases_sees_no_child_safety_detail(office: Office) -> None:
    review = msgspec.structs.replace(office.review(), case_class=CaseClass.GENERAL, decided_at=now())
    signal = Signal(
        id="s", entity=ONE, detector="term", version="1", strength=0.4, at=now(), evidence={"term": "tin"}
    )
    output = Output(signals=(signal,))
    office.store.streams.commit(Upstream(), office.store.streams.read(Upstream(), 10)[1], output)
    later = msgspec.structs.replace(review, decided_at=now())
    seen = office.store.as_it_was(ADA, later, [])
    assert seen.risk is None
    assert [(one.detector, one.evidence) for one in seen.signals] == [("term", {})]
    whole = office.store.as_it_was(ADA, msgspec.structs.replace(later, case_class=CaseClass.CHILD_SAFETY), [])
    assert whole.risk is not None
    assert whole.signals[0].evidence == {"term": "tin"}


def test_nobody_reviews_what_they_decided(office: Office) -> None:
    mira = viewer("mira")
    assert office.desk.next(mira) is None
    with pytest.raises(Forbidden):
        office.desk.answer(mira, office.review().id, C, "mine", part=2)


def test_rights_are_asked_for_each_class(office: Office) -> None:
    general = viewer("g", Right.SEE_CHILD_SAFETY)
    assert office.desk.next(general) is None
    for call in (office.desk.review, lambda v, r: office.desk.answer(v, r, C, "x", part=2)):
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
        office.desk.answer(Viewer(name="key:k", rights=frozenset(Right)), office.review().id, C, "x", part=2)
    with pytest.raises(BadInput):
        office.desk.answer(ADA, office.review().id, C, " ", part=2)
    with pytest.raises(Forbidden):
        office.desk.beat(viewer("n", Right.REVIEW_QUALITY), office.review().id)
    with pytest.raises(NotFound):
        office.desk.beat(general, office.review().id)


def test_golden_cases_come_unmarked_and_to_everybody_but_who_marked_them(office: Office) -> None:
    office.hasten()
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
        office.desk.answer(who, golden.id, answer, "x", part=seen.part)
    assert office.desk.figures(ADA).golden_right.reviews == 2
    assert office.next(BEN).review_id == office.review().id
    assert office.review().state is ReviewState.WAITING
    assert golden.why == "beyond doubt"
    office.desk.withdraw_golden(BEN, office.decision.id, ONE, "there is doubt")
    assert office.desk.figures(ADA).golden_right.reviews == 0
    assert office.next(viewer("dora")).review_id == office.review().id, "it is given out no more"
    with pytest.raises(NotFound):
        office.desk.withdraw_golden(BEN, office.decision.id, "account:none", "x")
    office.desk.mark_golden(ADA, office.decision.id, ONE, C, "no doubt after all")
    assert office.next(viewer("dora")).review_id == golden.id


def test_who_reviews_an_upheld_appeal_reads_it(office: Office) -> None:
    before = now()
    appeal = appealed(office.store)
    seen = msgspec.structs.replace(office.review(), decided_at=now())
    assert office.store.as_it_was(ADA, seen, []).appeals == [appeal.text]
    assert office.store.as_it_was(ADA, msgspec.structs.replace(seen, decided_at=before), []).appeals == []

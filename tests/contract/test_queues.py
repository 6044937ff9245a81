"""Queues: cases go where the rules want them, and work never vanishes; on both databases."""

from __future__ import annotations

from datetime import timedelta

import msgspec
import pytest

from havenwall.casework.desk import remade
from havenwall.casework.queues import Clocks
from havenwall.engine import Output
from havenwall.errors import BadInput, Conflict, NotFound
from havenwall.model import (
    SYSTEM,
    Case,
    CaseClass,
    CaseSource,
    CaseState,
    CaseTopic,
    Member,
    MemberState,
    Queue,
    QueueRule,
    Right,
    Viewer,
    new_id,
    now,
)
from havenwall.store import Store
from havenwall.store.views.case_list import CaseFilter

GENERAL = Viewer(name="user:tom", rights=frozenset({Right.SEE_GENERAL}))
CHILD = CaseClass.CHILD_SAFETY


def made(
    store: Store, name: str, case_class: CaseClass = CHILD, chance: float = 0.5, **fields: object
) -> Case:
    """A kept case with one proposed member."""
    at, case_id = now(), new_id()
    case = Case(
        id=case_id,
        title="",
        case_class=case_class,
        topic=CaseTopic.SINGLE,
        key=f"account:{name}",
        state=CaseState.OPEN,
        priority=0.0,
        opened_at=at,
        updated_at=at,
        due_at=at,
        version=0,
        members=0,
        proposed=0,
        confirmed=0,
        cleared=0,
        known_at=at,
    )
    member = Member(
        case_id=case_id,
        entity=f"account:{name}",
        state=MemberState.PROPOSED,
        probability=chance,
        risk_id=None,
        added_at=at,
    )
    case = msgspec.structs.replace(case, **fields)
    case = remade(case, {member.entity: member}, at, Clocks())
    store.case_steps.commit(Output(cases=(case,), members=(member,)), "policy:test")
    return store.cases(SYSTEM).case(case_id)


def queue(name: str, position: int = 10, case_class: CaseClass = CHILD, **rule: object) -> Queue:
    return Queue(name=name, case_class=case_class, position=position, rule=QueueRule(**rule))  # type: ignore[arg-type]


def where(store: Store, case: Case) -> str:
    return store.cases(SYSTEM).case(case.id).queue


def test_without_rules_a_case_goes_to_the_queue_of_its_class(any_store: Store) -> None:
    assert list(any_store.queues.all()) == ["child-safety", "general"]
    assert made(any_store, "a").queue == "child-safety"
    assert made(any_store, "b", CaseClass.GENERAL).queue == "general"


def test_the_first_rule_that_takes_a_case_has_it(any_store: Store) -> None:
    any_store.queues.save(queue("later", 20), "user:m")
    any_store.queues.save(queue("flagged", 10, sources=(CaseSource.FLAGGER,)), "user:m")
    assert made(any_store, "a", source=CaseSource.FLAGGER).queue == "flagged"
    assert made(any_store, "b").queue == "later"
    assert made(any_store, "c", CaseClass.GENERAL).queue == "general"


def test_a_new_rule_moves_the_cases_it_takes_and_says_so(any_store: Store) -> None:
    case = made(any_store, "a", language="de-AT")
    change = any_store.queues.save(queue("german", languages=("de",)), "user:m")
    assert (where(any_store, case), change.moved) == ("german", 1)
    newest = any_store.cases(SYSTEM).history(case.id)[0]
    assert (newest.what, newest.by, newest.old, newest.new) == ("queue", "user:m", "child-safety", "german")
    assert any_store.queues.changes()[0].new == any_store.queues.queue("german")


def test_a_deleted_queue_loses_no_case_not_even_a_placed_or_closed_one(any_store: Store) -> None:
    any_store.queues.save(queue("some"), "user:m")
    cases = [made(any_store, f"a{n}") for n in range(3)]
    any_store.leases.move(cases[0].id, "user:s", "child-safety", "for now")
    any_store.leases.move(cases[0].id, "user:s", "some", "back")
    assert any_store.queues.delete("some", "user:m").moved == 3
    assert {where(any_store, case) for case in cases} == {"child-safety"}
    assert any_store.cases(SYSTEM).count(asked=CaseFilter(queue="child-safety", waiting=True)) == 3
    assert not any_store.cases(SYSTEM).case(cases[0].id).placed


def test_where_a_person_put_a_case_rules_leave_it(any_store: Store) -> None:
    any_store.queues.save(queue("special", kinds=("live",)), "user:m")
    case = made(any_store, "a")
    any_store.leases.move(case.id, "user:s", "special", "needs somebody who knows")
    any_store.queues.save(queue("other", 5), "user:m")
    assert where(any_store, case) == "special"
    assert any_store.cases(SYSTEM).case(case.id).version == case.version


@pytest.mark.parametrize("name", ["child-safety", "general"])
def test_the_default_queue_stays(any_store: Store, name: str) -> None:
    with pytest.raises(Conflict):
        any_store.queues.delete(name, "user:m")
    with pytest.raises(NotFound):
        any_store.queues.delete("never-was", "user:m")


def test_a_queue_keeps_its_class_and_takes_no_case_of_another(any_store: Store) -> None:
    any_store.queues.save(queue("some"), "user:m")
    with pytest.raises(BadInput):
        any_store.queues.save(queue("some", case_class=CaseClass.GENERAL), "user:m")
    case = made(any_store, "a")
    with pytest.raises(NotFound):
        any_store.leases.move(case.id, "user:s", "general", "let the others see it")
    assert where(any_store, case) == "some"


def test_a_queue_may_only_ask_for_a_sooner_answer(any_store: Store) -> None:
    case = made(any_store, "a")
    assert case.due_at - case.opened_at == timedelta(hours=24)
    for hours, told in ((2.0, 2), (48.0, 24), (None, 24)):
        any_store.queues.save(Queue(name="child-safety", case_class=CHILD, hours=hours), "user:m")
        found = any_store.cases(SYSTEM).case(case.id)
        assert found.due_at - case.opened_at == timedelta(hours=told)
    assert "2258A" in case.clock


def test_no_queue_change_shows_a_case_to_who_may_not_see_its_class(any_store: Store) -> None:
    case, other = made(any_store, "hidden"), made(any_store, "shown", CaseClass.GENERAL)
    any_store.queues.save(queue("some"), "user:m")
    any_store.queues.delete("some", "user:m")
    view = any_store.cases(GENERAL)
    asked = [
        CaseFilter(),
        CaseFilter(queue="child-safety"),
        CaseFilter(text="hidden"),
        CaseFilter(sort="due"),
    ]
    asked += [CaseFilter(case_class=CHILD), CaseFilter(text=case.id), CaseFilter(text="account:hidden")]
    found = [one.id for each in asked for one in view.cases(asked=each)]
    assert set(found) == {other.id}
    assert [view.count(asked=each) for each in asked] == [1, 0, 0, 1, 0, 0, 0]
    with pytest.raises(NotFound):
        view.case(case.id)


def test_counts_are_numbers_of_what_waits(any_store: Store) -> None:
    late = now() - timedelta(days=3)
    made(any_store, "a", known_at=late, opened_at=late)
    made(any_store, "b")
    count = any_store.queues.counts()["child-safety"]
    assert (count.waiting, count.overdue, count.held, count.snoozed) == (2, 1, 0, 0)
    assert count.oldest_due_at == late + timedelta(hours=24)


def test_the_list_is_narrowed_sorted_and_searched(any_store: Store) -> None:
    late = now() - timedelta(days=3)
    low = made(any_store, "low", chance=0.1, known_at=late, opened_at=late)
    high = made(any_store, "100%_sure", chance=0.9)
    general = made(any_store, "other", CaseClass.GENERAL, topic=CaseTopic.REPORT)
    view = any_store.cases(SYSTEM)

    def found(**asked: object) -> list[str]:
        return [case.id for case in view.cases(asked=CaseFilter(**asked))]  # type: ignore[arg-type]

    assert found() == [high.id, low.id, general.id]
    assert found(sort="due") == [low.id, high.id, general.id]
    assert found(sort="oldest")[0] == low.id
    assert found(overdue=True) == [low.id]
    assert found(topic=CaseTopic.REPORT) == found(case_class=CaseClass.GENERAL) == [general.id]
    assert found(states=("open",)) == [high.id, low.id, general.id]
    assert found(states=("closed",)) == found(mine=True) == []
    assert found(text="reports of") == found(text="OTHER") == [general.id]
    assert found(text="100%_s") == [high.id]
    assert found(text="%") == [high.id]
    assert found(text="account:low") == found(text="low") == found(text=low.id) == [low.id]
    assert found(text="nothing like it") == []


def test_a_text_in_very_many_cases_is_met_on_the_way_down(
    any_store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("havenwall.store.views.case_list._FEW", 1)
    cases = [made(any_store, f"bluewhistle{n}", chance=n / 10) for n in range(4)]
    found = any_store.cases(SYSTEM).cases(asked=CaseFilter(text="bluewhistle"))
    assert [case.id for case in found] == [case.id for case in reversed(cases)]
    assert any_store.cases(SYSTEM).count(asked=CaseFilter(text="bluewhistle")) == 4

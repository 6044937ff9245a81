"""Closing, merging, splitting and gaps, kept whole or not at all; on both databases."""

from __future__ import annotations

from datetime import timedelta

import msgspec
import pytest
from tests.contract.test_casework import FOUND, SEED, machine, send
from tests.contract.test_queues import GENERAL, made

from havenwall.casework import CaseworkStage, Clocks, review, steps
from havenwall.engine import Runner
from havenwall.errors import BadInput, Conflict, NotFound
from havenwall.model import (
    SYSTEM,
    Case,
    CaseClass,
    CaseState,
    CaseTopic,
    MemberState,
    PolicyGap,
    Right,
    Verb,
    Viewer,
    now,
)
from havenwall.store import Store
from havenwall.store.case_rows import line

MIRA = Viewer(name="user:mira", rights=frozenset(Right))
ROBIN = Viewer(name="user:robin", rights=frozenset(Right))


def by(viewer: Viewer = MIRA) -> steps.Given:
    return steps.given(viewer, "looked at it", now(), Clocks())


def read(store: Store, case_id: str) -> Case:
    return store.cases(SYSTEM).case(case_id)


def keep(store: Store, step: steps.Stepped, viewer: Viewer = MIRA) -> None:
    store.case_steps.commit(step.output, viewer.name, gone=step.gone, gap=step.gap)


def members(store: Store, case_id: str) -> steps.Members:
    return store.casework.members(case_id)


def carry_out(store: Store) -> None:
    Runner(store.streams, [CaseworkStage(store.casework)]).run()


def network(store: Store) -> Case:
    send(store, machine(Verb.OPEN_CASE))
    (case,) = [c for c in store.cases(SYSTEM).cases() if c.topic is CaseTopic.NETWORK]
    return case


def decided(store: Store, case: Case, verb: Verb, *entities: str) -> None:
    store.ledger.add_decision(
        review(case, members(store, case.id), verb, entities, MIRA, "seen"), case.version
    )


def test_closing_and_opening_again_are_in_the_history(any_store: Store) -> None:
    case = made(any_store, "a")
    any_store.leases.take(case.id, MIRA.name, timedelta(minutes=5))
    keep(any_store, steps.close(case, members(any_store, case.id), by()))
    closed = read(any_store, case.id)
    assert (closed.state, closed.priority, closed.held_by) == (CaseState.CLOSED, 0, None)
    assert any_store.casework.live_case(case.case_class, case.topic, case.key) is None
    keep(any_store, steps.reopen(closed, members(any_store, case.id), by()))
    again = read(any_store, case.id)
    assert (again.state, again.priority, again.version) == (CaseState.OPEN, case.priority, 3)
    lines = [(e.what, e.old, e.new) for e in any_store.cases(SYSTEM).history(case.id)]
    assert lines[:2] == [("state", "closed", "open"), ("state", "open", "closed")]


def test_a_step_on_an_old_version_changes_nothing(any_store: Store) -> None:
    case = made(any_store, "a")
    late = steps.no_rule(case, members(any_store, case.id), by(), "user:tom", now() + timedelta(days=1))
    keep(any_store, steps.close(case, members(any_store, case.id), by()))
    with pytest.raises(Conflict):
        keep(any_store, late)
    assert any_store.cases(SYSTEM).gaps() == []
    assert any_store.cases(SYSTEM).decisions(case.id) == []


def test_nobody_steps_on_a_case_in_other_hands(any_store: Store) -> None:
    case = made(any_store, "a")
    any_store.leases.take(case.id, ROBIN.name, timedelta(minutes=5))
    with pytest.raises(Conflict, match="robin works on this case now"):
        keep(any_store, steps.close(case, members(any_store, case.id), by()))


def test_a_decision_that_waits_holds_up_a_step(any_store: Store) -> None:
    case = network(any_store)
    decided(any_store, case, Verb.CONFIRM, FOUND[0])
    split = steps.split(case, members(any_store, case.id), FOUND[:1], "Apart", by())
    with pytest.raises(Conflict, match="being carried out"):
        keep(any_store, split)
    carry_out(any_store)
    case = read(any_store, case.id)
    keep(any_store, steps.split(case, members(any_store, case.id), FOUND[:1], "Apart", by()))
    assert read(any_store, case.id).members == 3


def test_no_rule_closes_the_case_and_opens_a_gap_for_those_who_may_see_it(any_store: Store) -> None:
    case = made(any_store, "a")
    due = now() + timedelta(days=7)
    step = steps.no_rule(case, members(any_store, case.id), by(), "user:tom", due)
    keep(any_store, step)
    carry_out(any_store)
    assert read(any_store, case.id).state is CaseState.CLOSED
    (gap,) = any_store.cases(MIRA).gaps()
    assert (gap.owner, gap.due_at, gap.what, gap.case_id) == ("user:tom", due, "looked at it", case.id)
    (decision,) = any_store.cases(MIRA).decisions(case.id)
    assert (decision.verb, decision.entities) == (Verb.NO_RULE, ("account:a",))
    assert members(any_store, case.id)["account:a"].state is MemberState.PROPOSED
    assert any_store.cases(GENERAL).gaps() == []
    with pytest.raises(NotFound):
        any_store.cases(GENERAL).gap(gap.id)
    assert any_store.case_steps.gap_counts() == (1, 0)
    settle(any_store, gap)
    assert any_store.cases(MIRA).gaps() == []
    assert any_store.cases(MIRA).gaps(is_open=False)[0].outcome == "a rule was made"
    with pytest.raises(NotFound):
        settle(any_store, gap)


def settle(store: Store, gap: PolicyGap) -> None:
    closed = msgspec.structs.replace(gap, closed_at=now(), closed_by="user:tom", outcome="a rule was made")
    store.case_steps.change_gap(closed, line(gap.case_id, "user:tom", "gap_closed", "a rule was made"))


def test_merging_moves_members_history_and_what_comes_later(any_store: Store) -> None:
    into, case = network(any_store), made(any_store, "left", topic=CaseTopic.REPORT)
    other = made(any_store, "right", topic=CaseTopic.REPORT)
    keep(any_store, steps.merge(case, members(any_store, case.id), other, members(any_store, other.id), by()))
    case = read(any_store, case.id)
    both = members(any_store, case.id)
    keep(any_store, steps.merge(into, members(any_store, into.id), case, both, by()))
    grown, gone = read(any_store, into.id), read(any_store, case.id)
    assert set(members(any_store, into.id)) == {*FOUND, SEED, "account:left", "account:right"}
    assert members(any_store, case.id) == {}
    assert (gone.state, gone.merged_into) == (CaseState.CLOSED, into.id)
    assert read(any_store, other.id).merged_into == into.id
    assert (grown.members, gone.members) == (6, 0)
    assert {line.case_id for line in any_store.cases(SYSTEM).history(into.id)} == {into.id, case.id, other.id}
    found = any_store.casework.live_case(CaseClass.CHILD_SAFETY, CaseTopic.REPORT, "account:right")
    assert found is not None
    assert found.id == into.id
    with pytest.raises(BadInput):
        steps.reopen(gone, {}, by())


def test_what_a_person_decided_survives_a_merger(any_store: Store) -> None:
    into, case = network(any_store), made(any_store, "left")
    decided(any_store, case, Verb.CLEAR, "account:left")
    carry_out(any_store)
    case = read(any_store, case.id)
    keep(any_store, steps.merge(into, members(any_store, into.id), case, members(any_store, case.id), by()))
    assert members(any_store, into.id)["account:left"].state is MemberState.CLEARED


def test_cases_of_two_classes_are_never_merged(any_store: Store) -> None:
    case, other = made(any_store, "a"), made(any_store, "b", CaseClass.GENERAL)
    with pytest.raises(BadInput):
        steps.merge(other, members(any_store, other.id), case, members(any_store, case.id), by())


def test_who_was_split_off_does_not_come_back(any_store: Store) -> None:
    case = network(any_store)
    keep(any_store, steps.split(case, members(any_store, case.id), FOUND[:2], "Apart", by()))
    new = next(c for c in any_store.cases(SYSTEM).cases() if c.split_from == case.id)
    assert (new.title, new.members, new.proposed) == ("Apart", 2, 2)
    assert set(members(any_store, case.id)) == {FOUND[2], SEED}
    send(any_store, machine(Verb.OPEN_CASE, (*FOUND, "account:late")))
    assert set(members(any_store, case.id)) == {FOUND[2], SEED, "account:late"}
    assert read(any_store, new.id).members == 2


@pytest.mark.parametrize("entities", [(), (*FOUND, SEED), ("account:stranger",)])
def test_an_impossible_split_is_refused(any_store: Store, entities: tuple[str, ...]) -> None:
    case = network(any_store)
    with pytest.raises(BadInput):
        steps.split(case, members(any_store, case.id), entities, "Apart", by())


def test_a_note_does_not_stand_in_the_way_of_a_decision(any_store: Store) -> None:
    case = made(any_store, "a")
    decision = review(case, members(any_store, case.id), Verb.CLEAR, ["account:a"], MIRA, "seen")
    any_store.case_steps.add_note(line(case.id, ROBIN.name, "note", "reads on"))
    any_store.leases.take(case.id, MIRA.name, timedelta(minutes=5))
    any_store.ledger.add_decision(decision, case.version)

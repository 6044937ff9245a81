"""Decisions of one batch see what those before them did, at whatever desk; on both databases."""

from __future__ import annotations

import msgspec
import pytest
from tests.contract.test_case_steps import by, keep, members
from tests.contract.test_casework import FOUND, machine, send, standing

from havenwall.casework import steps
from havenwall.model import (
    SYSTEM,
    Action,
    ActionKind,
    ActionState,
    CaseClass,
    CaseTopic,
    Circumstances,
    Decision,
    Restriction,
    Verb,
    new_id,
    now,
)
from havenwall.model.delivery import Answered, Confirmation
from havenwall.store import Store

ONE = FOUND[0]


def general(verb: Verb, case_id: str | None = None) -> Decision:
    """A person's decision on one account in a general case, or a report that opens that case."""
    return Decision(
        id=new_id(),
        verb=verb,
        entities=(ONE,),
        by="user:mira" if case_id else "policy:reports",
        why="seen",
        at=now(),
        case_id=case_id,
        case_class=CaseClass.GENERAL,
        topic=None if case_id else CaseTopic.REPORT,
    )


@pytest.fixture
def case_id(any_store: Store) -> str:
    """A general case of one account."""
    send(any_store, general(Verb.OPEN_CASE))
    (case,) = any_store.cases(SYSTEM).cases()
    return case.id


def suppressions(store: Store) -> list[tuple[str, ActionState]]:
    found = (a for a in store.casework.actions([ONE]) if a.kind is ActionKind.SUPPRESS)
    return [(action.by, action.state) for action in found]


def action(store: Store, kind: ActionKind) -> Action:
    return next(a for a in store.casework.actions([ONE]) if a.kind is kind)


def test_a_lift_takes_back_what_the_same_batch_did_before(any_store: Store) -> None:
    send(any_store, machine(Verb.OPEN_CASE))
    (case,) = any_store.cases(SYSTEM).cases()
    suppress = machine(Verb.SUPPRESS, (ONE,))
    lift = Decision(
        id=new_id(),
        verb=Verb.LIFT,
        entities=(ONE,),
        by="user:mira",
        why="seen",
        at=now(),
        case_id=case.id,
    )
    send(any_store, suppress, lift)
    assert ONE not in standing(any_store)
    assert suppressions(any_store) == [("user:mira", ActionState.REVERSED)]
    assert any_store.casework.standings([ONE])[ONE].confirmed


def test_a_machine_and_a_person_at_two_desks_end_as_they_decided(any_store: Store, case_id: str) -> None:
    # The person's case is on a desk before the machine's: their order is not that of the decisions.
    send(
        any_store,
        general(Verb.OPEN_CASE),
        machine(Verb.SUPPRESS, (ONE,)),
        general(Verb.RESTRICT, case_id),
    )
    assert standing(any_store)[ONE] is Restriction.RESTRICTED
    assert suppressions(any_store) == [("policy:rule", ActionState.CONFIRMED)], "it was hidden already"
    assert any_store.casework.standings([ONE])[ONE].confirmed


def test_a_general_clearing_leaves_what_the_same_batch_did_for_children(
    any_store: Store, case_id: str
) -> None:
    send(any_store, machine(Verb.SUPPRESS, (ONE,)), general(Verb.CLEAR, case_id))
    assert standing(any_store)[ONE] is Restriction.SUPPRESSED
    assert suppressions(any_store) == [("policy:rule", ActionState.CONFIRMED)]


def test_no_machine_hides_again_what_a_person_lifted_in_the_same_batch(
    any_store: Store, case_id: str
) -> None:
    send(any_store, general(Verb.SUPPRESS, case_id))
    send(any_store, general(Verb.LIFT, case_id), machine(Verb.SUPPRESS, (ONE,)))
    assert ONE not in standing(any_store)
    assert suppressions(any_store) == [("user:mira", ActionState.REVERSED)]


def test_evidence_is_preserved_once_in_a_batch(any_store: Store, case_id: str) -> None:
    preserve = [a for a in any_store.casework.actions([ONE]) if a.kind is ActionKind.PRESERVE]
    send(any_store, general(Verb.SUPPRESS, case_id), general(Verb.RESTRICT, case_id))
    assert [a for a in any_store.casework.actions([ONE]) if a.kind is ActionKind.PRESERVE] == preserve


def test_what_a_platform_failed_to_do_is_taken_back_too(any_store: Store, case_id: str) -> None:
    send(any_store, general(Verb.RESTRICT, case_id))
    restrict = action(any_store, ActionKind.RESTRICT)
    any_store.deliveries.confirm(
        restrict.id, Confirmation(state=Answered.FAILED, reason="not now"), "key:platform"
    )
    assert action(any_store, ActionKind.RESTRICT).state is ActionState.FAILED
    send(any_store, general(Verb.CLEAR, case_id))
    assert ONE not in standing(any_store)
    assert action(any_store, ActionKind.RESTRICT).state is ActionState.REVERSED


def test_two_parts_of_a_decision_come_to_one_desk(any_store: Store) -> None:
    single = machine(Verb.OPEN_CASE, ("account:a", "account:b"))
    single = msgspec.structs.replace(single, topic=CaseTopic.SINGLE)
    send(any_store, single)
    a, b = (
        any_store.casework.live_case(CaseClass.CHILD_SAFETY, CaseTopic.SINGLE, e) for e in single.entities
    )
    assert a is not None
    assert b is not None
    keep(any_store, steps.merge(a, members(any_store, a.id), b, members(any_store, b.id), by()))
    cleared = msgspec.structs.replace(
        machine(Verb.CLEAR, single.entities), by="user:mira", case_id=a.id, rule=None
    )
    send(any_store, cleared)
    grounds = {entity: f"signal of {entity}" for entity in single.entities}
    news = Circumstances(audience=50)
    send(any_store, msgspec.structs.replace(single, id=new_id(), inputs=grounds, circumstances=news))
    lines = [one for one in any_store.cases(SYSTEM).history(a.id) if one.case_id == a.id][:3]
    assert sorted((one.what, one.entities) for one in lines) == [
        ("circumstances", ()),
        ("members_added", ("account:a",)),
        ("members_added", ("account:b",)),
    ]
    assert any_store.cases(SYSTEM).case(a.id).proposed == 2

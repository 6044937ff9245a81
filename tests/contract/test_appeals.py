"""Appeals: kept once, decided by somebody else, and carried out everywhere; on both databases."""

from __future__ import annotations

import time
from datetime import timedelta

import msgspec
import pytest
from tests.contract.test_casework import FOUND, only_case, send
from tests.contract.test_casework import machine as by_machine
from tests.contract.test_ladder import carry_out, decide, member_state, standing, states

from havenwall.casework.appeals import answered, reversals
from havenwall.casework.reports import new_number
from havenwall.casework.strikes import StrikePolicy, count_strikes
from havenwall.engine import Output
from havenwall.errors import Conflict, Forbidden, NotFound
from havenwall.model import (
    SYSTEM,
    ActionKind,
    ActionState,
    CaseClass,
    Decision,
    MemberState,
    Restriction,
    Right,
    Verb,
    Viewer,
    new_id,
    now,
)
from havenwall.model.appeal import Appeal, AppealState, Finding
from havenwall.store import Store
from havenwall.store.keep import keep

ONE, TWO, _ = FOUND
OTHER = Viewer(name="user:other", rights=frozenset(Right))


@pytest.fixture
def network(any_store: Store) -> Store:
    send(any_store, by_machine(Verb.SUPPRESS), by_machine(Verb.OPEN_CASE))
    return any_store


def action_on(store: Store, entity: str, kind: ActionKind = ActionKind.SUPPRESS) -> str:
    return next(a.id for a in store.casework.actions([entity]) if a.kind is kind)


def appealed(
    store: Store, entity: str = ONE, source_id: str = "1", *, days: float = 14, sender: str = "key:forum"
) -> Appeal:
    found, at = store.appeals.contested(action_on(store, entity)), now()
    appeal = Appeal(
        id=new_id(),
        number="",
        sender=sender,
        source_id=source_id,
        entity=entity,
        text="That is my shop.",
        language="en",
        grounds=found.grounds,
        case_id=found.case_id,
        case_class=found.case_class,
        received_at=at,
        due_at=at + timedelta(days=days),
    )
    return store.appeals.add(appeal, new_number)[0]


def answer(store: Store, appeal: Appeal, finding: Finding, viewer: Viewer = OTHER) -> Appeal:
    given = answered(appeal, viewer, finding, "looked anew", now())
    kept = store.appeals.decide(given, reversals, lambda _: None)
    carry_out(store)
    return kept


def test_an_upheld_appeal_takes_everything_back(network: Store) -> None:
    decide(network, Verb.RESTRICT, ONE)
    assert ONE in network.network.seeds()
    answer(network, appealed(network), Finding.NO_BREACH)
    assert ONE not in standing(network)
    kinds = (ActionKind.SUPPRESS, ActionKind.RESTRICT)
    assert {states(network, ONE)[kind] for kind in kinds} == {ActionState.REVERSED}
    assert member_state(network, ONE) is MemberState.CLEARED
    assert ONE in network.network.cleared()
    assert ONE not in network.network.seeds(), "the network model learns from it"
    decisions, families = network.decisions_on(ONE, list(CaseClass))
    tally = count_strikes(decisions, ONE, StrikePolicy(), now() + timedelta(seconds=1), families)
    assert (tally.points, [s.why_not for s in tally.strikes]) == (0, ["cleared"])
    send(network, by_machine(Verb.SUPPRESS, (ONE,)))
    assert ONE not in standing(network), "no machine puts it back"


def test_one_that_is_turned_down_leaves_all_as_it_is(network: Store) -> None:
    decide(network, Verb.RESTRICT, ONE)
    kept = answer(network, appealed(network), Finding.STANDS)
    assert kept.state is AppealState.TURNED_DOWN
    assert standing(network)[ONE] is Restriction.RESTRICTED
    what = [line.what for line in network.cases(SYSTEM).history(only_case(network).id)]
    assert what[:2] == ["appeal_turned_down", "appealed"]


def test_the_same_id_is_the_same_appeal(network: Store) -> None:
    first, again = appealed(network), appealed(network)
    assert first == again
    with pytest.raises(Conflict, match="another action"):
        appealed(network, TWO)
    with pytest.raises(Conflict, match=first.number):
        appealed(network, source_id="2")
    with pytest.raises(Conflict, match=first.number):
        appealed(network, sender="public", source_id="x")


@pytest.mark.parametrize("verb", [Verb.RESTRICT, Verb.CONFIRM])
def test_nobody_decides_on_what_they_decided(network: Store, verb: Verb) -> None:
    first = decide(network, verb, ONE)
    appeal = appealed(network)
    with pytest.raises(Forbidden, match="before"):
        answer(network, appeal, Finding.STANDS, Viewer(name=first.by, rights=OTHER.rights))
    assert answer(network, appeal, Finding.STANDS).decided_by == OTHER.name


def test_nor_does_who_approved_it_or_turned_an_earlier_appeal_down(network: Store) -> None:
    first = decide(network, Verb.RESTRICT, ONE)
    with network._database.write() as connection:
        approved = msgspec.structs.replace(first, id=new_id(), approved_by="user:second")
        keep(connection, Output(decisions=(approved,)))
    appeal = appealed(network)
    with pytest.raises(Forbidden):
        answer(network, appeal, Finding.STANDS, Viewer(name="user:second", rights=OTHER.rights))
    answer(network, appeal, Finding.STANDS)
    found = network.appeals.contested(action_on(network, ONE, ActionKind.RESTRICT))
    second = msgspec.structs.replace(appeal, id=new_id(), source_id="2", grounds=found.grounds)
    kept, new = network.appeals.add(second, new_number)
    assert new
    with pytest.raises(Forbidden):
        answer(network, kept, Finding.NOT_SHOWN)


def test_no_machine_decides_an_appeal(network: Store) -> None:
    appeal = appealed(network)
    with pytest.raises(Forbidden):
        answer(network, appeal, Finding.STANDS, Viewer(name="key:robot", rights=OTHER.rights))
    forged = msgspec.structs.replace(appeal, state=AppealState.TURNED_DOWN, decided_by="policy:robot")
    with pytest.raises(Forbidden, match="person"):
        network.appeals.decide(forged, reversals, lambda _: None)


def test_an_appeal_is_decided_once(network: Store) -> None:
    appeal = appealed(network)
    answer(network, appeal, Finding.MISTAKEN)
    with pytest.raises(Conflict):
        answer(network, appeal, Finding.STANDS, Viewer(name="user:third", rights=OTHER.rights))


def test_who_may_not_decide_the_class_changes_nothing(network: Store) -> None:
    appeal = appealed(network)

    def may(case_class: CaseClass) -> None:
        raise Forbidden(f"not {case_class}")

    with pytest.raises(Forbidden, match="child_safety"):
        network.appeals.decide(answered(appeal, OTHER, Finding.STANDS, "no", now()), reversals, may)
    assert network.appeals.counts().waiting == 1


def test_all_cases_of_an_account_are_cleared(network: Store) -> None:
    decide(network, Verb.RESTRICT, ONE)
    general = msgspec.structs.replace(
        by_machine(Verb.OPEN_CASE, (ONE,)), case_class=CaseClass.GENERAL, by="reports", inputs={"report": "r"}
    )
    send(network, general)
    other = next(c for c in network.cases(SYSTEM).cases() if c.case_class is CaseClass.GENERAL)
    strict = Decision(
        id=new_id(),
        verb=Verb.RESTRICT,
        entities=(ONE,),
        by="user:robin",
        why="spam",
        at=now(),
        case_id=other.id,
        case_class=CaseClass.GENERAL,
    )
    network.ledger.add_decision(strict, network.cases(SYSTEM).case(other.id).version)
    carry_out(network)
    asked: list[CaseClass] = []
    given = answered(appealed(network), OTHER, Finding.NOT_SHOWN, "looked", now())
    network.appeals.decide(given, reversals, asked.append)
    carry_out(network)
    assert set(asked) == set(CaseClass), "the right for each class is asked for"
    assert ONE not in standing(network)
    for case in network.cases(SYSTEM).cases():
        assert network.casework.members(case.id)[ONE].state is MemberState.CLEARED


def test_each_sees_the_appeals_that_are_theirs(network: Store) -> None:
    appeal, late = appealed(network), appealed(network, TWO, "2", days=-1)
    forum = Viewer(name="key:forum", rights=frozenset({Right.SEND_REPORTS}))
    stranger = Viewer(name="key:other", rights=frozenset({Right.SEND_REPORTS}))
    general = Viewer(name="user:g", rights=frozenset({Right.SEE_GENERAL, Right.DECIDE_APPEALS}))
    no_appeals = Viewer(name="user:n", rights=frozenset({Right.SEE_CHILD_SAFETY}))
    assert [a.id for a in network.appeals_for(OTHER).appeals()] == [late.id, appeal.id], "most pressing first"
    assert network.appeals_for(OTHER).count(overdue=True) == network.appeals.counts().overdue == 1
    assert network.appeals_for(forum).appeal(appeal.number).id == appeal.id
    for viewer in (stranger, general, no_appeals):
        assert network.appeals_for(viewer).count() == len(network.appeals_for(viewer).appeals()) == 0
        with pytest.raises(NotFound):
            network.appeals_for(viewer).appeal(appeal.id)


def test_only_what_restricts_can_be_appealed(network: Store) -> None:
    preserve = action_on(network, ONE, ActionKind.PRESERVE)
    for action_id in (preserve, "none", "a\x00"):
        with pytest.raises(NotFound):
            network.appeals.contested(action_id)


def test_grounds_say_whether_a_machine_decided(network: Store) -> None:
    machine = network.appeals.contested(action_on(network, ONE)).grounds
    assert (machine.machine_found, machine.machine_decided, machine.two_persons) == (True, True, False)
    decide(network, Verb.CONFIRM, ONE)
    assert not network.appeals.contested(action_on(network, ONE)).grounds.machine_decided


def test_grounds_say_that_it_is_over(network: Store) -> None:
    decide(network, Verb.RESTRICT, ONE, expires_at=now() + timedelta(seconds=2))
    suppressed, restricted = (action_on(network, ONE, k) for k in (ActionKind.SUPPRESS, ActionKind.RESTRICT))
    assert network.appeals.contested(restricted).grounds.ended_at is None
    while not network.proposals.lift_expired():
        time.sleep(0.02)
    carry_out(network)
    ran_out = network.appeals.contested(restricted).grounds
    assert ran_out.ended_at is not None
    assert not ran_out.taken_back
    assert network.appeals.contested(suppressed).grounds.ended_at is None
    decide(network, Verb.CLEAR, ONE)
    cleared = network.appeals.contested(suppressed).grounds
    assert (cleared.ended_at is not None, cleared.taken_back) == (True, True)

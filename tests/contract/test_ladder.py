"""The upper rungs of the ladder, two persons, and what runs out; on both databases."""

from __future__ import annotations

import time
from concurrent.futures import ThreadPoolExecutor, wait
from datetime import timedelta

import msgspec
import pytest
from tests.contract.test_casework import FOUND, REVIEWER, machine, only_case, risk, send, standing

from havenwall.casework import CaseworkStage, Clocks, check_still, review, steps
from havenwall.casework.ladder import Footing
from havenwall.engine import Runner
from havenwall.errors import BadInput, Conflict, NotFound
from havenwall.model import (
    SYSTEM,
    ActionKind,
    ActionState,
    CaseClass,
    CaseTopic,
    Decision,
    MemberState,
    Restriction,
    Verb,
    new_id,
    now,
)
from havenwall.model.proposal import Proposal, ProposalState
from havenwall.store import Store

ONE, TWO, _ = FOUND
R = Restriction
BOTH = tuple(CaseClass)


@pytest.fixture
def network(any_store: Store) -> Store:
    send(any_store, machine(Verb.SUPPRESS), machine(Verb.OPEN_CASE))
    return any_store


def footing(store: Store, *, referred: bool = False, preserved: bool = True) -> Footing:
    now_in_force = {e: s.restriction for e, s in store.casework.standings(FOUND).items()}
    return Footing(restrictions=now_in_force, preserved=FOUND if preserved else (), referred=referred)


def made(store: Store, verb: Verb, *entities: str, foot: Footing | None = None, **more: object) -> Decision:
    case = only_case(store)
    members = store.casework.members(case.id)
    foot = foot or footing(store, referred=True)
    return review(case, members, verb, entities, REVIEWER, "looked", footing=foot, **more)  # type: ignore[arg-type]


def carry_out(store: Store) -> None:
    Runner(store.streams, [CaseworkStage(store.casework)]).run()


def decide(store: Store, verb: Verb, *entities: str, **more: object) -> Decision:
    decision = made(store, verb, *entities, **more)
    store.ledger.add_decision(decision, only_case(store).version)
    carry_out(store)
    return decision


def states(store: Store, entity: str) -> dict[ActionKind, ActionState]:
    return {action.kind: action.state for action in store.casework.actions([entity])}


def member_state(store: Store, entity: str) -> MemberState:
    return store.casework.members(only_case(store).id)[entity].state


def test_restricting_confirms_suppresses_and_tells_the_platform(network: Store) -> None:
    decide(network, Verb.RESTRICT, ONE)
    assert standing(network)[ONE] is R.RESTRICTED
    assert states(network, ONE)[ActionKind.RESTRICT] is ActionState.PLANNED
    assert member_state(network, ONE) is MemberState.CONFIRMED
    assert ONE in network.network.seeds()
    with pytest.raises(BadInput):
        made(network, Verb.RESTRICT, ONE)


def test_lifting_takes_back_all_and_no_machine_puts_it_back(network: Store) -> None:
    decide(network, Verb.RESTRICT, ONE)
    decide(network, Verb.LIFT, ONE)
    assert ONE not in standing(network)
    assert states(network, ONE)[ActionKind.RESTRICT] is ActionState.REVERSED
    assert member_state(network, ONE) is MemberState.CONFIRMED, "what is thought of it has not changed"
    send(network, machine(Verb.SUPPRESS, (ONE,)))
    assert ONE not in standing(network)
    with pytest.raises(BadInput):
        made(network, Verb.LIFT, ONE)


def test_clearing_takes_back_every_rung(network: Store) -> None:
    decide(network, Verb.RESTRICT, ONE)
    decide(network, Verb.CLEAR, ONE)
    assert ONE not in standing(network)
    assert states(network, ONE)[ActionKind.RESTRICT] is ActionState.REVERSED


def test_a_restriction_that_runs_out_leaves_the_suppression(network: Store) -> None:
    soon = now() + timedelta(seconds=2)
    decide(network, Verb.RESTRICT, ONE, expires_at=soon)
    while now() <= soon:
        time.sleep(0.02)
    assert network.proposals.lift_expired() == 1
    assert network.proposals.lift_expired() == 0, "deciding again decides nothing new"
    carry_out(network)
    assert standing(network)[ONE] is R.SUPPRESSED
    assert states(network, ONE) == {
        ActionKind.PRESERVE: ActionState.PLANNED,
        ActionKind.SUPPRESS: ActionState.CONFIRMED,
        ActionKind.RESTRICT: ActionState.REVERSED,
    }
    assert network.cases(SYSTEM).history(only_case(network).id)[0].by == "policy:expiry"


@pytest.mark.parametrize("when", [timedelta(seconds=-1), None])
def test_an_end_must_lie_ahead_and_belongs_to_a_restriction(network: Store, when: timedelta | None) -> None:
    verb, end = (Verb.RESTRICT, now() + when) if when else (Verb.CLEAR, now() + timedelta(days=1))
    with pytest.raises(BadInput) as problem:
        made(network, verb, ONE, expires_at=end)
    assert problem.value.field == "expires_at"


def test_removal_needs_the_rungs_below_it(network: Store) -> None:
    with pytest.raises(BadInput, match="confirmed"):
        made(network, Verb.REMOVE, ONE)
    decide(network, Verb.CONFIRM, ONE)
    with pytest.raises(BadInput, match="vault"):
        made(network, Verb.REMOVE, ONE, foot=footing(network, referred=True, preserved=False))
    with pytest.raises(BadInput, match="referral"):
        made(network, Verb.REMOVE, ONE, foot=footing(network))
    decide(network, Verb.REMOVE, ONE)
    assert standing(network)[ONE] is R.REMOVED
    assert ONE in network.returns.removed()["entity"]
    decide(network, Verb.LIFT, ONE)
    assert ONE not in standing(network)
    assert states(network, ONE)[ActionKind.REMOVE] is ActionState.REVERSED


def test_care_offers_help_ends_punishment_and_is_no_example_for_the_model(network: Store) -> None:
    decide(network, Verb.RESTRICT, ONE)
    decide(network, Verb.CARE, ONE)
    assert standing(network)[ONE] is R.SUPPRESSED, "kept away from who looks for them"
    assert states(network, ONE)[ActionKind.RESTRICT] is ActionState.REVERSED
    assert states(network, ONE)[ActionKind.CARE] is ActionState.PLANNED
    assert only_case(network).care == 1
    assert ONE not in network.network.seeds() + network.network.cleared()
    decide(network, Verb.LIFT, ONE)
    send(network, machine(Verb.SUPPRESS, (ONE,)))
    assert ONE not in standing(network)


def proposal(store: Store, *entities: str, hours: float = 1, verb: Verb = Verb.CONFIRM) -> Proposal:
    decision = made(store, verb, *entities)
    return Proposal(
        id=new_id(),
        case_id=only_case(store).id,
        decision=decision,
        state=ProposalState.WAITING,
        radius=store.radius.of(entities),
        at=decision.at,
        by=decision.by,
        expires_at=decision.at + timedelta(hours=hours),
    )


def test_nothing_happens_before_a_second_person_agrees(network: Store) -> None:
    one = proposal(network, ONE)
    network.proposals.add(one, (), only_case(network).version)
    carry_out(network)
    assert member_state(network, ONE) is MemberState.PROPOSED
    with pytest.raises(Conflict, match="already"):
        network.proposals.add(proposal(network, ONE, TWO), (), only_case(network).version)
    decision = network.proposals.approve(one, "user:second", "agreed")
    carry_out(network)
    assert (decision.by, decision.approved_by) == ("user:mira", "user:second")
    assert member_state(network, ONE) is MemberState.CONFIRMED
    with pytest.raises(Conflict):
        network.proposals.approve(one, "user:second", "again")
    told = {line.what for line in network.cases(SYSTEM).history(one.case_id)}
    assert {"proposed", "approved", "confirmed"} <= told


def test_a_rejected_or_old_proposal_decides_nothing(network: Store) -> None:
    first, old = proposal(network, ONE), proposal(network, TWO, hours=-1)
    version = only_case(network).version
    network.proposals.add(first, (), version)
    network.proposals.add(old, (), version)
    network.proposals.reject(first, "user:second", "no")
    for over in (first, old):
        with pytest.raises(Conflict):
            network.proposals.approve(over, "user:second", "yes")
    assert (network.proposals.expire(), network.proposals.expire()) == (1, 0)
    carry_out(network)
    assert {member_state(network, e) for e in (ONE, TWO)} == {MemberState.PROPOSED}
    found = network.proposals.proposals(BOTH)
    assert [one.state for one in found] == [ProposalState.EXPIRED, ProposalState.REJECTED]


def test_what_was_decided_since_is_not_decided_again(network: Store) -> None:
    one = proposal(network, ONE)
    network.proposals.add(one, (), only_case(network).version)
    decide(network, Verb.CLEAR, ONE)
    with pytest.raises(Conflict):
        network.proposals.approve(one, "user:second", "yes")
    assert network.proposals.proposal(one.id, BOTH).state is ProposalState.WAITING


@pytest.mark.parametrize("by_same", [True, False])
def test_what_was_lifted_since_is_not_removed(network: Store, by_same: bool) -> None:
    decide(network, Verb.CONFIRM, ONE)
    one = proposal(network, ONE, verb=Verb.REMOVE)
    network.proposals.add(one, (), only_case(network).version)
    decide(network, Verb.LIFT, ONE if by_same else TWO)
    if by_same:
        with pytest.raises(Conflict, match="decided on since"):
            network.proposals.approve(one, "user:second", "yes")
    else:
        network.proposals.approve(one, "user:second", "another account of the case stands in no way")


def test_nothing_is_removed_from_a_closed_case(network: Store) -> None:
    decide(network, Verb.CONFIRM, ONE)
    one = proposal(network, ONE, verb=Verb.REMOVE)
    network.proposals.add(one, (), only_case(network).version)
    case = only_case(network)
    given = steps.given(REVIEWER, "a mistake", now(), Clocks())
    closed = steps.close(case, network.casework.members(case.id), given)
    network.case_steps.commit(closed.output, REVIEWER.name)
    with pytest.raises(Conflict, match="closed"):
        network.proposals.approve(one, "user:second", "yes")
    network.proposals.reject(one, "user:second", "it is closed")


def test_a_step_must_still_be_possible_when_it_is_approved(network: Store) -> None:
    decide(network, Verb.CONFIRM, ONE)
    removal = made(network, Verb.REMOVE, ONE)
    members = network.casework.members(only_case(network).id)
    check_still(removal, members, footing(network, referred=True))
    with pytest.raises(BadInput, match="confirmed and suppressed"):
        check_still(removal, members, Footing(preserved=FOUND, referred=True))
    with pytest.raises(Conflict):
        check_still(removal, {}, footing(network, referred=True))


def test_a_proposal_on_an_old_version_is_refused(network: Store) -> None:
    version, one = only_case(network).version, proposal(network, ONE)
    decide(network, Verb.CLEAR, TWO)
    with pytest.raises(Conflict):
        network.proposals.add(one, (), version)


def test_who_may_not_decide_the_class_finds_no_proposal(network: Store) -> None:
    one = proposal(network, ONE)
    network.proposals.add(one, (), only_case(network).version)
    assert network.proposals.proposals([CaseClass.GENERAL]) == network.proposals.proposals([]) == []
    with pytest.raises(NotFound):
        network.proposals.proposal(one.id, [CaseClass.GENERAL])


def test_general_cases_say_nothing_of_the_network(network: Store) -> None:
    decision = msgspec.structs.replace(made(network, Verb.CONFIRM, ONE), case_class=CaseClass.GENERAL)
    network.ledger.add_decision(decision, only_case(network).version)
    assert ONE not in network.network.seeds()
    assert risk(ONE).entity == ONE


@pytest.mark.parametrize("verb", [Verb.CLEAR, Verb.CARE, Verb.LIFT])
def test_who_decides_general_cases_does_not_undo_child_safety(network: Store, verb: Verb) -> None:
    decide(network, Verb.RESTRICT, ONE)
    report = Decision(
        id=new_id(),
        verb=Verb.OPEN_CASE,
        entities=(ONE,),
        by="reports",
        why="reported",
        at=now(),
        case_class=CaseClass.GENERAL,
        topic=CaseTopic.REPORT,
    )
    send(network, report)
    live = network.casework.live_case(CaseClass.GENERAL, CaseTopic.REPORT, ONE)
    assert live is not None
    members = network.casework.members(live.id)
    decision = review(live, members, verb, [ONE], REVIEWER, "a quarrel", footing=footing(network))
    network.ledger.add_decision(decision, live.version)
    carry_out(network)
    assert standing(network)[ONE] is R.RESTRICTED
    assert states(network, ONE)[ActionKind.RESTRICT] is ActionState.PLANNED


def test_while_nothing_runs_out_nobody_waits_for_the_looking(network: Store) -> None:
    network.proposals.add(proposal(network, ONE), (), only_case(network).version)
    with network._database.write(), ThreadPoolExecutor(1) as pool:
        looked = pool.submit(lambda: network.proposals.expire() + network.proposals.lift_expired())
        done, _ = wait([looked], timeout=20)
        assert done, "it waits for the writer"
    assert looked.result() == 0

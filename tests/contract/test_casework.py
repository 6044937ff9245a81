"""Decisions become cases, actions and standing, and people can take them back; on both databases."""

from __future__ import annotations

from datetime import timedelta

import msgspec
import pytest
from tests.contract.test_journal import Reader, link

from havenwall.casework import CaseworkStage, review
from havenwall.engine import Output, Runner, Stream
from havenwall.errors import BadInput, Conflict, NotFound
from havenwall.model import (
    SYSTEM,
    ActionKind,
    ActionState,
    Case,
    CaseState,
    Decision,
    MemberState,
    Restriction,
    Right,
    Risk,
    SeedShare,
    Signal,
    Verb,
    Viewer,
    new_id,
    now,
)
from havenwall.store import Store

REVIEWER = Viewer(name="user:mira", rights=frozenset({Right.SEE_CHILD_SAFETY, Right.DECIDE_CHILD_SAFETY}))
SEED = "account:seed"
FOUND = ("account:one", "account:two", "account:three")


class Upstream(Reader):
    name = "upstream"
    reads = (Stream.EVENT,)


def risk(entity: str) -> Risk:
    return Risk(
        id=f"run:{entity}",
        run_id="run",
        entity=entity,
        probability=0.9,
        score=2.0,
        over_threshold=True,
        at=now(),
        seeds=(SeedShare(seed=SEED, share=1.0, links_to=1),),
    )


def machine(verb: Verb, entities: tuple[str, ...] = FOUND) -> Decision:
    return Decision(
        id=new_id(),
        verb=verb,
        entities=entities,
        by="policy:rule",
        why="over the threshold",
        at=now(),
        rule="rule",
    )


def send(store: Store, *decisions: Decision) -> None:
    """Commit decisions as an earlier stage would, then run casework."""
    store.journal.append([link(store.journal.count())])
    confirmed = Signal(id="seed", entity=SEED, detector="confirmed", version="1", strength=1.0, at=now())
    output = Output(signals=(confirmed,), risks=tuple(map(risk, FOUND)), decisions=decisions)
    store.streams.commit(Upstream(), store.streams.read(Upstream(), 10)[1], output)
    Runner(store.streams, [CaseworkStage(store.casework)]).run()


def only_case(store: Store) -> Case:
    (case,) = store.cases(SYSTEM).cases()
    return case


def test_the_clock_of_a_decided_case_runs_anew_for_those_who_come_later(any_store: Store) -> None:
    long_ago, first = now() - timedelta(days=90), FOUND[:1]
    send(any_store, msgspec.structs.replace(machine(Verb.OPEN_CASE, first), at=long_ago))
    assert only_case(any_store).due_at < now(), "nobody has decided for 90 days"
    send(any_store, machine(Verb.OPEN_CASE, FOUND[1:2]))
    assert only_case(any_store).known_at == long_ago, "somebody still waits since then"
    decide(any_store, Verb.CONFIRM, *FOUND[:2])
    versions = only_case(any_store).version
    send(any_store, machine(Verb.OPEN_CASE, FOUND[:2]))
    assert only_case(any_store).known_at == long_ago, "nobody new came"
    assert only_case(any_store).version <= versions + 1
    news = machine(Verb.OPEN_CASE, FOUND)
    send(any_store, news)
    case = only_case(any_store)
    assert (case.known_at, case.due_at) == (news.at, news.at + timedelta(hours=24))


def decide(store: Store, verb: Verb, *entities: str) -> None:
    case = only_case(store)
    decision = review(case, store.casework.members(case.id), verb, entities, REVIEWER, "looked at the links")
    store.ledger.add_decision(decision, case.version)
    Runner(store.streams, [CaseworkStage(store.casework)]).run()


def standing(store: Store) -> dict[str, Restriction]:
    rows = {row.entity: row.restriction for row in store.guard.standings()}
    in_force = {
        entity: restriction for entity, restriction in rows.items() if restriction is not Restriction.NONE
    }
    assert set(in_force) == store.guard.restricted()
    return in_force


@pytest.fixture
def network(any_store: Store) -> Store:
    send(any_store, machine(Verb.SUPPRESS), machine(Verb.OPEN_CASE))
    return any_store


def test_a_network_becomes_one_case_with_its_seeds(network: Store) -> None:
    case = only_case(network)
    assert (case.members, case.proposed, case.confirmed) == (4, 3, 1)
    assert case.state is CaseState.OPEN
    assert case.priority == sum(part.points for part in case.priority_parts) == 45
    members = network.casework.members(case.id)
    assert members[SEED].state is MemberState.CONFIRMED
    assert members[FOUND[0]].risk_id == f"run:{FOUND[0]}"


def test_suppression_is_in_force_and_names_its_case(network: Store) -> None:
    assert standing(network) == dict.fromkeys(FOUND, Restriction.SUPPRESSED)
    actions = network.casework.actions(FOUND)
    assert {a.kind for a in actions} == {ActionKind.PRESERVE, ActionKind.SUPPRESS}
    assert {a.case_id for a in actions} == {only_case(network).id}


def test_more_found_later_joins_the_live_case(network: Store) -> None:
    send(network, machine(Verb.OPEN_CASE, (*FOUND, "account:late")))
    assert only_case(network).members == 5
    assert only_case(network).version == 2


def test_confirming_puts_a_person_behind_the_restriction(network: Store) -> None:
    decide(network, Verb.CONFIRM, FOUND[0])
    assert network.casework.standings(FOUND)[FOUND[0]].confirmed
    assert FOUND[0] in network.network.seeds()
    assert only_case(network).state is CaseState.IN_REVIEW


def test_clearing_lifts_everything_and_keeps_the_history(network: Store) -> None:
    decide(network, Verb.CLEAR, FOUND[0])
    assert FOUND[0] not in standing(network)
    assert FOUND[0] in network.network.cleared()
    states = [a.state for a in network.cases(SYSTEM).actions(only_case(network).id, FOUND[0])]
    assert states[-1] is ActionState.REVERSED
    assert ActionState.CONFIRMED in states
    newest = network.cases(SYSTEM).history(only_case(network).id)[0]
    assert (newest.what, newest.by, newest.why) == ("cleared", "user:mira", "looked at the links")


def test_a_cleared_account_is_not_suppressed_again_by_a_machine(network: Store) -> None:
    decide(network, Verb.CLEAR, FOUND[0])
    send(network, machine(Verb.SUPPRESS), machine(Verb.OPEN_CASE))
    assert FOUND[0] not in standing(network)
    assert network.casework.members(only_case(network).id)[FOUND[0]].state is MemberState.CLEARED


def test_new_evidence_on_a_cleared_account_goes_to_a_person_again(network: Store) -> None:
    decide(network, Verb.CLEAR, FOUND[0])
    again = msgspec.structs.replace(machine(Verb.OPEN_CASE, FOUND[:1]), inputs={FOUND[0]: f"run:{FOUND[0]}"})
    send(network, again)
    assert network.casework.members(only_case(network).id)[FOUND[0]].state is MemberState.CLEARED
    news = msgspec.structs.replace(machine(Verb.OPEN_CASE, FOUND[:1]), inputs={FOUND[0]: "a-media-signal"})
    send(network, news, machine(Verb.SUPPRESS, FOUND[:1]))
    assert network.casework.members(only_case(network).id)[FOUND[0]].state is MemberState.PROPOSED
    assert FOUND[0] not in standing(network)


def test_a_person_may_change_their_mind(network: Store) -> None:
    decide(network, Verb.CLEAR, FOUND[0])
    decide(network, Verb.CONFIRM, FOUND[0])
    assert standing(network)[FOUND[0]] is Restriction.SUPPRESSED
    assert FOUND[0] in network.network.seeds()


def test_case_is_decided_when_nobody_is_left(network: Store) -> None:
    decide(network, Verb.CONFIRM, *FOUND)
    assert only_case(network).state is CaseState.DECIDED
    assert only_case(network).priority == 0


def test_a_decision_sent_again_before_it_is_carried_out_is_refused(network: Store) -> None:
    case = only_case(network)
    for one in range(2):
        members = network.casework.members(case.id)
        decision = review(case, members, Verb.CONFIRM, FOUND[:1], REVIEWER, "seen")
        if one == 0:
            network.ledger.add_decision(decision, case.version)
            continue
        with pytest.raises(Conflict, match="being carried out"):
            network.ledger.add_decision(decision, case.version)
    assert len(network.cases(SYSTEM).decisions(case.id)) == 1


def test_a_decision_on_an_old_version_is_refused(network: Store) -> None:
    case = only_case(network)
    decision = review(case, network.casework.members(case.id), Verb.CLEAR, FOUND[:1], REVIEWER, "first")
    decide(network, Verb.CONFIRM, FOUND[1])
    with pytest.raises(Conflict):
        network.ledger.add_decision(decision, case.version)
    assert FOUND[0] in standing(network)


@pytest.mark.parametrize(
    ("verb", "entities", "why", "field"),
    [
        (Verb.OPEN_CASE, FOUND[:1], "because", "verb"),
        (Verb.CLEAR, (), "because", "entities"),
        (Verb.CLEAR, ("account:stranger",), "because", "entities"),
        (Verb.CONFIRM, (SEED,), "because", "entities"),
        (Verb.CLEAR, FOUND[:1], "  ", "why"),
    ],
)
def test_impossible_decisions_name_the_field(
    network: Store, verb: Verb, entities: tuple[str, ...], why: str, field: str
) -> None:
    case = only_case(network)
    with pytest.raises(BadInput) as problem:
        review(case, network.casework.members(case.id), verb, entities, REVIEWER, why)
    assert problem.value.field == field


def test_who_may_not_see_the_class_sees_nothing_by_any_path(network: Store) -> None:
    case = only_case(network)
    auditor = network.cases(Viewer(name="user:a", rights=frozenset({Right.SEE_FIGURES})))
    assert auditor.cases() == []
    assert auditor.count() == 0
    for look in (auditor.members, auditor.history, auditor.decisions, auditor.actions, auditor.exhibits):
        assert look(case.id) == []
    assert auditor.referrals(case.id) == []
    with pytest.raises(NotFound):
        auditor.case(case.id)
    with pytest.raises(NotFound):
        auditor.member(case.id, FOUND[0])


def test_looking_at_a_case_is_written_down(network: Store) -> None:
    case = only_case(network)
    network.cases(REVIEWER).case(case.id)
    newest = network.access_log()[0]
    assert (newest.by, newest.what, newest.subject) == ("user:mira", "case", case.id)


def test_the_feed_replays_to_the_present_standing(network: Store) -> None:
    decide(network, Verb.CLEAR, FOUND[0])
    replayed = {change.entity: change.restriction for change in network.guard.changes(0)}
    assert {e: r for e, r in replayed.items() if r is not Restriction.NONE} == standing(network)
    assert network.guard.changes(network.guard.watermark()) == []


def test_a_case_that_grew_meanwhile_does_not_stop_a_decision(network: Store) -> None:
    case = only_case(network)
    decision = review(case, network.casework.members(case.id), Verb.CLEAR, FOUND[:1], REVIEWER, "looked")
    send(network, machine(Verb.OPEN_CASE, (*FOUND, "account:late")))
    assert only_case(network).version > case.version
    network.ledger.add_decision(decision, case.version)


def test_news_about_the_very_account_does(network: Store) -> None:
    decide(network, Verb.CLEAR, FOUND[0])
    case = only_case(network)
    decision = review(case, network.casework.members(case.id), Verb.CONFIRM, FOUND[:1], REVIEWER, "looked")
    news = msgspec.structs.replace(machine(Verb.OPEN_CASE, FOUND[:1]), inputs={FOUND[0]: "a-media-signal"})
    send(network, news)
    with pytest.raises(Conflict):
        network.ledger.add_decision(decision, case.version)
    with pytest.raises(Conflict):
        network.ledger.add_decision(decision, only_case(network).version + 1)

"""A clearing counts for so many days, and machines never hide the account after; on both databases."""

from __future__ import annotations

from datetime import datetime, timedelta

import msgspec
import pytest
from tests.contract.test_casework import Upstream, machine, only_case, risk
from tests.contract.test_journal import link

from havenwall.casework import CaseworkStage
from havenwall.engine import Batch, Output, Runner
from havenwall.model import SYSTEM, Decision, Lane, MemberState, SeedShare, Verb, new_id, now
from havenwall.policy import PolicyStage, default_pack
from havenwall.store import Store
from havenwall.store.rows import aged

YEAR, MINUTE = timedelta(days=365), timedelta(minutes=1)
ACCOUNT = "account:one"


def person(verb: Verb, at: datetime) -> Decision:
    return Decision(id=new_id(), verb=verb, entities=(ACCOUNT,), by="user:mira", why="looked", at=at)


def keep(store: Store, output: Output) -> None:
    store.journal.append([link(store.journal.count())])
    store.streams.commit(Upstream(), store.streams.read(Upstream(), 10)[1], output)


def cleared(store: Store, ago: timedelta) -> None:
    keep(store, Output(decisions=(person(Verb.CLEAR, now() - ago),)))


def test_the_last_day_counts_in_full() -> None:
    since = now()
    assert aged("cleared", since, since) == "cleared"
    assert aged("cleared", since - timedelta(microseconds=1), since) == "was_cleared"
    assert aged("confirmed", since - 9 * YEAR, since) == "confirmed"


@pytest.mark.parametrize(("ago", "label"), [(YEAR - MINUTE, "cleared"), (YEAR + MINUTE, "was_cleared")])
def test_network_policy_and_casework_agree(any_store: Store, ago: timedelta, label: str) -> None:
    cleared(any_store, ago)
    assert any_store.network.cleared() == ([ACCOUNT] if label == "cleared" else [])
    assert any_store.policy.labels([ACCOUNT]) == {ACCOUNT: label}
    assert any_store.casework.labels([ACCOUNT]) == {ACCOUNT: label}


def test_a_person_who_clears_again_starts_the_days_anew(any_store: Store) -> None:
    cleared(any_store, YEAR + MINUTE)
    cleared(any_store, timedelta(0))
    assert any_store.network.cleared() == [ACCOUNT]


def test_what_was_confirmed_stays_confirmed(any_store: Store) -> None:
    keep(any_store, Output(decisions=(person(Verb.CONFIRM, now() - 5 * YEAR),)))
    assert any_store.network.seeds() == [ACCOUNT]
    assert any_store.policy.labels([ACCOUNT]) == {ACCOUNT: "confirmed"}


def in_review(store: Store) -> MemberState | None:
    members = store.casework.members(only_case(store).id) if store.cases(SYSTEM).cases() else {}
    return members[ACCOUNT].state if ACCOUNT in members else None


@pytest.mark.parametrize(("ago", "found"), [(YEAR - MINUTE, MemberState.CLEARED), (YEAR + MINUTE, None)])
def test_expired_it_comes_to_a_person_and_is_never_hidden(
    any_store: Store, ago: timedelta, found: MemberState | None
) -> None:
    desk = CaseworkStage(any_store.casework)
    keep(any_store, Output(risks=(risk(ACCOUNT),), decisions=(machine(Verb.OPEN_CASE, (ACCOUNT,)),)))
    Runner(any_store.streams, [desk]).run()
    case = only_case(any_store)
    clearing = person(Verb.CLEAR, now() - ago)
    any_store.ledger.add_decision(msgspec.structs.replace(clearing, case_id=case.id), case.version)
    Runner(any_store.streams, [desk]).run()
    assert in_review(any_store) is MemberState.CLEARED
    near = tuple(SeedShare(seed=f"account:s{n}", share=0.5, links_from=1) for n in range(2))
    anew = Batch(risks=(msgspec.structs.replace(risk(ACCOUNT), seeds=near, lane=Lane.ENFORCEMENT),), new=1)
    decided = PolicyStage(default_pack(), any_store.policy).run(anew)
    assert {each.verb for each in decided.decisions} == (set() if found else {Verb.OPEN_CASE})
    # A pack that says suppress, of a time before it was cleared, comes to the same.
    keep(any_store, Output(decisions=(*decided.decisions, machine(Verb.SUPPRESS, (ACCOUNT,)))))
    Runner(any_store.streams, [desk]).run()
    assert in_review(any_store) is (found or MemberState.PROPOSED)
    assert ACCOUNT not in any_store.guard.restricted()

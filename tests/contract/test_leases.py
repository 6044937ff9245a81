"""Leases: who works on which case; on both databases."""

from __future__ import annotations

import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from tests.contract.test_queues import CHILD, made, queue

from havenwall.casework import Clocks, review, steps
from havenwall.errors import Conflict
from havenwall.model import SYSTEM, Case, CaseClass, Right, Verb, Viewer, now
from havenwall.store import Store
from havenwall.store.views.case_list import CaseFilter

A, B = "user:mira", "user:robin"
LONG, OVER = timedelta(minutes=10), timedelta(microseconds=1)


def next_one(store: Store, by: str, length: timedelta = LONG, but: str = "") -> str | None:
    return store.leases.take_next(by, "child-safety", CHILD, length, but)


def read(store: Store, case_id: str) -> Case:
    return store.cases(SYSTEM).case(case_id)


def whats(store: Store, case_id: str) -> list[tuple[str, str | None, str | None]]:
    return [(line.what, line.old, line.new) for line in reversed(store.cases(SYSTEM).history(case_id))]


def test_the_most_urgent_free_case_comes_first(any_store: Store) -> None:
    low, high = made(any_store, "low", chance=0.1), made(any_store, "high", chance=0.9)
    assert [next_one(any_store, A), next_one(any_store, B)] == [high.id, low.id]
    assert next_one(any_store, "user:third") is None
    assert next_one(any_store, A) == high.id
    assert read(any_store, high.id).held_by == A
    assert [
        c.id
        for c in any_store.cases(Viewer(name=A, rights=frozenset(Right))).cases(asked=CaseFilter(mine=True))
    ] == [high.id]


def test_twenty_at_once_never_get_the_same_case(any_store: Store) -> None:
    cases = {made(any_store, f"a{n}").id for n in range(30)}
    with ThreadPoolExecutor(20) as pool:
        got = list(pool.map(lambda n: next_one(any_store, f"user:r{n}"), range(20)))
    assert len(set(got)) == 20
    assert set(got) <= cases
    with ThreadPoolExecutor(20) as pool:
        rest = list(pool.map(lambda n: next_one(any_store, f"user:s{n}"), range(20)))
    assert len({one for one in rest if one}) == 10
    assert set(got).isdisjoint(rest)


_OTHER = """
import sys
from datetime import timedelta
from pathlib import Path
from havenwall.model import CaseClass
from havenwall.store import Store
url, folder, name = sys.argv[1:]
store = Store.open(url, Path(folder))
length = timedelta(minutes=10)
for n in range(5):
    print(store.leases.take_next(f"user:{name}{n}", "child-safety", CaseClass.CHILD_SAFETY, length))
"""


@pytest.mark.slow
def test_processes_never_get_the_same_case(
    any_store: Store, tmp_path_factory: pytest.TempPathFactory
) -> None:
    cases = {made(any_store, f"a{n}").id for n in range(20)}
    url = any_store._database._engine.url.render_as_string(hide_password=False)
    folder = str(tmp_path_factory.mktemp("others"))
    call = [sys.executable, "-c", _OTHER, url.replace("+psycopg", ""), folder]
    running = [subprocess.Popen([*call, name], stdout=subprocess.PIPE, text=True) for name in "abcd"]
    got = [line for one in running for line in one.communicate(timeout=60)[0].split()]
    assert [one.returncode for one in running] == [0] * 4
    assert set(got) == cases
    assert len(got) == 20


def test_expiry_gives_a_case_back_and_says_so(any_store: Store) -> None:
    case = made(any_store, "a")
    assert next_one(any_store, A, OVER) == case.id
    assert read(any_store, case.id).held_by is None
    assert next_one(any_store, B) == case.id
    assert whats(any_store, case.id) == [("taken", None, A), ("expired", A, None), ("taken", None, B)]
    with pytest.raises(Conflict):
        any_store.leases.beat(case.id, A, LONG)


def test_the_sweep_frees_what_nobody_asks_for(any_store: Store) -> None:
    case = made(any_store, "a")
    next_one(any_store, A, OVER)
    assert any_store.leases.expire() == 1
    assert any_store.leases.expire() == 0
    assert whats(any_store, case.id)[-1] == ("expired", A, None)


def test_a_sign_of_work_makes_it_longer_never_shorter(any_store: Store) -> None:
    case = made(any_store, "a")
    next_one(any_store, A)
    held = read(any_store, case.id).held_until
    assert held is not None
    assert any_store.leases.beat(case.id, A, OVER) == held
    assert any_store.leases.beat(case.id, A, 2 * LONG) > held


def test_somebody_elses_case_is_left_alone(any_store: Store) -> None:
    case = made(any_store, "a")
    any_store.queues.save(queue("special", kinds=("live",)), "user:m")
    next_one(any_store, A)
    leases = any_store.leases
    for step in (
        lambda: leases.take(case.id, B, LONG),
        lambda: leases.give_back(case.id, B, "mine now"),
        lambda: leases.snooze(case.id, B, now() + LONG, "later"),
        lambda: leases.move(case.id, B, "special", "elsewhere"),
        lambda: leases.hand_over(case.id, B, B, LONG, "to me"),
    ):
        with pytest.raises(Conflict, match="mira works on this case now"):
            step()
    assert read(any_store, case.id).held_by == A


def test_a_closed_case_is_neither_put_off_nor_handed_over(any_store: Store) -> None:
    case = made(any_store, "a")
    members = any_store.casework.members(case.id)
    given = steps.given(Viewer(name=A, rights=frozenset(Right)), "done", now(), Clocks())
    any_store.case_steps.commit(steps.close(case, members, given).output, A)
    with pytest.raises(Conflict, match="nothing left to do"):
        any_store.leases.snooze(case.id, A, now() + LONG, "later")
    with pytest.raises(Conflict, match="nothing left to do"):
        any_store.leases.hand_over(case.id, A, B, LONG, "yours")
    closed = read(any_store, case.id)
    assert (closed.snoozed_until, closed.held_by) == (None, None)
    any_store.case_steps.commit(steps.reopen(closed, members, given).output, A)
    assert next_one(any_store, B) == case.id


def test_a_decision_after_the_lease_has_gone_to_another_is_refused(any_store: Store) -> None:
    case = made(any_store, "a")
    next_one(any_store, A, OVER)
    viewer = Viewer(name=A, rights=frozenset(Right))
    members = any_store.casework.members(case.id)
    decision = review(read(any_store, case.id), members, Verb.CLEAR, ["account:a"], viewer, "looked")
    next_one(any_store, B)
    with pytest.raises(Conflict, match="robin works on this case now"):
        any_store.ledger.add_decision(decision, case.version)
    assert any_store.cases(SYSTEM).decisions(case.id) == []
    any_store.leases.give_back(case.id, B, "not mine")
    any_store.ledger.add_decision(decision, case.version)


def test_hand_over_snooze_and_give_back_are_in_the_history(any_store: Store) -> None:
    case = made(any_store, "a")
    any_store.queues.save(queue("special", kinds=("live",)), "user:m")
    next_one(any_store, A)
    any_store.leases.hand_over(case.id, A, B, LONG, "knows the language")
    assert read(any_store, case.id).held_by == B
    any_store.leases.give_back(case.id, B, "too hard")
    until = now() + timedelta(hours=1)
    any_store.leases.snooze(case.id, A, until, "waits for an answer")
    assert next_one(any_store, B) is None
    any_store.leases.move(case.id, A, "special", "live after all")
    found = read(any_store, case.id)
    assert (found.queue, found.placed, found.snoozed_until, found.held_by) == ("special", True, None, None)
    told = until.isoformat(timespec="minutes")
    assert whats(any_store, case.id) == [
        ("taken", None, A),
        ("handed_over", A, B),
        ("given_back", B, None),
        ("snoozed", None, told),
        ("queue", "child-safety", "special"),
    ]


def test_who_finished_one_is_not_given_it_again_at_once(any_store: Store) -> None:
    high, low = made(any_store, "high", chance=0.9), made(any_store, "low", chance=0.1)
    assert next_one(any_store, A) == high.id
    any_store.leases.give_back(high.id, A, "some are left")
    assert next_one(any_store, A, but=high.id) == low.id


def test_another_class_is_never_taken(any_store: Store) -> None:
    made(any_store, "a", CaseClass.GENERAL)
    assert any_store.leases.take_next(A, "general", CHILD, LONG) is None

"""The stage over a real store: restarts, second runners and failed commits all end with the same signals."""

from __future__ import annotations

import pytest
from tests.unit.detect.behaviour.conftest import busy_events

from havenwall.detect.behaviour import BehaviourStage, Watch
from havenwall.engine import Batch, Runner, Stream
from havenwall.errors import StoreError
from havenwall.policy import PolicyStage, default_pack
from havenwall.store import Store

EVENTS = busy_events()
WHOLE = {signal.id for signal in Watch().take(EVENTS)}
HALF = EVENTS.height // 2


def kept(store: Store) -> set[str]:
    class All:
        name, notice_only, reads = "all", False, (Stream.SIGNAL,)

    batch, _ = store.streams.read(All(), 10_000)
    return {signal.id for signal in batch.signals}


def run(store: Store, stage: BehaviourStage | None = None) -> None:
    Runner(store.streams, (stage or BehaviourStage(store.behaviour),)).run()


def feed(store: Store) -> None:
    store.journal.append_frame(EVENTS[:HALF])


def test_it_remembers_what_came_before(store: Store) -> None:
    stage = BehaviourStage(store.behaviour)
    feed(store)
    run(store, stage)
    store.journal.append_frame(EVENTS[HALF:])
    run(store, stage)
    assert kept(store) == WHOLE


def test_a_restart_forgets_nothing_and_doubles_nothing(store: Store) -> None:
    feed(store)
    run(store)
    before = kept(store)
    store.journal.append_frame(EVENTS[HALF:])
    run(store)
    assert kept(store) == WHOLE
    assert before < WHOLE


def test_another_runner_may_do_the_work_meanwhile(store: Store) -> None:
    ours = BehaviourStage(store.behaviour)
    feed(store)
    run(store, ours)
    store.journal.append_frame(EVENTS[HALF : HALF + 10])
    run(store)
    store.journal.append_frame(EVENTS[HALF + 10 :])
    run(store, ours)
    assert kept(store) == WHOLE


def test_what_was_not_kept_is_given_again(store: Store) -> None:
    stage = BehaviourStage(store.behaviour)
    feed(store)
    batch, _ = store.streams.read(stage, 10)
    lost = stage.run(batch)
    store.journal.append_frame(EVENTS[HALF:])
    batch, positions = store.streams.read(stage, 10)
    again = stage.run(batch)
    assert {s.id for s in lost.signals} < {s.id for s in again.signals} == WHOLE
    store.streams.commit(stage, positions, again)
    store.journal.append_frame(EVENTS[:1].with_columns(source_id=EVENTS[:1]["source_id"] + "x"))
    assert stage.run(store.streams.read(stage, 10)[0]).signals == ()


def test_without_news_it_reads_nothing() -> None:
    class Shut:
        def done(self) -> int:
            raise StoreError

        def read(self, after: int, seen: int, limit: int):
            raise StoreError

        def holds(self, at: int, seen: int, source: str, source_id: str) -> bool:
            raise StoreError

    assert BehaviourStage(Shut()).run(Batch()).signals == ()
    with pytest.raises(StoreError):
        BehaviourStage(Shut()).run(Batch(new=1))


def test_signals_bring_cases_and_hide_nobody(store: Store) -> None:
    store.journal.append_frame(EVENTS)
    run(store)
    Runner(store.streams, (PolicyStage(default_pack(), store.policy),)).run()

    class Decisions:
        name, notice_only, reads = "decisions", False, (Stream.DECISION,)

    decisions = store.streams.read(Decisions(), 100)[0].decisions
    assert {(d.verb.value, d.rule) for d in decisions} == {
        ("open_case", "behaviour-case"),
        ("open_case", "behaviour-care"),
    }
    by_rule = {d.rule: d.entities for d in decisions}
    assert by_rule == {"behaviour-case": ("account:eve",), "behaviour-care": ("account:teen",)}
    assert store.policy.lanes(["account:eve", "account:teen"]) == {"account:teen": "protective"}

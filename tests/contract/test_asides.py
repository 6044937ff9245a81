"""One record that a stage cannot work on does not stop the stage, and is not lost."""

from __future__ import annotations

import errno
from typing import Any

import pytest
from tests.contract.test_journal import link
from tests.contract.test_streams import SignalReader, signal

from havenwall.engine import Batch, Culprit, Output, Runner, Stage, Stream, try_alone
from havenwall.engine.aside import MOST_ASIDE
from havenwall.errors import Conflict, HavenwallError, NotFound, NotReady, StoreError
from havenwall.model import Signal, now
from havenwall.store import Store
from havenwall.store.frames import to_frame


class Picky(Stage):
    """One signal for each event, but for those it fails on."""

    name = "picky"
    reads: tuple[Stream, ...] = (Stream.EVENT,)
    notice_only = False

    def __init__(self, *bad: int, error: Exception | None = None) -> None:
        self.bad = {f"e{n}" for n in bad}
        self.error = error or ValueError("tin-lantern \0 \ud800")
        self.runs = 0

    def run(self, batch: Batch) -> Output:
        self.runs += 1
        found = [*batch.events["source_id"].to_list(), *(one.id for one in batch.signals)]
        if self.bad & set(found):
            raise self.error
        return Output(signals=tuple(made(name) for name in found))


class TwoStreams(Picky):
    """Reads what it writes too, but for that what it writes of it is there already."""

    name = "two"
    reads = (Stream.EVENT, Stream.SIGNAL)

    def run(self, batch: Batch) -> Output:
        super().run(batch)
        return Output(spent={"seen": len(batch)})


def made(name: str) -> Signal:
    return Signal(id=name, entity="account:a", detector="term", version="1", strength=0.5, at=now())


def run(store: Store, stage: Stage, limit: int = 16) -> int:
    return Runner(store.streams, [stage], limit=limit, enough=lambda stumble: stumble.tries >= 2).run()


def blocked(store: Store, stage: Stage, **how: Any) -> None:
    with pytest.raises((ValueError, HavenwallError, OSError)):
        run(store, stage, **how)


def names(store: Store) -> list[str]:
    return [one.id for one in store.streams.read(SignalReader(), 10_000)[0].signals]


def test_the_rest_goes_on_once_and_in_order(any_store: Store) -> None:
    any_store.journal.append([link(n) for n in range(40)])
    stage = Picky(7, 8, 30)
    blocked(any_store, stage)
    assert (names(any_store), any_store.asides.counts()) == ([], {})
    # By the third the parts have grown again: it is a new batch that fails.
    blocked(any_store, stage)
    run(any_store, stage)
    assert names(any_store) == [f"e{n}" for n in range(40) if n not in (7, 8, 30)]
    found = any_store.asides.all()
    assert [one.record for one in found] == ["forum e7", "forum e8", "forum e30"]
    assert {(one.stage, one.stream, one.tries) for one in found} == {("picky", Stream.EVENT, 1)}
    assert found[0].error.startswith("ValueError: tin-lantern")
    assert any_store.asides.counts() == {"picky": 3}
    assert run(any_store, stage) == 0


def test_events_of_a_segment_are_tried_apart_too(any_store: Store) -> None:
    any_store.journal.append([link(0)])
    any_store.journal.append_frame(to_frame(link(n) for n in range(1, 300)))
    any_store.journal.append([link(300)])
    stage = Picky(0, 5, 299, 300)
    blocked(any_store, stage)
    run(any_store, stage)
    assert sorted(names(any_store)) == sorted(f"e{n}" for n in range(301) if n not in (0, 5, 299, 300))
    assert [one.record for one in any_store.asides.all()] == [f"forum e{n}" for n in (0, 5, 299, 300)]


def test_of_several_streams_the_one_at_fault_is_found(any_store: Store) -> None:
    any_store.streams.commit(Picky(), {}, Output(signals=tuple(signal(n) for n in range(5))))
    any_store.journal.append([link(n) for n in range(5)])
    stage = TwoStreams()
    stage.bad = {"s3", "e1"}
    blocked(any_store, stage)
    run(any_store, stage)
    assert {(one.stream, one.record) for one in any_store.asides.all()} == {
        (Stream.SIGNAL, "s3"),
        (Stream.EVENT, "forum e1"),
    }
    assert any_store.policy.spent("seen", now().date()) == 8


@pytest.mark.parametrize("error", [OSError(errno.ENOSPC, "full"), StoreError("gone"), TimeoutError()])
def test_what_is_no_records_fault_sets_nothing_aside(any_store: Store, error: Exception) -> None:
    any_store.journal.append([link(n) for n in range(4)])
    stage = Picky(2, error=error)
    for _ in range(5):
        blocked(any_store, stage)
    assert any_store.asides.counts() == {}
    stage.bad = set()
    run(any_store, stage)
    assert len(names(any_store)) == 4


def test_a_stage_that_fails_on_everything_waits(any_store: Store) -> None:
    any_store.journal.append([link(n) for n in range(MOST_ASIDE + 20)])
    stage = Picky(*range(MOST_ASIDE + 20))
    for _ in range(3):
        blocked(any_store, stage)
    assert any_store.asides.counts() == {"picky": MOST_ASIDE}
    stage.bad = set()
    assert run(any_store, stage) == 20


def test_tries_count_for_one_batch_only_and_over_processes(any_store: Store) -> None:
    stage = Picky()
    first = any_store.streams.stumbled(stage, {Stream.EVENT: (0, 4)})
    again = any_store.streams.stumbled(stage, {Stream.EVENT: (0, 9)})
    assert (first.tries, again.tries, again.since) == (1, 2, first.since)
    assert any_store.streams.stumbled(stage, {Stream.EVENT: (3, 9)}).tries == 1


def put_aside(store: Store, *bad: int) -> Picky:
    store.journal.append([link(n) for n in range(6)])
    stage = Picky(*bad)
    blocked(store, stage)
    run(store, stage)
    return stage


def test_a_record_is_worked_on_once_when_its_cause_is_mended(any_store: Store) -> None:
    stage = put_aside(any_store, 2)
    [one] = any_store.asides.all()
    kept, record = any_store.asides.taken(one.id)
    assert kept == one
    assert record.events.equals(to_frame([link(2)]))
    assert isinstance(try_alone(stage, one.stream, record), Culprit)
    any_store.asides.failed(one.id, "still")
    assert [(each.tries, each.error) for each in any_store.asides.all()] == [(2, "still")]
    stage.bad = set()
    output = try_alone(stage, one.stream, record)
    assert isinstance(output, Output)
    any_store.asides.done(one.id, output)
    assert "e2" in names(any_store)
    assert any_store.asides.all() == []
    with pytest.raises(Conflict):
        any_store.asides.done(one.id, output)
    with pytest.raises(NotFound):
        any_store.asides.taken(one.id)


def test_one_that_fails_again_while_kept_stays(any_store: Store) -> None:
    put_aside(any_store, 2)
    [one] = any_store.asides.all()
    bad_quota = Output(spent={"rule": None})  # type: ignore[dict-item]
    with pytest.raises(StoreError):
        any_store.asides.done(one.id, bad_quota)
    assert any_store.asides.all() == [one]


def test_records_of_other_streams_come_back_as_they_were(any_store: Store) -> None:
    record = signal(4)
    culprit = Culprit(stream=Stream.SIGNAL, record=Batch(signals=(record,), new=1), error="x")
    any_store.streams.set_aside(Picky(), {}, Output(), [culprit])
    [one] = any_store.asides.all(stage="picky")
    assert any_store.asides.taken(one.id)[1].signals == (record,)
    assert any_store.asides.all(stage="other") == []


def test_what_the_database_refuses_is_a_record_too(any_store: Store) -> None:
    class Doubles(Picky):
        def run(self, batch: Batch) -> Output:
            output = super().run(batch)
            doubled = [one for one in output.signals if one.id == "e3"]
            return Output(signals=(*output.signals, *doubled))

    any_store.journal.append([link(n) for n in range(6)])
    blocked(any_store, Doubles())
    run(any_store, Doubles())
    assert names(any_store) == [f"e{n}" for n in range(6) if n != 3]
    assert "refuses a record" in any_store.asides.all()[0].error


def test_no_more_than_so_many_wait(any_store: Store) -> None:
    one = Culprit(stream=Stream.SIGNAL, record=Batch(signals=(signal(4),), new=1), error="x")
    with pytest.raises(NotReady):
        any_store.streams.set_aside(Picky(), {}, Output(), [one] * (MOST_ASIDE + 1))
    assert any_store.asides.counts() == {}

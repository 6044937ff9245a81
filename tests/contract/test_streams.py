"""What a stage returned is kept together with its cursors, or not at all."""

from __future__ import annotations

import pytest
from tests.contract.test_journal import Reader, link

from havenwall.engine import Batch, Output, StandingChange, Stream
from havenwall.errors import Conflict
from havenwall.model import Decision, Restriction, Signal, Verb, now
from havenwall.store import Store


def signal(number: int, detector: str = "term", entity: str = "account:a") -> Signal:
    return Signal(id=f"s{number}", entity=entity, detector=detector, version="1", strength=0.5, at=now())


class SignalReader(Reader):
    name = "signal-reader"
    reads = (Stream.SIGNAL,)


class ReviewReader(Reader):
    name = "review-reader"
    reads = (Stream.REVIEW,)


class Listener(Reader):
    name = "listener"
    reads = (Stream.EVENT, Stream.SIGNAL)
    notice_only = True


def test_output_of_one_stage_is_input_of_the_next(any_store: Store) -> None:
    any_store.journal.append([link(1)])
    _, positions = any_store.streams.read(Reader(), 10)
    any_store.streams.commit(Reader(), positions, Output(signals=(signal(1), signal(2))))
    batch, _ = any_store.streams.read(SignalReader(), 10)
    assert [s.id for s in batch.signals] == ["s1", "s2"]
    assert len(batch) == 2


def test_a_second_runner_with_the_same_batch_is_refused(any_store: Store) -> None:
    any_store.journal.append([link(1)])
    _, positions = any_store.streams.read(Reader(), 10)
    any_store.streams.commit(Reader(), positions, Output(signals=(signal(1),)))
    with pytest.raises(Conflict):
        any_store.streams.commit(Reader(), positions, Output(signals=(signal(2),)))
    batch, _ = any_store.streams.read(SignalReader(), 10)
    assert [s.id for s in batch.signals] == ["s1"]


def test_a_listener_hears_that_something_is_new_without_reading_it(any_store: Store) -> None:
    any_store.journal.append([link(1), link(2)])
    batch, positions = any_store.streams.read(Listener(), 1)
    assert len(batch) == 2
    assert batch.events.height == 0
    any_store.streams.commit(Listener(), positions, Output())
    assert len(any_store.streams.read(Listener(), 1)[0]) == 0


def test_review_is_what_people_decided(any_store: Store) -> None:
    any_store.journal.append([link(1)])
    _, positions = any_store.streams.read(Reader(), 10)
    by = ("policy:rule", "user:mira", "policy:rule")
    decisions = tuple(
        Decision(id=f"d{n}", verb=Verb.CLEAR, entities=("account:a",), by=who, why="looked", at=now())
        for n, who in enumerate(by)
    )
    any_store.streams.commit(Reader(), positions, Output(decisions=decisions))
    batch, _ = any_store.streams.read(ReviewReader(), 10)
    assert [d.id for d in batch.decisions] == ["d1"]


def test_the_same_record_again_is_left_alone(any_store: Store) -> None:
    for _ in range(2):
        any_store.journal.append([link(any_store.journal.count())])
        _, positions = any_store.streams.read(Reader(), 10)
        any_store.streams.commit(Reader(), positions, Output(signals=(signal(1),)))
    batch, _ = any_store.streams.read(SignalReader(), 10)
    assert len(batch.signals) == 1


def test_quota_adds_up(any_store: Store) -> None:
    for n in range(2):
        any_store.journal.append([link(n)])
        _, positions = any_store.streams.read(Reader(), 10)
        any_store.streams.commit(Reader(), positions, Output(spent={"rule": 3}))
    assert any_store.policy.spent("rule", now().date()) == 6
    assert any_store.policy.spent("other", now().date()) == 0


def test_labels_follow_signals_but_never_overrule_a_person(any_store: Store) -> None:
    any_store.journal.append([link(1)])
    _, positions = any_store.streams.read(Reader(), 10)
    signals = (
        signal(1, "confirmed", "account:a"),
        signal(2, "cleared", "account:b"),
        signal(3, "term", "account:c"),
    )
    any_store.streams.commit(Reader(), positions, Output(signals=signals))
    assert any_store.network.seeds() == ["account:a"]
    assert any_store.network.cleared() == ["account:b"]
    assert any_store.policy.labels(["account:a", "account:b", "account:c"]) == {
        "account:a": "confirmed",
        "account:b": "cleared",
    }
    assert isinstance(any_store.streams.read(SignalReader(), 10)[0], Batch)


def standing(entity: str, restriction: Restriction) -> StandingChange:
    return StandingChange(
        entity=entity, restriction=restriction, confirmed=False, decision_id="d", reason="rule"
    )


def test_of_several_changes_to_one_entity_in_an_output_the_last_stands(any_store: Store) -> None:
    changes = [standing(f"account:{n % 700}", Restriction.SUPPRESSED) for n in range(1400)]
    changes.append(standing("account:3", Restriction.NONE))
    any_store.streams.commit(Reader(), {}, Output(standing=tuple(changes)))
    feed = any_store.guard.changes(0)
    assert [(change.entity, change.restriction) for change in feed] == [
        (change.entity, change.restriction) for change in changes
    ]
    assert [change.seq for change in feed] == sorted({change.seq for change in feed})
    assert len(any_store.guard.restricted()) == 699
    newest = {row.entity: row.seq for row in any_store.guard.standings()}
    assert newest == {change.entity: change.seq for change in feed}


def test_a_list_does_not_overturn_what_a_person_decided_not_even_in_one_output(any_store: Store) -> None:
    person = Decision(
        id="d1", verb=Verb.CLEAR, entities=("account:a",), by="user:mira", why="press", at=now()
    )
    told = Output(signals=(signal(1, "confirmed"), signal(2, "confirmed", "account:b")), decisions=(person,))
    any_store.streams.commit(Reader(), {}, told)
    any_store.streams.commit(Reader(), {}, Output(signals=(signal(3, "confirmed"),)))
    labels = any_store.casework.labels(["account:a", "account:b"])
    assert labels == {"account:a": "cleared", "account:b": "confirmed"}


def test_the_mark_moves_with_every_record_and_every_cursor(any_store: Store) -> None:
    streams, marks = any_store.streams, [any_store.streams.mark()]
    any_store.journal.append([link(1)])
    marks.append(streams.mark())
    _, positions = streams.read(Reader(), 10)
    assert streams.mark() == marks[-1], "reading moves nothing"
    streams.commit(Reader(), positions, Output(signals=(signal(1),)))
    marks.append(streams.mark())
    _, positions = streams.read(SignalReader(), 10)
    streams.commit(SignalReader(), positions, Output())
    marks.append(streams.mark())
    assert len(set(marks)) == len(marks)
    assert streams.mark() == marks[-1]

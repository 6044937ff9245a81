"""The journal as the behaviour stage reads it, and what a care signal protects from."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

from tests.contract.test_journal import link

from havenwall.casework import CaseworkStage
from havenwall.detect import BehaviourStage
from havenwall.engine import Output, Runner
from havenwall.model import (
    CARE,
    SYSTEM,
    CaseTopic,
    Event,
    EventType,
    Signal,
    now,
)
from havenwall.policy import PolicyStage, default_pack, load_pack
from havenwall.store import Store

_EAGER = """
name: eager
rules:
  - id: all
    on: signal
    when: signal.strength >= 0.5
    then: suppress
    why: A rule that goes too far.
    quota: {per_day: 100, share_of_accounts: 1.0}
"""


class Anybody:
    name, reads, notice_only = "anybody", (), False


def care(store: Store, entity: str = "account:teen", detector: str = CARE) -> None:
    signal = Signal(
        id=f"{detector}-{entity}", entity=entity, detector=detector, version="1", strength=0.5, at=now()
    )
    store.streams.commit(Anybody(), {}, Output(signals=(signal,)))


def test_the_journal_is_read_from_any_position(any_store: Store) -> None:
    any_store.journal.append([link(1), link(2)])
    any_store.journal.append([link(3)])
    events, at = any_store.behaviour.read(0, 0, 2)
    assert events.height == 2
    rest, end = any_store.behaviour.read(at, 2, 100)
    assert rest.height == 1
    assert any_store.behaviour.read(end, 3, 100)[0].height == 0
    assert any_store.behaviour.read(end, 3, 100)[1] == end


def test_how_far_its_signals_are_kept(any_store: Store) -> None:
    assert any_store.behaviour.done() == 0
    any_store.journal.append([link(1), link(2)])
    Runner(any_store.streams, (BehaviourStage(any_store.behaviour),)).run()
    assert any_store.behaviour.done() == any_store.behaviour.read(0, 0, 100)[1]


def test_compaction_gives_no_event_twice_to_who_stands_within_it(any_store: Store) -> None:
    view = any_store.behaviour
    any_store.journal.append([link(number) for number in range(6)])
    whole, _ = view.read(0, 0, 100)
    places = [view.read(0, 0, number)[1] for number in range(1, 7)]
    assert any_store.journal.compact(places[4], least=2) == 5
    for seen, at in enumerate(places, start=1):
        rest, end = view.read(at, seen, 100)
        assert end == places[-1]
        assert rest.equals(whole[seen:])
        source, source_id = whole.select("source", "source_id").row(seen - 1)
        assert view.holds(at, seen, source, source_id)
        assert not view.holds(at, seen, source, "another")
        assert not view.holds(at, seen + 1, source, source_id)
    assert not view.holds(places[-1] + 5, 11, "s", "x")


def test_no_rule_of_anybody_acts_on_an_account_with_a_care_signal(any_store: Store, tmp_path: Path) -> None:
    (tmp_path / "eager.yaml").write_text(_EAGER)
    care(any_store)
    care(any_store, "account:eve", "burst")
    stages = (
        PolicyStage(load_pack(tmp_path / "eager.yaml"), any_store.policy),
        CaseworkStage(any_store.casework),
    )
    Runner(any_store.streams, stages).run()
    assert set(any_store.guard.restricted()) == {"account:eve"}
    topics = {case.topic: case.id for case in any_store.cases(SYSTEM).cases()}
    assert set(any_store.casework.members(topics[CaseTopic.CARE])) == {"account:teen"}


def test_the_pack_that_ships_cares_and_hides_nobody(any_store: Store) -> None:
    care(any_store)
    care(any_store, "account:eve", "shared-contact")
    stages = (PolicyStage(default_pack(), any_store.policy), CaseworkStage(any_store.casework))
    Runner(any_store.streams, stages).run()
    assert not any_store.guard.restricted()
    members = {
        case.topic: set(any_store.casework.members(case.id)) for case in any_store.cases(SYSTEM).cases()
    }
    assert members == {CaseTopic.CARE: {"account:teen"}, CaseTopic.SINGLE: {"account:eve"}}


def test_an_age_band_tells_a_minor(any_store: Store) -> None:
    at = now() - timedelta(days=9)
    bands = {"a": "13_15", "b": "adult", "c": "under_13"}
    told = [
        Event(
            source="s",
            source_id=name,
            type=EventType.ACCOUNT,
            at=at,
            entity=f"account:{name}",
            attributes={"age_band": band},
        )
        for name, band in bands.items()
    ]
    any_store.journal.append(told)
    profiles = any_store.network.profiles().sort("entity")
    assert profiles["minor"].to_list() == [True, False, True]

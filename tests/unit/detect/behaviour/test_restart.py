"""The stage with what it laid down: whatever processes do to each other, the signals are those of one run."""

from __future__ import annotations

import shutil
from collections.abc import Iterable, Iterator
from pathlib import Path

import msgspec
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.unit.detect.behaviour.conftest import busy_events
from tests.unit.detect.behaviour.test_stage import WHOLE, kept

from havenwall.app import Config
from havenwall.app.behaviour_states import behaviour_states
from havenwall.detect.behaviour import BehaviourStage, BehaviourView
from havenwall.engine import Batch, Runner
from havenwall.model import Event
from havenwall.store import Store
from havenwall.store.states import StateFiles

EVENTS = busy_events()


class Counting:
    """The real view, and how many events were read through it."""

    def __init__(self, view: BehaviourView) -> None:
        self.done, self.holds = view.done, view.holds
        self._view, self.events = view, 0

    def read(self, after: int, seen: int, limit: int) -> tuple[pl.DataFrame, int]:
        events, at = self._view.read(after, seen, limit)
        self.events += events.height
        return events, at


class Town:
    """A journal that fills up, and processes that come and go."""

    def __init__(self, store: Store, states: StateFiles) -> None:
        self.store, self.states = store, states
        self.told, self.events = 0, list(_events())
        self.processes = [self.process(), self.process()]

    def process(self) -> BehaviourStage:
        return BehaviourStage(self.store.behaviour, self.states, limit=9, least=4)

    def tell(self, count: int, bulk: bool) -> None:
        more = slice(self.told, self.told + count)
        if bulk:
            self.store.journal.append_frame(EVENTS[more])
        else:
            self.store.journal.append(self.events[more])
        self.told = min(self.told + count, len(self.events))

    def run(self, who: int) -> None:
        Runner(self.store.streams, (self.processes[who],)).run()

    def crash(self, who: int, worked: bool) -> None:
        """The process works and dies before anything is kept; another takes its place."""
        if worked:
            batch, _ = self.store.streams.read(self.processes[who], 10)
            self.processes[who].run(batch)
        self.processes[who] = self.process()

    def lose(self, who: int) -> None:
        """The process works, and keeping fails; it lives on."""
        batch, _ = self.store.streams.read(self.processes[who], 10)
        self.processes[who].run(batch)

    def compact(self) -> None:
        self.store.journal.compact(self.store.streams.slowest(self.processes), least=2)


STEPS = st.one_of(
    st.tuples(st.just("tell"), st.integers(1, 25), st.booleans()),
    st.tuples(st.just("run"), st.integers(0, 1)),
    st.tuples(st.just("crash"), st.integers(0, 1), st.booleans()),
    st.tuples(st.just("lose"), st.integers(0, 1)),
    st.tuples(st.just("compact")),
)


MANY = st.lists(STEPS, max_size=10)


@settings(max_examples=4)
@given(steps=MANY)
def test_whatever_happens_the_signals_are_those_of_one_run(
    steps: list[tuple[object, ...]], tmp_path_factory: pytest.TempPathFactory, sqlite_template: Path
) -> None:
    signals_of_one_run(steps, tmp_path_factory.mktemp("town"), sqlite_template)


@pytest.mark.slow
@settings(max_examples=60)
@given(steps=MANY)
def test_whatever_happens_often(
    steps: list[tuple[object, ...]], tmp_path_factory: pytest.TempPathFactory, sqlite_template: Path
) -> None:
    signals_of_one_run(steps, tmp_path_factory.mktemp("town"), sqlite_template)


def signals_of_one_run(steps: list[tuple[object, ...]], folder: Path, template: Path) -> None:
    shutil.copy(template, folder / "havenwall.db")
    store = Store.open(f"sqlite:///{folder}/havenwall.db", folder)
    town = Town(store, StateFiles(folder / "behaviour", "rules"))
    for name, *args in steps:
        getattr(town, str(name))(*args)
    town.tell(len(EVENTS), bulk=False)
    town.run(0)
    assert kept(store) == WHOLE
    store.close()
    shutil.rmtree(folder)


def started(store: Store, states: StateFiles) -> int:
    """How many events a new process reads for one new event."""
    view = Counting(store.behaviour)
    Runner(store.streams, (BehaviourStage(view, states, least=4),)).run()
    return view.events


def test_a_new_process_reads_only_what_came_after(store: Store, tmp_path: Path) -> None:
    states = StateFiles(tmp_path / "states", "rules")
    store.journal.append_frame(EVENTS[:-1])
    assert started(store, states) == EVENTS.height - 1
    store.journal.append_frame(EVENTS[-1:])
    assert started(store, states) == 1
    assert kept(store) == WHOLE


class Large:
    """Takes every memory, and says that it is of 500 bytes."""

    def __init__(self) -> None:
        self.saved = 0

    def load(self, done: int) -> Iterator[list[memoryview]]:
        return iter(())

    def save(self, at: int, done: int, parts: Iterable[bytes]) -> int:
        self.saved += 1
        return 500


def test_a_large_memory_is_saved_so_seldom_that_a_fifth_of_the_time_goes_into_it(store: Store) -> None:
    """Judging an event takes as long as saving 500 bytes or more: then 500 bytes are worth five events."""
    keeps = Large()
    for number in range(21):
        store.journal.append_frame(EVENTS[number : number + 1])
    Runner(store.streams, (BehaviourStage(store.behaviour, keeps, limit=1, least=1),)).run()
    assert keeps.saved == 5


def test_other_rules_read_everything(store: Store, tmp_path: Path) -> None:
    store.journal.append_frame(EVENTS[:-1])
    started(store, StateFiles(tmp_path / "states", "rules"))
    store.journal.append_frame(EVENTS[-1:])
    assert started(store, StateFiles(tmp_path / "states", "better rules")) == EVENTS.height


def test_a_state_that_was_never_kept_is_not_taken_up(store: Store, tmp_path: Path) -> None:
    states = StateFiles(tmp_path / "states", "rules")
    store.journal.append_frame(EVENTS)
    assert BehaviourStage(store.behaviour, states, least=4).run(Batch(new=1)).signals
    assert next(states.load(1 << 40))
    assert started(store, states) == EVENTS.height
    assert kept(store) == WHOLE


def test_the_state_of_another_journal_is_not_taken_up(store: Store, tmp_path: Path) -> None:
    states = StateFiles(tmp_path / "states", "rules")
    other = Store.open(f"sqlite:///{tmp_path}/other.db", tmp_path / "other")
    other.journal.append_frame(EVENTS.with_columns(source_id=EVENTS["source_id"] + "x"))
    started(other, states)
    other.close()
    store.journal.append_frame(EVENTS[:-1])
    Runner(store.streams, (BehaviourStage(store.behaviour),)).run()
    store.journal.append_frame(EVENTS[-1:])
    assert started(store, states) == EVENTS.height


def test_after_an_error_in_the_middle_it_starts_from_what_was_laid_down(store: Store, tmp_path: Path) -> None:
    class Failing(Counting):
        def read(self, after: int, seen: int, limit: int) -> tuple[pl.DataFrame, int]:
            if self.events > 20:
                raise OSError("the disk is gone")
            return super().read(after, seen, limit)

    view = Failing(store.behaviour)
    stage = BehaviourStage(view, StateFiles(tmp_path / "states", "rules"), limit=9, least=4)
    store.journal.append(list(_events()))
    with pytest.raises(OSError, match="gone"):
        stage.run(Batch(new=1))
    view.events = -1000
    Runner(store.streams, (stage,)).run()
    assert kept(store) == WHOLE


def test_states_of_the_application_carry_the_rules_that_are_installed(tmp_path: Path) -> None:
    behaviour_states(Config(data=tmp_path)).save(3, 3, [b"x"])
    assert list(behaviour_states(Config(data=tmp_path)).load(3)) == [[b"x"]]
    assert not list(StateFiles(tmp_path / "behaviour", "0.0.1 other").load(3))


def _events() -> Iterator[Event]:
    for row in EVENTS.iter_rows(named=True):
        told = {name: value for name, value in row.items() if value is not None}
        attributes = msgspec.json.decode(row["attributes"]) if row["attributes"] else {}
        yield msgspec.convert(told | {"attributes": attributes}, Event)

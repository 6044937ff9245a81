"""What look-ups remember of banks holds exactly as long as nothing has changed."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from havenwall.app import App, Config
from havenwall.app.bank_flood import FloodWatch
from havenwall.app.bank_index import BankIndex
from havenwall.app.bank_reader import BankMemory
from havenwall.detect.banks import AskedHash, BankSearch
from havenwall.model import SYSTEM
from havenwall.model.bank import Bank
from havenwall.model.bank_entry import BankChange, EntryChange, EntryState, KnownHash
from havenwall.store.views.banks import StoreBankView

ZERO = KnownHash(kind="pdq", value="0" * 64)
MD5 = KnownHash(kind="md5", value="a" * 32)


@pytest.fixture
def app(tmp_path: Path) -> Iterator[App]:
    app = App(Config(data=tmp_path / "data"))
    app.banks.save(SYSTEM, Bank(name="own", flood=40))
    app.banks.bring_in(SYSTEM, "own", f"pdq:{ZERO.value}\nmd5:{MD5.value}\n".encode())
    yield app
    app.close()


@pytest.fixture
def memory(app: App) -> BankMemory:
    return BankMemory(app.store.bank_view, app.banks.index)


def states(memory: BankMemory) -> list[str]:
    memory.forget()
    memory.all()
    return [entry.state.value for entry in sorted(memory.by_ids([1, 2]), key=lambda entry: entry.id)]


def test_an_entry_is_read_once_until_it_changes(app: App, memory: BankMemory) -> None:
    assert states(memory) == ["active", "active"]
    (before,) = memory.by_ids([1])
    memory.forget()
    memory.all()
    assert memory.by_ids([1])[0] is before
    app.store.banks.set_entries([1], EntryState.SET_ASIDE, "another process")
    assert states(memory) == ["set_aside", "active"]
    app.store.banks.apply(
        seen := app.store.banks.state("own"), seen, [BankChange(source_id=before.source_id)]
    )
    assert states(memory) == ["withdrawn", "active"]
    assert memory.by_ids([99]) == []
    assert memory.by_ids([]) == []


def test_settings_are_read_again_when_they_changed(app: App, memory: BankMemory) -> None:
    assert memory.limits() == {"own": 40}
    assert memory.all() is memory.all()
    app.store.banks.save(Bank(name="own", flood=7))
    memory.forget()
    memory.all()
    assert memory.limits() == {"own": 7}


def test_a_pdq_hash_the_index_does_not_have_yet_is_found_where_equal(app: App, tmp_path: Path) -> None:
    behind = BankIndex(tmp_path / "behind", app.store.bank_view)
    asked = [AskedHash(kind="pdq", value=ZERO.value)]
    search = BankSearch(BankMemory(app.store.bank_view, behind), behind)
    assert [match.distance for match in search.look(asked).matches] == [0]
    assert behind.catch_up()
    assert behind.has(app.store.bank_view.end())
    assert [match.distance for match in search.look(asked).matches] == [0]
    behind.close()


def test_a_kind_that_no_list_held_is_found_once_one_does(app: App, memory: BankMemory) -> None:
    fresh = KnownHash(kind="sha1", value="b" * 40)
    memory.all()
    assert [entry.hash for entry in memory.exact([MD5, fresh])] == [MD5]
    app.banks.bring_in(SYSTEM, "own", f"md5:{MD5.value}\nsha1:{fresh.value}\n".encode())
    memory.forget()
    memory.all()
    assert {entry.hash for entry in memory.exact([MD5, fresh])} == {MD5, fresh}


class Halting(StoreBankView):
    """Stops in the middle of catching up until it is told to go on."""

    def __init__(self, view: StoreBankView) -> None:
        self.__dict__ |= view.__dict__
        self.reached, self.go_on = threading.Event(), threading.Event()

    def changes(self, after: int, limit: int = 10_000, kind: str = "") -> list[EntryChange]:
        self.reached.set()
        assert self.go_on.wait(120)
        return super().changes(after, limit, kind)


def test_look_ups_do_not_wait_while_the_index_catches_up(app: App, tmp_path: Path) -> None:
    view = Halting(app.store.bank_view)
    index = BankIndex(tmp_path / "slow", view)
    search = BankSearch(BankMemory(view, index), index)
    with ThreadPoolExecutor(2) as threads:
        behind = threads.submit(index.catch_up)
        assert view.reached.wait(60)
        asked = threads.submit(search.look, [AskedHash(kind="pdq", value=ZERO.value)])
        try:
            # The database answers meanwhile.
            assert [match.distance for match in asked.result(timeout=60).matches] == [0]
            assert not index.has(app.store.bank_view.end())
        finally:
            view.go_on.set()
        assert behind.result()
    assert index.has(app.store.bank_view.end())
    index.close()


class Meddling(int):
    """A bound on what is remembered; when it is compared, another look-up comes in between, once."""

    other: list[BankMemory]

    def __lt__(self, size: int) -> bool:
        if not self.other:
            return True
        self.other.pop().by_ids([2])
        return False


def test_a_memory_emptied_by_another_thread_loses_no_match(
    memory: BankMemory, monkeypatch: pytest.MonkeyPatch
) -> None:
    memory.all()
    assert memory.by_ids([1])
    bound = Meddling()
    bound.other = [memory]
    monkeypatch.setattr("havenwall.app.bank_reader._MOST", bound)
    assert sorted(entry.id for entry in memory.by_ids([1, 2])) == [1, 2]


def test_matches_are_written_together_and_all_of_them_count(app: App) -> None:
    hours: list[int] = []
    watch = FloodWatch(app.store, changed=lambda: hours.append(1))
    (match,) = app.banks.find(SYSTEM, f"pdq:{ZERO.value}").matches
    for _ in range(40):
        watch.saw([match])
    watch.write()
    (counts,) = app.store.bank_tally.hours([match.entry], 0).values()
    assert (sum(counts.values()), hours) == (40, [])
    for _ in range(2):
        watch.saw([match])
    watch.write()
    assert app.store.bank_view.by_ids([match.entry])[0].state is EntryState.SET_ASIDE
    assert hours == [1]

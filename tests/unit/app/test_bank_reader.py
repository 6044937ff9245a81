"""What look-ups remember of banks holds exactly as long as nothing has changed."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from havenwall.app import App, Config
from havenwall.app.bank_flood import FloodWatch
from havenwall.app.bank_index import BankIndex
from havenwall.app.bank_reader import BankMemory
from havenwall.detect.banks import AskedHash, BankSearch
from havenwall.model import SYSTEM
from havenwall.model.bank import Bank
from havenwall.model.bank_entry import BankChange, EntryState, KnownHash

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

"""Banks, their entries and imports, on both databases."""

from __future__ import annotations

from datetime import timedelta

import msgspec
import pytest

from havenwall.errors import Conflict, NotFound
from havenwall.model import now
from havenwall.model.bank import Bank, ImportState
from havenwall.model.bank_entry import BankChange, BankReject, EntryState, KnownHash
from havenwall.store import Store


def md5(n: int) -> KnownHash:
    return KnownHash(kind="md5", value=f"{n:032x}")


def pdq(n: int) -> KnownHash:
    return KnownHash(kind="pdq", value=f"{n:064x}")


def tell(
    store: Store, *changes: BankChange, rejects: tuple[BankReject, ...] = (), **fields: object
) -> object:
    """Apply a page to the bank `own`, as the next step of its import."""
    seen = store.banks.state("own")
    return store.banks.apply(seen, msgspec.structs.replace(seen, **fields), changes, rejects)


def live(store: Store) -> list[tuple[str, str, str]]:
    entries = store.bank_view.entries("own", limit=1000)
    rows = [(e.source_id, e.hash.kind, e.state.value) for e in entries if e.state is not EntryState.WITHDRAWN]
    return sorted(rows)


def test_the_newest_settings_hold(any_store: Store) -> None:
    any_store.banks.save(Bank(name="own"))
    any_store.banks.save(Bank(name="benign", negative=True))
    any_store.banks.save(Bank(name="own", radius=12, opt_outs=("live",)))
    assert [bank.name for bank in any_store.bank_view.all()] == ["benign", "own"]
    assert any_store.bank_view.bank("own").radius == 12
    with pytest.raises(NotFound, match="nowhere"):
        any_store.bank_view.bank("nowhere")


def test_telling_the_same_again_adds_nothing(any_store: Store) -> None:
    change = BankChange(source_id="a", hashes=(md5(1), pdq(1)), labels=("A1",))
    assert tell(any_store, change).added == 2
    assert tell(any_store, change).same == 2
    assert live(any_store) == [("a", "md5", "active"), ("a", "pdq", "active")]


def test_a_change_supersedes_and_keeps_the_history(any_store: Store) -> None:
    tell(any_store, BankChange(source_id="a", hashes=(md5(1), md5(2))))
    done = tell(any_store, BankChange(source_id="a", hashes=(md5(1), md5(3)), labels=("new",)))
    assert (done.added, done.changed, done.withdrawn) == (1, 1, 1)
    entries = {e.hash: e for e in any_store.bank_view.entries("own")}
    assert entries[md5(2)].withdrawn_at
    assert entries[md5(1)].labels == ("new",)
    history = any_store.bank_view.history(entries[md5(1)].id)
    assert [e.labels for e in history] == [(), ("new",)]
    assert history[0].added_at == history[1].added_at


def test_a_withdrawn_item_that_comes_back_is_a_new_entry(any_store: Store) -> None:
    tell(any_store, BankChange(source_id="a", hashes=(md5(1),)))
    tell(any_store, BankChange(source_id="a", why="withdrawn by its owner"))
    assert any_store.bank_view.exact([md5(1)]) == []
    tell(any_store, BankChange(source_id="a", hashes=(md5(1),)))
    (now_there,) = any_store.bank_view.exact([md5(1)])
    entries = any_store.bank_view.entries("own")
    assert len({e.id for e in entries}) == 2
    assert now_there.state is EntryState.ACTIVE
    assert {e.why for e in entries} == {"", "withdrawn by its owner"}


def test_older_news_does_not_undo_newer(any_store: Store) -> None:
    moment = now()
    tell(any_store, BankChange(source_id="a", hashes=(md5(1),), at=moment - timedelta(days=2)))
    tell(any_store, BankChange(source_id="a", at=moment))
    done = tell(any_store, BankChange(source_id="a", hashes=(md5(1),), at=moment - timedelta(days=1)))
    assert done.old == 1
    assert live(any_store) == []


def test_the_last_of_several_changes_in_a_page_holds(any_store: Store) -> None:
    changes = [BankChange(source_id="a", hashes=(md5(1),)), BankChange(source_id="a")]
    tell(any_store, *changes)
    assert live(any_store) == []


def test_two_importers_of_one_bank_do_not_mix(any_store: Store) -> None:
    seen = any_store.banks.state("own")
    step = msgspec.structs.replace(seen, cursor="1")
    any_store.banks.apply(seen, step, [BankChange(source_id="a", hashes=(md5(1),))])
    with pytest.raises(Conflict, match="own"):
        any_store.banks.apply(seen, step, [BankChange(source_id="b", hashes=(md5(2),))])
    assert live(any_store) == [("a", "md5", "active")]
    assert any_store.banks.state("own") == step


def test_a_sweep_withdraws_what_it_did_not_tell_of(any_store: Store) -> None:
    tell(any_store, *(BankChange(source_id=name, hashes=(md5(n),)) for n, name in enumerate("abc")), sweep=1)
    tell(any_store, BankChange(source_id="b", hashes=(md5(1),)), sweep=2, sweeping=True)
    tell(any_store, BankChange(source_id="d", hashes=(md5(4),)))
    assert any_store.banks.unseen("own", 2) == (2, 4)
    seen = any_store.banks.state("own")
    assert any_store.banks.end_sweep(seen, msgspec.structs.replace(seen, sweeping=False)) == 2
    assert [name for name, *_ in live(any_store)] == ["b", "d"]


def test_what_is_set_aside_stays_so_when_told_again(any_store: Store) -> None:
    change = BankChange(source_id="a", hashes=(pdq(1),))
    tell(any_store, change)
    (entry,) = any_store.bank_view.exact([pdq(1)])
    assert [e.state for e in any_store.banks.set_entries([entry.id], EntryState.SET_ASIDE, "flood")] == [
        "set_aside"
    ]
    assert any_store.banks.set_entries([entry.id], EntryState.SET_ASIDE, "flood") == []
    tell(any_store, msgspec.structs.replace(change, labels=("x",)))
    assert live(any_store) == [("a", "pdq", "set_aside")]
    any_store.banks.set_entries([entry.id], EntryState.ACTIVE, "looked at by robin")
    assert live(any_store) == [("a", "pdq", "active")]
    with pytest.raises(NotFound):
        any_store.banks.set_entries([10**9], EntryState.ACTIVE, "")


def test_rejects_are_counted_once(any_store: Store) -> None:
    any_store.banks.save(Bank(name="own"))
    reject = BankReject(where="7", reason="not a hash", content="zz")
    tell(any_store, rejects=(reject,))
    tell(any_store, rejects=(reject, BankReject(where="8", reason="not a hash")))
    status = any_store.bank_view.status("own")
    assert status.rejected == 2
    assert any_store.bank_view.rejects("own")[1] == reject


def test_the_history_can_be_followed(any_store: Store) -> None:
    tell(any_store, BankChange(source_id="a", hashes=(md5(1), pdq(1))))
    tell(any_store, BankChange(source_id="a"))
    changes = any_store.bank_view.changes(0)
    assert [(c.hash.kind, c.state.value) for c in changes] == [
        ("md5", "active"),
        ("pdq", "active"),
        ("md5", "withdrawn"),
        ("pdq", "withdrawn"),
    ]
    assert changes[0].entry == changes[2].entry
    assert any_store.bank_view.changes(changes[1].seq, kind="pdq") == [changes[3]]
    assert any_store.bank_view.end() == changes[3].seq


def test_status_counts(any_store: Store) -> None:
    any_store.banks.save(Bank(name="own"))
    many = [BankChange(source_id=f"n{n}", hashes=(md5(n), pdq(n))) for n in range(1200)]
    tell(any_store, *many, sweep=1, fetched_at=now())
    tell(any_store, BankChange(source_id="n7"))
    status = any_store.bank_view.status("own")
    assert (status.active, status.withdrawn, status.hashes) == (2398, 2, {"md5": 1199, "pdq": 1199})
    assert status.fetched_at
    assert any_store.banks.state("other") == ImportState(bank="other")


def test_long_hashes_are_found_too(any_store: Store) -> None:
    long = KnownHash(kind="photodna", value="ab" * 144)
    tell(any_store, BankChange(source_id="a", hashes=(long,)))
    assert any_store.bank_view.exact([long])[0].hash == long
    assert any_store.bank_view.exact([KnownHash(kind="photodna", value="ac" * 144)]) == []

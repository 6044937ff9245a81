"""Hashes, settings, floods: the pure parts of banks."""

from __future__ import annotations

import base64

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from havenwall.detect.banks import check_bank, known_hash, read_item
from havenwall.detect.banks.flood import WINDOW, is_flood
from havenwall.detect.banks.hashes import short_id
from havenwall.errors import BadInput
from havenwall.model.bank import Bank, BankSource, SourceKind


@given(st.binary(min_size=1, max_size=200), st.booleans())
def test_licensed_hashes_come_in_three_forms(value: bytes, upper: bool) -> None:
    digits = value.hex().upper() if upper else value.hex()
    assert known_hash("PhotoDNA", f" {digits}\n").value == value.hex()
    if len(value) > 1:
        assert known_hash("photodna", ",".join(map(str, value))).value == value.hex()


def test_base64_is_read_too() -> None:
    value = bytes(range(144))
    assert known_hash("photodna", base64.b64encode(value).decode()).value == value.hex()


@given(st.text(max_size=60), st.text(max_size=80))
def test_anything_else_is_bad_input(kind: str, value: str) -> None:
    try:
        known = known_hash(kind, value)
    except BadInput:
        return
    assert known_hash(known.kind, known.value) == known


@given(st.text(max_size=400), st.lists(st.tuples(st.text(max_size=10), st.text(max_size=20))))
def test_any_record_is_an_item_or_rejects(name: str, hashes: list[tuple[str, str]]) -> None:
    item = read_item(name, hashes, labels=[name], note=name)
    assert item.change or item.rejects
    assert len(short_id(name)) <= 300
    assert "\0" not in short_id(name)
    for reject in item.rejects:
        assert len(reject.content) <= 200


def test_good_hashes_of_a_record_count_without_the_bad() -> None:
    item = read_item("a", [("md5", "A" * 32), ("md5", "a" * 32), ("sha1", "zz")], labels=["x ", "", "x"])
    assert item.change is not None
    assert (len(item.change.hashes), item.change.labels, len(item.rejects)) == (1, ("x",), 1)


@given(st.dictionaries(st.integers(0, 400), st.integers(0, 1000)), st.integers(0, 1000))
def test_a_flood_is_more_than_the_limit_and_than_usual(hours: dict[int, int], most: int) -> None:
    now = 300
    flood = is_flood(hours, now, most)
    usual = sum(hours.get(now - back, 0) for back in range(1, WINDOW + 1)) / WINDOW
    assert flood == (most > 0 and hours.get(now, 0) > most and hours.get(now, 0) > 10 * usual)


def test_what_always_matches_much_is_no_flood() -> None:
    steady = dict.fromkeys(range(200), 500)
    assert not is_flood(steady, 199, 200)
    assert is_flood({199: 500}, 199, 200)
    assert not is_flood({199: 500}, 199, 0)


def test_sound_settings_are_taken() -> None:
    for address in (
        "https://lists.example.org/v2",
        "http://127.0.0.1:80/x",
        "http://localhost/x",
        "/etc/x.txt",
    ):
        source = BankSource(kind=SourceKind.CSV, address=address, credentials="env:X")
        assert check_bank(Bank(name="own-1", source=source, kinds=("md5", "photodna")))


def test_addresses_that_only_look_local_are_refused() -> None:
    for address in ("http://127.0.0.1.example.org/", "http://localhost@example.org/", "ftp://127.0.0.1/x"):
        with pytest.raises(BadInput, match="address"):
            check_bank(Bank(name="own", source=BankSource(kind=SourceKind.CSV, address=address)))


def test_banks_are_asked_for_what_they_are_for() -> None:
    bank = Bank(name="own", purposes=("a",), opt_outs=("live",))
    assert bank.asked_for("a", "avatars")
    assert not bank.asked_for("a", "live")
    assert not bank.asked_for("")
    assert not msgspec.structs.replace(bank, enabled=False).asked_for("a")

"""NCMEC's interface, over a real socket."""

from __future__ import annotations

import time
from collections.abc import Iterator
from datetime import timedelta

import pytest
from tests.sources.importing import NOON, CutOff, Importer
from tests.sources.ncmec import Entry, FakeNcmec
from tests.sources.serving import Reply, Served, serving

from havenwall.connect import ncmec
from havenwall.connect.ncmec_xml import read_answer
from havenwall.errors import SourceFailed
from havenwall.model.bank import BankSource, SourceKind
from havenwall.store import Store

SECRET = "us:pass:word"


def image(n: int, *, days: float = 1, **more: object) -> Entry:
    hashes = {"md5": f"{n:032X}", "sha1": f"{n:040x}", "pdq": f"{n:064x}", "pdna": "AQID"}
    return Entry(id=f"i{n}", at=NOON - timedelta(days=days), hashes=hashes, **more)  # type: ignore[arg-type]


@pytest.fixture
def source() -> FakeNcmec:
    return FakeNcmec()


@pytest.fixture
def served(source: FakeNcmec) -> Iterator[Served]:
    with serving(source) as served:
        yield served


@pytest.fixture
def importer(store: Store, served: Served, monkeypatch: pytest.MonkeyPatch) -> Importer:
    monkeypatch.setenv("NCMEC_TEST", SECRET)
    place = BankSource(
        kind=SourceKind.NCMEC, address=f"{served.address}/hashsharing", credentials="env:NCMEC_TEST"
    )
    return Importer(store, place)


def test_all_kinds_of_hash_come_in_whatever_their_case(source: FakeNcmec, importer: Importer) -> None:
    source.put(image(1), Entry(id="v1", at=NOON - timedelta(days=2), hashes={"sha1": "b" * 40}, video=True))
    result = importer.run()
    assert result.done.added == 5
    assert ("42-i1", "md5", f"{1:032x}") in importer.live()
    assert ("42-i1", "photodna", "010203") in importer.live()
    assert ("42-v1", "sha1", "b" * 40) in importer.live()


def test_deleted_entries_are_withdrawn(source: FakeNcmec, importer: Importer) -> None:
    source.put(image(1), image(2))
    importer.run()
    importer.later(hours=1)
    source.put(Entry(id="i1", at=importer.now - timedelta(minutes=5), hashes=None))
    assert importer.run().done.withdrawn == 4
    assert set(importer.ids()) == {"42-i2"}


def test_a_restart_in_the_middle_loses_and_doubles_nothing(
    source: FakeNcmec, served: Served, importer: Importer
) -> None:
    source.put(*(image(n, days=9 - n) for n in range(7)))
    with pytest.raises(CutOff):
        importer.run(cut_after=2)
    assert len(set(importer.ids())) == 4
    before = len(served.requests)
    importer.run()
    assert "start=5" in served.requests[before]
    assert importer.ids() == sorted(f"42-i{n}" for n in range(7) for _ in range(4))


def test_a_place_is_not_used_after_twelve_hours(
    source: FakeNcmec, served: Served, importer: Importer
) -> None:
    source.put(*(image(n) for n in range(7)))
    with pytest.raises(CutOff):
        importer.run(cut_after=2)
    importer.later(hours=13)
    before = len(served.requests)
    importer.run()
    assert "start=" not in served.requests[before]
    assert len(importer.ids()) == 28


def test_a_place_the_server_has_forgotten_is_read_again(
    source: FakeNcmec, served: Served, importer: Importer
) -> None:
    source.put(*(image(n) for n in range(7)))
    with pytest.raises(CutOff):
        importer.run(cut_after=2)
    served.first.append(Reply(b"", 410))
    importer.run()
    assert len(importer.ids()) == 28


@pytest.mark.parametrize("zone", ["UTC", "Europe/Berlin", "America/New_York", "Asia/Kolkata"])
def test_polling_misses_nothing_in_any_time_zone(
    source: FakeNcmec, importer: Importer, zone: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TZ", zone)
    time.tzset()
    try:
        for n in range(30):
            source.put(Entry(id=f"i{n}", at=importer.now - timedelta(minutes=3), hashes={"md5": f"{n:032x}"}))
            importer.run()
            importer.later(minutes=10)
    finally:
        monkeypatch.undo()
        time.tzset()
    assert len(importer.ids()) == 30


def test_what_shows_late_is_still_found(source: FakeNcmec, importer: Importer) -> None:
    importer.run()
    source.put(Entry(id="late", at=NOON - timedelta(minutes=2), hashes={"md5": "a" * 32}))
    importer.later(minutes=10)
    importer.run()
    assert importer.ids() == ["42-late"]


def test_full_spans_are_cut(
    source: FakeNcmec, served: Served, importer: Importer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(ncmec, "_MOST_IN_SPAN", 4)
    monkeypatch.setattr(ncmec, "_FEW_IN_SPAN", 2)
    source.put(*(image(n, days=20 - n) for n in range(20)))
    importer.run()
    assert len(set(importer.ids())) == 20
    spans = {request.partition("&start")[0] for request in served.requests}
    assert len(spans) > 4


def test_one_malformed_entry_stops_nobody(source: FakeNcmec, importer: Importer) -> None:
    bad = Entry(id="bad", at=NOON - timedelta(days=1), hashes={"md5": "zz", "sha1": "c" * 40})
    source.put(image(1), bad, Entry(id="", at=NOON - timedelta(days=1), hashes={"md5": "a" * 32}))
    result = importer.run()
    assert result.done.rejected == 2
    assert importer.ids() == ["42-bad", *["42-i1"] * 4]
    importer.later(minutes=1)
    importer.run()
    assert importer.store.bank_view.status("own").rejected == 2


def test_feedback_and_classification_are_labels(source: FakeNcmec, importer: Importer) -> None:
    extra = (
        "<classification>A1</classification><feedback>"
        '<affirmativeFeedback type="Md5"><members><member id="7">x</member></members></affirmativeFeedback>'
        '<negativeFeedback type="Sha1"><reasons><reason name="Unclear" guid="g"/></reasons>'
        "</negativeFeedback>"
        "</feedback>"
    )
    source.put(image(1, extra=extra))
    importer.run()
    (entry, *_) = importer.store.bank_view.entries("own")
    assert entry.labels == ("classification:A1", "confirmed:md5", "disputed:sha1:Unclear", "type:image")


def test_only_entries_of_wanted_members(source: FakeNcmec, importer: Importer) -> None:
    source.put(image(1), image(2, member="7"))
    importer.bank.source.options["members"] = "7, 9"
    assert importer.run().done.skipped == 1
    assert set(importer.ids()) == {"7-i2"}


def test_busy_servers_are_asked_again_after_a_while(
    source: FakeNcmec, served: Served, importer: Importer
) -> None:
    source.put(image(1))
    served.first += [Reply(b"", 503), Reply(b"", 429, (("Retry-After", "7"),)), Reply(b"", 500)]
    importer.run()
    assert importer.slept == [0.5, 7.0, 2.0]
    assert len(importer.ids()) == 4


def test_a_failing_server_ends_the_import_and_keeps_what_came(
    source: FakeNcmec, served: Served, importer: Importer
) -> None:
    source.put(*(image(n) for n in range(4)))
    with pytest.raises(CutOff):
        importer.run(cut_after=1)
    served.first += [Reply(b"", 503)] * 6
    with pytest.raises(SourceFailed, match="503"):
        importer.run()
    assert len(importer.slept) == 5
    importer.run()
    assert len(set(importer.ids())) == 4


def test_wrong_credentials_are_told_and_never_shown(
    importer: Importer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("NCMEC_TEST", "us:wrong-word")
    with pytest.raises(SourceFailed, match="401") as failed:
        importer.run()
    assert "wrong-word" not in f"{failed.value} {failed.value.hint}"
    assert importer.slept == []


def test_paging_to_another_server_is_not_followed(importer: Importer, served: Served) -> None:
    elsewhere = "<queryResult><paging><next>http://127.0.0.1:1/v2/entries?x=1</next></paging></queryResult>"
    served.first.append(Reply(elsewhere.encode()))
    with pytest.raises(SourceFailed, match="another server"):
        importer.run()


@pytest.mark.parametrize(
    "content",
    [b"", b"{}", b"<html/>", b"\xff\xfe<", b'<!DOCTYPE q [<!ENTITY a "aa">]><queryResult>&a;</queryResult>'],
)
def test_answers_of_another_kind_are_refused(content: bytes) -> None:
    with pytest.raises(SourceFailed):
        read_answer(content)

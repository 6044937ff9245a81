"""StopNCII's interface, over a real socket."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from tests.sources.importing import NOON, CutOff, Importer
from tests.sources.serving import Reply, Served, serving
from tests.sources.stopncii import FakeStopNcii

from havenwall.errors import SourceFailed
from havenwall.model.bank import BankSource, SourceKind
from havenwall.store import Store

DAY = int(NOON.timestamp())


def value(n: int) -> str:
    return f"{n:064x}"


@pytest.fixture
def source() -> FakeStopNcii:
    return FakeStopNcii()


@pytest.fixture
def served(source: FakeStopNcii) -> Iterator[Served]:
    with serving(source) as served:
        yield served


@pytest.fixture
def importer(store: Store, served: Served, monkeypatch: pytest.MonkeyPatch) -> Importer:
    monkeypatch.setenv("NCII_TEST", "sub:fun")
    place = BankSource(kind=SourceKind.STOPNCII, address=f"{served.address}/v1", credentials="env:NCII_TEST")
    return Importer(store, place)


@pytest.mark.parametrize("status", ["Withdrawn", "Deleted"])
def test_a_withdrawn_case_stops_matching(source: FakeStopNcii, importer: Importer, status: str) -> None:
    source.put(DAY - 100, value(1))
    source.put(DAY - 90, value(2), "Received")
    importer.run()
    source.put(DAY + 50, value(1), status)
    importer.later(hours=1)
    assert importer.run().done.withdrawn == 1
    assert [hash for *_, hash in importer.live()] == [value(2)]
    gone = next(e for e in importer.store.bank_view.entries("own") if e.withdrawn_at)
    assert status.lower() in gone.why


def test_a_restart_in_the_middle_loses_and_doubles_nothing(
    source: FakeStopNcii, served: Served, importer: Importer
) -> None:
    for n in range(7):
        source.put(DAY - 100 + n, value(n))
    with pytest.raises(CutOff):
        importer.run(cut_after=2)
    importer.later(minutes=5)
    importer.run()
    assert "nextPageToken=0-4" in served.requests[2]
    assert [hash for *_, hash in importer.live()] == [value(n) for n in range(7)]


@pytest.mark.parametrize("way", ["forgotten", "old"])
def test_a_place_that_counts_no_more_is_left_out(source: FakeStopNcii, importer: Importer, way: str) -> None:
    for n in range(7):
        source.put(DAY - 100 + n, value(n))
    with pytest.raises(CutOff):
        importer.run(cut_after=2)
    source.forget_tokens()
    importer.later(minutes=5 if way == "forgotten" else 90)
    importer.run()
    assert [hash for *_, hash in importer.live()] == [value(n) for n in range(7)]


def test_after_thirty_days_all_is_fetched_anew_and_what_is_gone_is_withdrawn(
    source: FakeStopNcii, importer: Importer
) -> None:
    for n in range(5):
        source.put(DAY - 100 + n, value(n))
    assert importer.run().from_beginning
    del source.records["ImagePDQ", value(3)]
    importer.later(days=29)
    assert not importer.run().from_beginning
    assert len(importer.live()) == 5
    importer.later(days=31)
    result = importer.run()
    assert result.from_beginning
    assert result.done.withdrawn == 1
    assert value(3) not in [hash for *_, hash in importer.live()]


def test_a_sweep_that_is_cut_off_goes_on(source: FakeStopNcii, importer: Importer) -> None:
    for n in range(6):
        source.put(DAY - 100 + n, value(n))
    importer.run()
    del source.records["ImagePDQ", value(5)]
    importer.later(days=40)
    with pytest.raises(CutOff):
        importer.run(cut_after=1)
    importer.later(minutes=1)
    assert importer.run().from_beginning
    assert [hash for *_, hash in importer.live()] == [value(n) for n in range(5)]


def test_an_empty_answer_after_a_long_time_withdraws_nothing_without_a_word(
    source: FakeStopNcii, importer: Importer
) -> None:
    source.size = 500
    for n in range(150):
        source.put(DAY - 1000 + n, value(n))
    importer.run()
    source.records.clear()
    importer.later(days=60)
    with pytest.raises(Exception, match="0 entries of 150"):
        importer.run()
    assert len(importer.live()) == 150
    assert importer.run(allow_shrink=True).done.withdrawn == 150


def test_other_and_malformed_records_stop_nobody(source: FakeStopNcii, importer: Importer) -> None:
    source.put(DAY - 5, value(1).upper())
    source.put(DAY - 4, "https://example.org", kind="URL")
    source.put(DAY - 3, "zz")
    source.put(DAY - 2, value(2), kind="Hologram")
    source.put(DAY - 1, "d" * 32, kind="VideoMD5")
    source.records["x", "y"] = {"lastModtimestamp": DAY, "odd": 1}
    result = importer.run()
    assert (result.done.added, result.done.skipped, result.done.rejected) == (2, 1, 3)
    assert sorted(hash for *_, hash in importer.live()) == [value(1), "d" * 32]


def test_feedback_is_kept_as_labels(source: FakeStopNcii, importer: Importer) -> None:
    told = [{"source": "x", "feedbackValue": "Blocked", "tags": ["t"]}, {"source": "y"}]
    source.put(DAY - 5, value(1), CSPFeedbacks=told)
    importer.run()
    (entry,) = importer.store.bank_view.entries("own")
    assert entry.labels == ("feedback:Blocked", "feedback:Unknown", "status:Active", "tag:t")


def test_keys_stand_in_headers_only(source: FakeStopNcii, served: Served, importer: Importer) -> None:
    source.put(DAY - 5, value(1))
    importer.run()
    assert not any("sub" in request or "fun" in request for request in served.requests)


@pytest.mark.parametrize("body", [b"", b"[]", b'{"hashRecords": []}', b"\xff"])
def test_answers_of_another_kind_are_refused(served: Served, importer: Importer, body: bytes) -> None:
    served.first.append(Reply(body))
    with pytest.raises(SourceFailed, match="documented"):
        importer.run()


def test_paging_that_stands_still_is_ended(served: Served, importer: Importer) -> None:
    still = b'{"hashRecords":[],"hasMoreRecords":true,"nextSetTimestamp":1,"nextPageToken":"t"}'
    served.first += [Reply(still), Reply(still)]
    with pytest.raises(SourceFailed, match="move on"):
        importer.run()

"""ThreatExchange's updates, over a real socket."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from tests.sources.importing import NOON, CutOff, Importer
from tests.sources.serving import Reply, Served, serving
from tests.sources.threatexchange import FakeThreatExchange

from havenwall.connect.threatexchange import without_token
from havenwall.errors import BadConfig, SourceFailed
from havenwall.model.bank import BankSource, SourceKind
from havenwall.store import Store

DAY = int(NOON.timestamp())


@pytest.fixture
def source() -> FakeThreatExchange:
    return FakeThreatExchange()


@pytest.fixture
def served(source: FakeThreatExchange) -> Iterator[Served]:
    with serving(source) as served:
        yield served


@pytest.fixture
def importer(store: Store, served: Served, monkeypatch: pytest.MonkeyPatch) -> Importer:
    monkeypatch.setenv("TE_TEST", "app|secret\n")
    place = BankSource(
        kind=SourceKind.THREATEXCHANGE,
        address=f"{served.address}/v26.0",
        credentials="env:TE_TEST",
        options={"privacy_group": "77"},
    )
    return Importer(store, place)


def test_all_hashes_of_media_come_in(source: FakeThreatExchange, importer: Importer) -> None:
    source.put(DAY - 9, "1", "HASH_PDQ", f"{1:064x}")
    source.put(DAY - 8, "2", "HASH_MD5", "A" * 32)
    source.put(DAY - 7, "3", "HASH_SHA256", "b" * 64)
    source.put(DAY - 6, "4", "URI", "https://example.org")
    source.put(DAY - 5, "5", "HASH_PDQ", "odd")
    result = importer.run()
    assert (result.done.added, result.done.skipped, result.done.rejected) == (3, 1, 1)
    assert ("2", "md5", "a" * 32) in importer.live()


def test_deleted_updates_are_withdrawn(source: FakeThreatExchange, importer: Importer) -> None:
    source.put(DAY - 9, "1", "HASH_MD5", "a" * 32)
    source.put(DAY - 8, "2", "HASH_MD5", "b" * 32)
    importer.run()
    source.delete(DAY - 1, "1")
    assert importer.run().done.withdrawn == 1
    assert importer.ids() == ["2"]


def test_a_restart_in_the_middle_of_a_second_loses_nothing(
    source: FakeThreatExchange, importer: Importer
) -> None:
    for n in range(7):
        source.put(DAY - 9 + n // 4, str(n), "HASH_MD5", f"{n:032x}")
    with pytest.raises(CutOff):
        importer.run(cut_after=1)
    importer.run()
    assert importer.ids() == [str(n) for n in range(7)]


def test_opinions_decide_and_are_labels(source: FakeThreatExchange, importer: Importer) -> None:
    def says(status: str, owner: str = "1", **more: object) -> dict[str, object]:
        return {"id": owner, "owner": {"id": owner}, "status": status, **more}

    source.put(DAY - 9, "1", "HASH_MD5", "a" * 32, says("NON_MALICIOUS"))
    source.put(DAY - 8, "2", "HASH_MD5", "b" * 32, says("NON_MALICIOUS"), says("MALICIOUS", "2"))
    source.put(DAY - 7, "3", "HASH_MD5", "c" * 32, says("MALICIOUS", tags={"data": [{"text": "x"}]}))
    source.put(DAY - 6, "4", "HASH_MD5", "d" * 32, {"id": "9", "status": "MALICIOUS"})
    importer.run()
    labels = {entry.source_id: entry.labels for entry in importer.store.bank_view.entries("own")}
    assert set(labels) == {"2", "3"}
    assert "disputed" in labels["2"]
    assert labels["3"] == ("status:MALICIOUS", "tag:x", "type:HASH_MD5")


def test_after_85_days_all_is_fetched_anew(source: FakeThreatExchange, importer: Importer) -> None:
    for n in range(3):
        source.put(DAY - 9, str(n), "HASH_MD5", f"{n:032x}")
    importer.run()
    del source.updates["1"]
    importer.later(days=84)
    assert not importer.run().from_beginning
    importer.later(days=86)
    assert importer.run().done.withdrawn == 1
    assert importer.ids() == ["0", "2"]


def test_the_token_stands_in_no_address_and_no_table(
    source: FakeThreatExchange, served: Served, importer: Importer
) -> None:
    for n in range(5):
        source.put(DAY - 9 + n, str(n), "HASH_MD5", f"{n:032x}")
    importer.run()
    assert len(served.requests) == 3
    assert not any("secret" in request for request in served.requests)
    view = importer.store
    assert "secret" not in repr((view.banks.state("own"), view.bank_view.statuses()))
    assert without_token("https://x/y?a=1&access_token=app%7Csecret&b=2") == "https://x/y?a=1&b=2"


def test_answers_of_another_kind_and_loops_are_refused(served: Served, importer: Importer) -> None:
    served.first.append(Reply(b"{}"))
    with pytest.raises(SourceFailed, match="documented"):
        importer.run()
    place = f"{served.address}/v26.0/77/threat_updates/?after=1"
    served.first += [Reply(b'{"data":[],"paging":{"next":"%s"}}' % place.encode())] * 3
    with pytest.raises(SourceFailed, match="move on"):
        importer.run()


def test_without_a_group_nothing_is_asked(importer: Importer) -> None:
    importer.bank.source.options.clear()
    with pytest.raises(BadConfig, match=r"privacy_group|missing"):
        importer.run()

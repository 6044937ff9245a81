from __future__ import annotations

import gzip
import json
import tempfile
from pathlib import Path
from typing import Any

import polars as pl
import pytest
import zstandard
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.unit.intake.samples import LINK, ListSink, jsonl, links, rejects_in, written

from havenwall.engine import EVENT_SCHEMA
from havenwall.errors import BadInput
from havenwall.intake import Format, Summary, ingest_file

PACK = {"": bytes, ".gz": gzip.compress, ".zst": zstandard.compress}


def ingest(path: Path, sink: ListSink, **options: Any) -> Summary:
    summary = ingest_file(path, sink, rejects=path.parent / "rejects.jsonl", **options)
    assert summary.read == summary.accepted + summary.duplicates + summary.rejected
    assert len(rejects_in(path.parent / "rejects.jsonl")) == summary.rejected
    return summary


def stored(folder: Path, suffix: str, rows: list[dict[str, Any]]) -> Path:
    path = folder / f"a{suffix}"
    if suffix == ".jsonl":
        return written(path, jsonl(rows))
    table = pl.DataFrame(rows)
    table.write_csv(path) if suffix == ".csv" else table.write_parquet(path)
    return path


@pytest.mark.parametrize("packing", PACK)
@pytest.mark.parametrize("suffix", [".jsonl", ".csv", ".parquet"])
def test_every_format_gives_the_same_events(suffix: str, packing: str, tmp_path: Path) -> None:
    rows = [*links(30), LINK | {"source_id": "bad", "weight": -1.0}, *links(2)]
    plain = stored(tmp_path, suffix, rows)
    path = written(tmp_path / f"b{suffix}{packing}", PACK[packing](plain.read_bytes()))
    sink = ListSink()
    summary = ingest(path, sink, rows=8)
    assert (summary.read, summary.accepted, summary.duplicates, summary.rejected) == (33, 30, 2, 1)
    assert sink.ids == [f"l{i}" for i in range(30)]
    assert max(sink.heights) <= 8
    [reject] = rejects_in(tmp_path / "rejects.jsonl")
    assert (reject["line"], reject["field"]) == (31 + (suffix == ".csv"), "weight")
    assert json.loads(reject["raw"])["source_id"] == "bad"


def test_the_sink_gets_the_event_columns_in_normal_form(tmp_path: Path) -> None:
    seen: list[pl.DataFrame] = []

    class Keeper:
        def append(self, frame: pl.DataFrame) -> int:
            seen.append(frame)
            return frame.height

    path = written(tmp_path / "a.jsonl", jsonl([LINK | {"entity": "Account:1", "tags": ["#Tin"]}]))
    ingest_file(path, Keeper(), rejects=tmp_path / "rejects.jsonl")
    assert seen[0].schema == pl.Schema(EVENT_SCHEMA)
    assert seen[0].row(0, named=True)["entity"] == "account:1"
    assert seen[0].row(0, named=True)["tags"] == ["tin"]


def test_twice_the_same_file_changes_nothing(tmp_path: Path) -> None:
    path = written(tmp_path / "a.jsonl", jsonl(links(10)))
    sink = ListSink()
    ingest(path, sink)
    again = ingest(path, sink)
    assert (again.accepted, again.duplicates) == (0, 10)


def test_the_first_of_two_with_one_id_stays(tmp_path: Path) -> None:
    rows = [LINK | {"weight": 2.0}, LINK | {"weight": 3.0}]
    sink = ListSink()
    assert ingest(written(tmp_path / "a.jsonl", jsonl(rows)), sink).duplicates == 1
    assert sink.rows["plat", "l1"]["weight"] == 2.0


def test_links_without_id_get_one_made_from_themselves(tmp_path: Path) -> None:
    bare = {key: value for key, value in LINK.items() if key not in ("source", "source_id")}
    later = bare | {"at": "2026-01-31T12:00:01Z"}
    post = bare | {"type": "post", "target": "post:1", "link": None}
    sink = ListSink()
    path = written(tmp_path / "a.jsonl", jsonl([bare, later, bare, bare | {"at": "soon"}, post]))
    summary = ingest(path, sink, source="feed")
    assert (summary.accepted, summary.duplicates, summary.rejected) == (2, 1, 2)
    assert sink.ids[0] == "link|follow|9|account:1|account:2|1769860800000000"
    assert [reject["field"] for reject in rejects_in(tmp_path / "rejects.jsonl")] == ["at", "source_id"]


def test_progress_reaches_the_end(tmp_path: Path) -> None:
    path = written(tmp_path / "a.jsonl", jsonl(links(25)))
    calls: list[tuple[int, int, int]] = []
    ingest(path, ListSink(), rows=10, progress=lambda *call: calls.append(call))
    size = path.stat().st_size
    assert [call[2] for call in calls] == [10, 20, 25]
    assert calls[-1] == (size, size, 25)


def test_without_rejects_there_is_no_file(tmp_path: Path) -> None:
    summary = ingest(written(tmp_path / "a.jsonl", jsonl(links(3))), ListSink())
    assert summary.rejects_path is None
    assert not (tmp_path / "rejects.jsonl").exists()


def test_unknown_columns_stop_the_file_before_anything_goes_in(tmp_path: Path) -> None:
    sink = ListSink()
    with pytest.raises(BadInput, match="colour"):
        ingest(stored(tmp_path, ".parquet", [LINK | {"colour": "red"}]), sink)
    assert sink.heights == []


@pytest.mark.parametrize("packing", [".gz", ".zst"])
def test_a_cut_file_gives_what_was_whole(packing: str, tmp_path: Path) -> None:
    packed = PACK[packing](jsonl(links(20_000)))
    sink = ListSink()
    summary = ingest(written(tmp_path / f"a.jsonl{packing}", packed[: len(packed) * 9 // 10]), sink)
    assert summary.rejected == 1
    assert 10_000 < summary.accepted < 20_000
    assert sink.ids == [f"l{i}" for i in range(summary.accepted)]


@given(st.lists(st.binary(max_size=40), max_size=6), st.booleans())
@settings(max_examples=50)
def test_any_bytes_around_good_lines_leave_them_be(parts: list[bytes], packed: bool) -> None:
    good = jsonl([LINK])
    text = good + b"\n".join(parts) + b"\n" + good.replace(b"l1", b"l2")
    sink = ListSink()
    with tempfile.TemporaryDirectory() as folder:
        path = written(Path(folder) / "a", gzip.compress(text) if packed else text)
        ingest(path, sink, format=Format.JSONL)
    assert sink.ids == ["l1", "l2"]


@given(st.binary(max_size=200), st.sampled_from([b"", b"\x1f\x8b", b"\x28\xb5\x2f\xfd", b"{"]))
@settings(max_examples=50)
def test_any_bytes_are_counted(data: bytes, start: bytes) -> None:
    with tempfile.TemporaryDirectory() as folder:
        ingest(written(Path(folder) / "a", start + data), ListSink(), format=Format.JSONL)

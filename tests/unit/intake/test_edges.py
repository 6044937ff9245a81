from __future__ import annotations

import gzip
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from tests.unit.intake.samples import ListSink, rejects_in, written

from havenwall.errors import BadInput
from havenwall.intake import Summary, ingest_chunks, read_edges
from havenwall.model import LinkKind

AT = datetime(2026, 1, 31, 12, tzinfo=UTC)


def ingest(path: Path, sink: ListSink, **options: Any) -> Summary:
    chunks = read_edges(path, source="list", **({"at": AT} | options))
    rejects = path.parent / "rejects.jsonl"
    summary = ingest_chunks(chunks, sink, size=path.stat().st_size, rejects=rejects)
    assert summary.read == summary.accepted + summary.duplicates + summary.rejected
    return summary


def ties(sink: ListSink) -> list[tuple[str, str, float]]:
    return [(row["entity"], row["target"], row["weight"]) for row in sink.rows.values()]


@pytest.mark.parametrize(
    "text",
    [
        b"1 2\n3 4",
        b"# a comment\n1\t2\n\n#9 9\n3\t4\n",
        b"1,2\r\n3,4\r\n",
        b"FromNodeId;ToNodeId\n1;2\n3;4\n",
        b'"source", "target"\n"1", "2"\n"3", "4"\n',
        b"left,right\n1,2\n3,4\n",
        b"x y weight\n1 2 1.0\n3 4 1\n",
    ],
)
def test_two_ids_a_line_are_links(text: bytes, tmp_path: Path) -> None:
    sink = ListSink()
    summary = ingest(written(tmp_path / "a.txt", text), sink)
    assert ties(sink) == [("account:1", "account:2", 1.0), ("account:3", "account:4", 1.0)]
    assert (summary.read, summary.rejected) == (2, 0)
    row = sink.rows["list", "link|follow|9|account:1|account:2"]
    assert (row["type"], row["link"], row["at"]) == ("link", "follow", AT)


def test_names_of_people_are_no_header(tmp_path: Path) -> None:
    sink = ListSink()
    ingest(written(tmp_path / "a.txt", b"ash birch\ncedar 4\n"), sink)
    assert [tie[:2] for tie in ties(sink)] == [
        ("account:ash", "account:birch"),
        ("account:cedar", "account:4"),
    ]


def test_a_third_column_is_the_weight(tmp_path: Path) -> None:
    sink = ListSink()
    summary = ingest(written(tmp_path / "a.csv", b"1,2,0.5\n1,3,heavy\n1,4,-1\n"), sink, link=LinkKind.LIKE)
    assert ties(sink) == [("account:1", "account:2", 0.5)]
    assert summary.rejected == 2


def test_undirected_gives_both_directions(tmp_path: Path) -> None:
    sink = ListSink()
    summary = ingest(written(tmp_path / "a.txt", b"1 2\n2 1\n3 3\n"), sink, directed=False)
    assert [tie[:2] for tie in ties(sink)] == [("account:1", "account:2"), ("account:2", "account:1")]
    assert (summary.duplicates, summary.rejected) == (2, 1)


def test_a_repeat_changes_nothing_even_at_another_time(tmp_path: Path) -> None:
    sink = ListSink()
    path = written(tmp_path / "a.txt", b"1 2\n3 4\n")
    ingest(path, sink)
    assert ingest(path, sink, at=None).duplicates == 2


def test_lines_that_are_no_edge_are_rejects(tmp_path: Path) -> None:
    text = b"1 2\n1\n1,,2\n1 2 3 4\n\xff 2\n5 5\n6 7\n"
    sink = ListSink()
    ingest(written(tmp_path / "a.txt", text), sink)
    assert [tie[0] for tie in ties(sink)] == ["account:1", "account:6"]
    found = rejects_in(tmp_path / "rejects.jsonl")
    assert [reject["line"] for reject in found] == [2, 3, 4, 5, 6]
    assert [reject["field"] for reject in found] == ["", "", "", "", "target"]


def test_ids_that_run_into_each_other_stay_apart(tmp_path: Path) -> None:
    sink = ListSink()
    ingest(written(tmp_path / "a.txt", b"a|account:b c\na b|account:c\n"), sink)
    assert len(sink.rows) == 2


def test_long_ids_get_a_digest(tmp_path: Path) -> None:
    sink = ListSink()
    ingest(written(tmp_path / "a.txt", b"1 2\n" + b"x" * 200 + b" " + b"y" * 200), sink)
    assert sink.ids[0] == "link|follow|9|account:1|account:2"
    assert sink.ids[1].startswith("sha256:")


def test_a_packed_list_is_unpacked(tmp_path: Path) -> None:
    sink = ListSink()
    path = written(tmp_path / "a.txt.gz", gzip.compress(b"1 2\n" * 10 + b"3 4"))
    assert ingest(path, sink).read == 11
    assert len(sink.rows) == 2


def test_a_table_of_ids_is_a_list_too(tmp_path: Path) -> None:
    table = pl.DataFrame({"a": [1, 3, None], "b": [2, 4, 5], "w": [0.5, 2.0, 1.0]})
    table.write_parquet(tmp_path / "a.parquet")
    sink = ListSink()
    assert ingest(tmp_path / "a.parquet", sink, rows=2).rejected == 1
    assert ties(sink) == [("account:1", "account:2", 0.5), ("account:3", "account:4", 2.0)]


@pytest.mark.parametrize(
    "table",
    [pl.DataFrame({"a": [1]}), pl.DataFrame({"a": [1.5], "b": [2]}), pl.DataFrame({"a": [1], "b": [True]})],
)
def test_a_table_of_other_columns_is_bad_input(table: pl.DataFrame, tmp_path: Path) -> None:
    table.write_parquet(tmp_path / "a.parquet")
    with pytest.raises(BadInput) as caught:
        ingest(tmp_path / "a.parquet", ListSink())
    assert caught.value.hint


def test_the_time_needs_a_zone(tmp_path: Path) -> None:
    with pytest.raises(BadInput, match="time zone"):
        read_edges(written(tmp_path / "a.txt", b"1 2\n"), source="list", at=datetime(2026, 1, 31))  # noqa: DTZ001

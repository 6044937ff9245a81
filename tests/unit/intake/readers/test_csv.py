from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.unit.intake.samples import lines_of, written

from havenwall.errors import BadInput
from havenwall.intake.readers.chunk import Chunk
from havenwall.intake.readers.csv import read_csv

HEAD = b"source,source_id,type,at,entity,target,text,tags\n"
GOOD = b"plat,p1,post,2026-01-31T12:00:00Z,account:1,post:1,hello,#a b\n"


def read(folder: Path, text: bytes, rows: int = 100) -> list[Chunk]:
    return list(read_csv(written(folder / "a.csv", text), rows=rows))


def bad_lines(chunks: list[Chunk]) -> list[int]:
    return [reject.line for chunk in chunks for reject in chunk.rejects]


def test_cells_become_columns(tmp_path: Path) -> None:
    [chunk] = read(tmp_path, HEAD + GOOD + b"plat,,post,2026-01-31T12:00:00Z,account:1,post:1,,\n")
    first, second = chunk.frame.rows(named=True)
    assert first["tags"] == ["#a", "b"]
    assert (second["source_id"], second["text"], second["tags"]) == (None, None, None)
    assert (second["weight"], second["line"]) == (None, 3)


@pytest.mark.parametrize(
    ("text", "good", "bad"),
    [
        (GOOD * 2, [2, 3], []),
        (GOOD.replace(b"\n", b"\r\n") + b"\r\n" + GOOD, [2, 4], []),
        (GOOD.replace(b"hello", b'"a ""quoted""\nline, two"') + GOOD, [2, 4], []),
        (b"too,few\n" + GOOD, [3], [2]),
        (GOOD + b'plat,"stray\n' + GOOD * 3, [2, 4, 5, 6], [3]),
        (b'"a"b\n' + GOOD, [3], [2]),
        (b'"never closed\n' + GOOD * 2, [3, 4], [2]),
        (GOOD.replace(b"hello", b"\xff") + GOOD, [3], [2]),
        (b"", [], []),
    ],
)
def test_good_rows_go_in_and_bad_ones_stay_out(
    text: bytes, good: list[int], bad: list[int], tmp_path: Path
) -> None:
    chunks = read(tmp_path, HEAD + text)
    assert lines_of(chunks) == good
    assert bad_lines(chunks) == bad


@pytest.mark.parametrize(
    ("head", "field"),
    [
        (b"source,type,at,entity,colour\n", "colour"),
        (b"source,type,at,entity,entity\n", "entity"),
        (b"source,type,entity\n", "at"),
        (b"type,at,entity\n", "source"),
        (b"", None),
    ],
)
def test_a_header_that_cannot_be_is_bad_input(head: bytes, field: str | None, tmp_path: Path) -> None:
    with pytest.raises(BadInput) as caught:
        read(tmp_path, head + b"a,b,c,d,e\n" * bool(head))
    assert caught.value.field == field
    assert caught.value.hint


def test_chunks_are_as_large_as_asked(tmp_path: Path) -> None:
    assert [chunk.frame.height for chunk in read(tmp_path, HEAD + GOOD * 25, rows=10)] == [10, 10, 5]


@given(st.lists(st.one_of(st.binary(max_size=20), st.text('",\n', max_size=8).map(str.encode)), max_size=5))
@settings(max_examples=50)
def test_any_bytes_are_rows_or_rejects(tmp_path_factory: pytest.TempPathFactory, parts: list[bytes]) -> None:
    text = HEAD + b"\n".join(parts) + b"\n" + GOOD
    chunks = read(tmp_path_factory.mktemp("csv"), text)
    found = [*lines_of(chunks), *bad_lines(chunks)]
    assert len(set(found)) == len(found)

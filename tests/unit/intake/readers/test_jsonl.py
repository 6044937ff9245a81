from __future__ import annotations

from pathlib import Path

import pytest
from tests.unit.intake.samples import LINK, jsonl, lines_of, links, written

from havenwall.intake.readers.jsonl import read_jsonl

GOOD = jsonl([LINK])


@pytest.mark.parametrize(
    ("text", "good", "bad"),
    [
        (GOOD * 3, [1, 2, 3], []),
        (GOOD.strip(), [1], []),
        (GOOD.replace(b"\n", b"\r\n") * 2, [1, 2], []),
        (b"\n" + GOOD + b"  \n" + GOOD, [2, 4], []),
        (GOOD + b"{oops\n" + GOOD, [1, 3], [2]),
        (GOOD.strip() + GOOD + GOOD, [2], [1]),
        (b"{\n}\n" + GOOD, [3], [1, 2]),
        (GOOD + b'{"colour": "red"}\n', [1], [2]),
        (GOOD + b'{"source": "\xff"}\n' + GOOD, [1, 3], [2]),
        (b"[]\n" + b"[" * 100_000 + b"\n" + GOOD, [3], [1, 2]),
        (b"\xef\xbb\xbf" + GOOD, [1], []),
        (b"", [], []),
    ],
)
def test_good_lines_go_in_and_bad_ones_stay_out(
    text: bytes, good: list[int], bad: list[int], tmp_path: Path
) -> None:
    chunks = list(read_jsonl(written(tmp_path / "a.jsonl", text), rows=100))
    assert lines_of(chunks) == good
    assert [reject.line for chunk in chunks for reject in chunk.rejects] == bad


def test_a_reject_names_the_field_and_keeps_the_line(tmp_path: Path) -> None:
    path = written(tmp_path / "a.jsonl", b'{"weight": "2"}\n{"colour": 1}\nno\n')
    [chunk] = read_jsonl(path, rows=100)
    assert [reject.field for reject in chunk.rejects] == ["weight", "colour", ""]
    assert [reject.raw for reject in chunk.rejects] == ['{"weight": "2"}', '{"colour": 1}', "no"]


def test_chunks_are_as_large_as_asked(tmp_path: Path) -> None:
    chunks = list(read_jsonl(written(tmp_path / "a.jsonl", jsonl(links(25))), rows=10))
    assert [chunk.frame.height for chunk in chunks] == [10, 10, 5]
    assert lines_of(chunks) == list(range(1, 26))


def test_the_source_fills_only_gaps(tmp_path: Path) -> None:
    text = jsonl([LINK, {k: v for k, v in LINK.items() if k != "source"}])
    [chunk] = read_jsonl(written(tmp_path / "a.jsonl", text), rows=10, source="file")
    assert chunk.frame["source"].to_list() == ["plat", "file"]

from __future__ import annotations

from pathlib import Path

import pytest
from tests.unit.intake.samples import LINK, jsonl, written

from havenwall.errors import BadInput
from havenwall.intake import Format, file_format, read_chunks


@pytest.mark.parametrize(
    ("name", "format"),
    [
        ("a.jsonl", Format.JSONL),
        ("a.NDJSON.GZ", Format.JSONL),
        ("a.b.csv.zst", Format.CSV),
        ("a.parquet", Format.PARQUET),
    ],
)
def test_the_name_tells_the_format(name: str, format: Format) -> None:
    assert file_format(Path(name)) is format


@pytest.mark.parametrize("name", ["a", "a.txt", "a.gz", "a.parquet.zip"])
def test_an_unknown_name_is_bad_input(name: str) -> None:
    with pytest.raises(BadInput, match="does not tell its format") as caught:
        file_format(Path(name))
    assert ".jsonl" in str(caught.value.hint)


def test_the_format_may_be_given(tmp_path: Path) -> None:
    path = written(tmp_path / "upload", jsonl([LINK]))
    [chunk] = read_chunks(path, format=Format.JSONL)
    assert chunk.frame.height == 1


def test_no_file_is_bad_input(tmp_path: Path) -> None:
    with pytest.raises(BadInput, match="is not a file"):
        read_chunks(tmp_path / "a.jsonl")

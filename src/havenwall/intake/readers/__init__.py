"""Reads bulk files chunk by chunk, one module per format."""

from __future__ import annotations

from collections.abc import Iterator
from enum import StrEnum
from pathlib import Path

from havenwall.errors import BadInput
from havenwall.intake.readers.chunk import CHUNK_ROWS, Chunk
from havenwall.intake.readers.csv import read_csv
from havenwall.intake.readers.jsonl import read_jsonl
from havenwall.intake.readers.parquet import read_parquet

__all__ = ["CHUNK_ROWS", "Chunk", "Format", "file_format", "read_chunks"]


class Format(StrEnum):
    """How a bulk file is written."""

    JSONL = "jsonl"
    CSV = "csv"
    PARQUET = "parquet"


_SUFFIXES = {
    ".jsonl": Format.JSONL,
    ".ndjson": Format.JSONL,
    ".csv": Format.CSV,
    ".parquet": Format.PARQUET,
}
_PACKED = (".gz", ".zst")
_READERS = {Format.JSONL: read_jsonl, Format.CSV: read_csv, Format.PARQUET: read_parquet}


def file_format(path: Path) -> Format:
    """The format that a file's name tells, behind `.gz` or `.zst`.

    Raises:
        BadInput: the name tells none that we know.
    """
    plain = path.with_suffix("") if path.suffix.lower() in _PACKED else path
    try:
        return _SUFFIXES[plain.suffix.lower()]
    except KeyError:
        hint = f"name the format, or end the file in {', '.join(_SUFFIXES)}, each also with .gz or .zst"
        raise BadInput(f"{path.name} does not tell its format", hint=hint) from None


def read_chunks(
    path: Path, *, format: Format | None = None, rows: int = CHUNK_ROWS, source: str | None = None
) -> Iterator[Chunk]:
    """The rows of a bulk file, at most `rows` at a time, as written; `tidy` and `problems` come next.

    Args:
        path: JSON Lines, CSV or Parquet, each plain, gzip or Zstandard (told by the first bytes).
        format: how it is written; by default the name tells.
        rows: most rows in memory at a time.
        source: stands in where a row does not name its source.

    Raises:
        BadInput: the format or a column is unknown, or the file cannot be read at all.
    """
    if not path.is_file():
        raise BadInput(f"{path} is not a file", hint="check the path")
    return _READERS[format or file_format(path)](path, rows=rows, source=source)

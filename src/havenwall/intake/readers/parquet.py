"""Parquet: a column per field, typed or as text."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import NamedTuple

import polars as pl

from havenwall.engine import EVENT_SCHEMA
from havenwall.errors import BadInput
from havenwall.intake.draft import Fault
from havenwall.intake.readers.chunk import Chunk
from havenwall.intake.readers.columns import LINE, check_columns, event_columns
from havenwall.intake.readers.stream import pieces
from havenwall.intake.rejects import reject

_MAGIC = b"PAR1"
_BROKEN = (pl.exceptions.PolarsError, OSError, pl.exceptions.PanicException)
"""What Polars raises on a broken file; some damage makes it panic."""
_NO_FILE = "is not a whole Parquet file"
_TEXT = (pl.String, pl.Categorical, pl.Enum)


class Slice(NamedTuple):
    """Some rows of a table."""

    frame: pl.DataFrame
    first: int
    """1-based number of the first row."""
    share: float
    """Share of the table read so far, 0..1."""
    fault: Fault | None = None
    """On the last slice only: why the rest cannot be read."""


def read_parquet(path: Path, *, rows: int, source: str | None = None) -> Iterator[Chunk]:
    """The events of a Parquet file. A part that cannot be read ends the file with one reject.

    Raises:
        BadInput: on the first step, if it is no Parquet file, or a column is unknown, missing or of a
            type that cannot be an event's.
    """
    size = path.stat().st_size
    with open_parquet(path) as table:
        schema = table.collect_schema()
        check_columns(schema.names(), source)
        table = table.select(_column(name, dtype) for name, dtype in schema.items())
        for part in slices(table, rows):
            numbered = part.frame.with_row_index(LINE, part.first)
            rejects = (reject(part.first, part.fault, ""),) if part.fault else ()
            yield Chunk(event_columns(numbered, source), rejects, int(size * part.share))


@contextmanager
def open_parquet(path: Path) -> Iterator[pl.LazyFrame]:
    """The table in a Parquet file, which is unpacked into a temporary file first if need be.

    Raises:
        BadInput: it is not a whole Parquet file.
    """
    with path.open("rb") as file:
        packed = file.read(len(_MAGIC)) != _MAGIC
    if not packed:
        yield _scanned(path, path)
        return
    with NamedTemporaryFile(suffix=".parquet") as plain:
        for piece in pieces(path):
            if piece.fault:
                raise BadInput(f"{path.name} {_NO_FILE}: {piece.fault.reason}", hint=piece.fault.hint)
            plain.write(piece.data)
        plain.flush()
        yield _scanned(Path(plain.name), path)


def slices(table: pl.LazyFrame, rows: int) -> Iterator[Slice]:
    """The rows of a table, `rows` at a time; ends early, with a fault, where it cannot be read."""
    height = int(table.select(pl.len()).collect().item())
    for start in range(0, height, rows):
        try:
            frame = table.slice(start, rows).collect()
        except _BROKEN as error:
            fault = Fault("", f"the file is broken from this row on ({error})", "write the file again")
            yield Slice(table.head(0).collect(), start + 1, 1.0, fault)
            return
        yield Slice(frame, start + 1, min(1.0, (start + rows) / height))


def _scanned(plain: Path, path: Path) -> pl.LazyFrame:
    try:
        table = pl.scan_parquet(plain, glob=False)
        table.collect_schema()
    except _BROKEN as error:
        hint = "write the file again, or name its format"
        raise BadInput(f"{path.name} {_NO_FILE} ({error})", hint=hint) from error
    return table


def _column(name: str, dtype: pl.DataType) -> pl.Expr:
    """The column in a type the checks take."""
    column = pl.col(name)
    if dtype == pl.Null:
        return column.cast(EVENT_SCHEMA[name])
    if name == "tags":
        return _tags(column, dtype)
    if name == "at" and isinstance(dtype, pl.Datetime):
        return _zoned(column, dtype)
    if name == "weight" and dtype.is_numeric():
        return column.cast(pl.Float64)
    if isinstance(dtype, _TEXT) or (dtype.is_integer() and name == "source_id"):
        return column.cast(pl.String)
    raise BadInput(
        f"the column is {dtype}", field=name, hint="write it as text; see docs/reference/events.md"
    )


def _tags(column: pl.Expr, dtype: pl.DataType) -> pl.Expr:
    if isinstance(dtype, _TEXT):
        return column.cast(pl.String).str.split(" ")
    if isinstance(dtype, pl.List) and isinstance(dtype.inner, (*_TEXT, pl.Null)):
        return column.cast(pl.List(pl.String))
    raise BadInput(f"the column is {dtype}", field="tags", hint="write a list of texts, or text with spaces")


def _zoned(column: pl.Expr, dtype: pl.Datetime) -> pl.Expr:
    if dtype.time_zone is None:
        raise BadInput("the column has no time zone", field="at", hint="store the times with the zone UTC")
    return column.dt.convert_time_zone("UTC").dt.cast_time_unit("us")

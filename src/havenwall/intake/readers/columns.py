"""Makes a reader's columns the event columns, or says before anything goes in why they cannot be."""

from __future__ import annotations

from collections.abc import Sequence

import polars as pl

from havenwall.engine import EVENT_SCHEMA
from havenwall.errors import BadInput
from havenwall.intake.draft import FIELDS

LINE = "line"
"""The extra column with the line number."""

_NEEDED = ("source", "type", "at", "entity")


def check_columns(names: Sequence[str], source: str | None) -> None:
    """Checks the names of a file's columns; `source` stands in for that column.

    Raises:
        BadInput: a column is unknown, doubled or missing.
    """
    for name in names:
        if name not in FIELDS:
            hint = f"rename or drop it; the columns are {', '.join(FIELDS)}"
            raise BadInput("is not a column of the event format", field=name, hint=hint)
        if names.count(name) > 1:
            raise BadInput("is there more than once", field=name, hint="drop one of the columns")
    for name in _NEEDED:
        if name not in names and not (name == "source" and source):
            hint = "name the feed when reading the file" if name == "source" else "add the column"
            raise BadInput("the column is missing", field=name, hint=hint)


def event_columns(frame: pl.DataFrame, source: str | None) -> pl.DataFrame:
    """The frame with all event columns in order and `line`; rows without a source get `source`."""
    absent = [name for name in FIELDS if name not in frame.columns]
    frame = frame.with_columns(pl.lit(None, EVENT_SCHEMA[name]).alias(name) for name in absent)
    if source:
        frame = frame.with_columns(pl.col("source").fill_null(source))
    return frame.select(*FIELDS, pl.col(LINE).cast(pl.Int64))

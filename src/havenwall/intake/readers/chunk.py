"""What a reader gives out: Chunk, the rows that could be read and those that could not."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import NamedTuple

import polars as pl

from havenwall.intake.rejects import Reject

CHUNK_ROWS = 250_000
"""Rows of a chunk unless the caller says otherwise."""


class Chunk(NamedTuple):
    """A run of rows of a file.

    `frame` has the columns of EVENT_SCHEMA, where `at`, `weight` and `attributes` may still be text, and
    `line`, the 1-based line (in Parquet: row) number.
    """

    frame: pl.DataFrame
    rejects: tuple[Reject, ...]
    done: int
    """Bytes of the file consumed so far."""


def gather(chunks: Iterable[Chunk], rows: int) -> Iterator[Chunk]:
    """Joins small chunks (of the same column types) into chunks of at most `rows` rows.

    Rejects count as rows, so that a file of nothing but rubbish does not pile up either.
    """
    held: list[Chunk] = []
    for chunk in chunks:
        held.append(chunk)
        if sum(part.frame.height + len(part.rejects) for part in held) >= rows:
            yield from _joined(held, rows)
            held = []
    if any(part.frame.height or part.rejects for part in held):
        yield from _joined(held, rows)


def _joined(parts: list[Chunk], rows: int) -> Iterator[Chunk]:
    rejects = tuple(reject for part in parts for reject in part.rejects)
    whole = pl.concat([part.frame for part in parts], rechunk=True)
    yield Chunk(whole.head(rows), rejects, parts[-1].done)
    for start in range(rows, whole.height, rows):
        yield Chunk(whole.slice(start, rows), (), parts[-1].done)

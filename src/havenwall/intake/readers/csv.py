"""CSV with a header: columns named as an event's fields, tags separated by spaces."""

from __future__ import annotations

import csv
from collections import deque
from collections.abc import Iterator
from itertools import islice
from pathlib import Path
from typing import NamedTuple

import polars as pl

from havenwall.errors import BadInput
from havenwall.intake.draft import Fault
from havenwall.intake.readers.chunk import Chunk, gather
from havenwall.intake.readers.columns import LINE, check_columns, event_columns
from havenwall.intake.readers.lines import Block, blocks
from havenwall.intake.rejects import Reject, reject

_BATCH = 20_000
_NOT_UTF8 = Fault("", "holds bytes that are not UTF-8", "write the file in UTF-8")


class _Line(NamedTuple):
    number: int
    text: str


class _Row(NamedTuple):
    line: int
    cells: list[str]


def read_csv(path: Path, *, rows: int, source: str | None = None) -> Iterator[Chunk]:
    """The events of a CSV file; empty cells count as not given, quoted cells may span lines.

    Raises:
        BadInput: on the first step, if a column is unknown or missing.
    """
    return gather(_batches(_Feed(path), source), rows)


def _batches(feed: _Feed, source: str | None) -> Iterator[Chunk]:
    table = _rows(feed)
    names = [name.strip() for name in next(table, _Row(0, [])).cells]
    if not names:
        raise BadInput("the file has no header", hint="write the names of the fields into the first line")
    check_columns(names, source)
    while batch := list(islice(table, _BATCH)):
        yield Chunk(_frame(names, batch, source), feed.rejected(), feed.done)
    yield Chunk(_frame(names, [], source), feed.rejected(), feed.done)


def _frame(names: list[str], rows: list[_Row], source: str | None) -> pl.DataFrame:
    cells = list(zip(*(row.cells for row in rows), strict=True)) or [()] * len(names)
    columns = [pl.Series(name, values, dtype=pl.String) for name, values in zip(names, cells, strict=True)]
    frame = pl.DataFrame(columns).with_columns(pl.all().replace("", None))
    if "tags" in names:
        frame = frame.with_columns(pl.col("tags").str.split(" "))
    return event_columns(frame.with_columns(pl.Series(LINE, [row.line for row in rows], pl.Int64)), source)


def _rows(feed: _Feed) -> Iterator[_Row]:
    """Each row as wide as the first; blank lines left out, what does not parse set aside."""
    reader = csv.reader(feed, strict=True)
    width = 0
    while True:
        feed.record.clear()
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            feed.refuse(f"is not CSV ({error})", "close the quotes, and double those inside a cell")
            continue
        width = width or len(cells)
        if len(cells) == width:
            yield _Row(feed.record[0].number, cells)
        elif cells:
            feed.refuse(f"has {len(cells)} cells, the header {width}", "quote commas inside a cell")


class _Feed:
    """The file's lines for the CSV parser, with a way back: a stray quote must not swallow good lines."""

    def __init__(self, path: Path) -> None:
        self.record: list[_Line] = []
        """The lines taken since the last clear."""
        self.done = 0
        self._lines = self._read(path)
        self._again: deque[_Line] = deque()
        self._rejects: list[Reject] = []

    def __iter__(self) -> Iterator[str]:
        return self

    def __next__(self) -> str:
        line = self._again.popleft() if self._again else next(self._lines)
        self.record.append(line)
        return line.text

    def refuse(self, reason: str, hint: str) -> None:
        """Sets the record's first line aside; the parser gets its other lines again."""
        first, *others = self.record
        self._rejects.append(reject(first.number, Fault("", reason, hint), first.text))
        self._again.extendleft(reversed(others))

    def rejected(self) -> tuple[Reject, ...]:
        """The rejects since the last call."""
        rejects, self._rejects = tuple(self._rejects), []
        return rejects

    def _read(self, path: Path) -> Iterator[_Line]:
        for block in blocks(path):
            self.done = block.done
            yield from self._decoded(block)
            self._rejects.extend(block.rejects)

    def _decoded(self, block: Block) -> Iterator[_Line]:
        for number, line in enumerate(block.data.splitlines(keepends=True), block.first):
            try:
                yield _Line(number, line.decode())
            except UnicodeDecodeError:
                self._rejects.append(reject(number, _NOT_UTF8, line))

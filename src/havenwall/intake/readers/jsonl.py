"""JSON Lines: one event per line."""

from __future__ import annotations

from collections.abc import Iterator
from operator import attrgetter
from pathlib import Path

import msgspec
import polars as pl

from havenwall.engine import EVENT_SCHEMA
from havenwall.intake.draft import DECODE_ERRORS, FIELDS, Draft, explain
from havenwall.intake.readers.chunk import Chunk, gather
from havenwall.intake.readers.columns import LINE, event_columns
from havenwall.intake.readers.lines import Block, blocks
from havenwall.intake.rejects import Reject, reject
from havenwall.intake.tidy import attributes_json

_DECODER = msgspec.json.Decoder(Draft)
_COLUMNS = EVENT_SCHEMA | {"at": pl.String()}


def read_jsonl(path: Path, *, rows: int, source: str | None = None) -> Iterator[Chunk]:
    """The events of a JSON Lines file. Blank lines are skipped; a line that is no event is a reject."""
    return gather((_chunk(block, source) for block in blocks(path)), rows)


def _chunk(block: Block, source: str | None) -> Chunk:
    drafts = _fast(block.data)
    lines = list(range(block.first, block.first + len(drafts)))
    bad: list[Reject] = []
    if not drafts:
        lines, drafts, bad = _slow(block)
    frame = pl.DataFrame([_column(name, drafts) for name in FIELDS])
    frame = frame.with_columns(pl.Series(LINE, lines, dtype=pl.Int64))
    return Chunk(event_columns(frame, source), (*bad, *block.rejects), block.done)


def _fast(data: bytes) -> list[Draft]:
    """All lines in one call; nothing if any of them is not an object of its own, or not a draft.

    The decoder takes any white space, or none, between objects. But } newline { cannot occur inside one:
    if every newline stands so, and there are as many objects as lines, objects and lines are the same.
    """
    count = data.count(b"\n")
    between = data.count(b"}\n{") or data.count(b"}\r\n{")
    if not (data.startswith(b"{") and data.endswith(b"\n") and between == count - 1):
        return []
    try:
        drafts = _DECODER.decode_lines(data)
    except DECODE_ERRORS:
        return []
    return drafts if len(drafts) == count else []


def _slow(block: Block) -> tuple[list[int], list[Draft], list[Reject]]:
    lines: list[int] = []
    drafts: list[Draft] = []
    bad: list[Reject] = []
    for number, line in enumerate(block.data.split(b"\n"), block.first):
        if not line.strip():
            continue
        try:
            drafts.append(_DECODER.decode(line))
            lines.append(number)
        except DECODE_ERRORS as error:
            bad.append(reject(number, explain(error), line))
    return lines, drafts, bad


def _column(name: str, drafts: list[Draft]) -> pl.Series:
    values = list(map(attrgetter(name), drafts))
    if name == "attributes":
        values = list(map(attributes_json, values))
    return pl.Series(name, values, dtype=_COLUMNS[name], strict=True)

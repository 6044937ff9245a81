"""Plain edge lists (two ids a line, a weight if there is one) as links between accounts."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import NamedTuple

import polars as pl

from havenwall.errors import BadInput
from havenwall.intake.draft import Fault
from havenwall.intake.linkid import with_link_ids
from havenwall.intake.readers import CHUNK_ROWS, Chunk
from havenwall.intake.readers.chunk import gather
from havenwall.intake.readers.columns import LINE, event_columns
from havenwall.intake.readers.lines import blocks
from havenwall.intake.readers.parquet import open_parquet, slices
from havenwall.intake.rejects import reject
from havenwall.model import EntityKind, EventType, LinkKind

_HEADS = re.compile(
    r"(?:from|to)(?:nodeid)?|source|target|src|dst|follow(?:er|ee|ed|ing)|(?:node|id|user|account)[12]?"
)
"""Names of id columns, letters and digits only; a first line of two such is a header."""
_CELLS = ("entity", "target", "weight", "more")
_SEPARATOR = r"\s*[,;]\s*|\s+"
_NUMBER = r"^-?[0-9]+(?:\.[0-9]+)?$"
_GARBLED = "\ufffd"
"""Stands where bytes were not UTF-8."""
_SHAPE = Fault("", "is not two ids, or two ids and a weight", "write FROM TO or FROM TO WEIGHT")


class _Links(NamedTuple):
    """What all links of a file have in common."""

    source: str
    link: LinkKind
    at: datetime
    directed: bool


def read_edges(
    path: Path,
    *,
    source: str,
    link: LinkKind = LinkKind.FOLLOW,
    at: datetime | None = None,
    directed: bool = True,
    rows: int = CHUNK_ROWS,
) -> Iterator[Chunk]:
    """The lines of an edge list as link events between `account:<id>`, for `ingest_chunks`.

    The id of each link is made from the link itself, so that a file read again changes nothing.

    Args:
        path: text or CSV (space, tab, comma or semicolon; # begins a comment; a header is noticed) or
            Parquet, of two or three columns; plain, gzip or Zstandard.
        source: name of the feed.
        link: what the ties are.
        at: when they were seen, with a time zone; by default when the file was last changed.
        directed: if not, each line gives both directions.
        rows: most links in memory at a time.

    Raises:
        BadInput: `path` is no file, `at` has no time zone, or a Parquet file has other columns.
    """
    if not path.is_file():
        raise BadInput(f"{path} is not a file", hint="check the path")
    at = at or datetime.fromtimestamp(path.stat().st_mtime, UTC)
    if at.tzinfo is None:
        raise BadInput("has no time zone", field="at", hint="give the time with a zone, such as UTC")
    common = _Links(source, link, at, directed)
    columnar = ".parquet" in [suffix.lower() for suffix in path.suffixes[-2:]]
    return gather(_from_parquet(path, common, rows) if columnar else _from_text(path, common), rows)


def _from_text(path: Path, common: _Links) -> Iterator[Chunk]:
    begun = False
    for block in blocks(path):
        table = _cells(block.data.decode(errors="replace"), block.first)
        if table.height and not begun:
            begun, table = True, table.slice(int(_is_header(table)))
        chunk = _chunk(table, common, block.done)
        yield chunk._replace(rejects=(*chunk.rejects, *block.rejects))


def _cells(text: str, first: int) -> pl.DataFrame:
    """Lines split into cells: `line`, `raw` and _CELLS; blank lines and comments left out."""
    lines = pl.Series("raw", [text]).str.split("\n").explode()
    table = pl.DataFrame([lines]).with_row_index(LINE, first)
    table = table.with_columns(plain=pl.col("raw").str.replace_all('"', "", literal=True).str.strip_chars())
    table = table.filter(pl.col("plain").str.contains(r"^[^#]"))
    cells = pl.col("plain").str.replace_all(_SEPARATOR, "\t").str.splitn("\t", len(_CELLS))
    return table.select(LINE, "raw", cells.struct.rename_fields(_CELLS).struct.unnest())


def _is_header(table: pl.DataFrame) -> bool:
    """Whether the first row names columns: by its words, or because only the rest are numbers."""
    head, *after = table.head(2).select(_CELLS).rows()
    if all(_HEADS.fullmatch(re.sub(r"\W|_", "", cell or "").lower()) for cell in head[:2]):
        return True
    if head[2] and not re.match(_NUMBER, head[2]):
        return True
    numbers = [all(re.match(_NUMBER, cell or "") for cell in row[:2]) for row in after]
    return numbers == [True] and not any(re.match(_NUMBER, cell or "") for cell in head[:2])


def _from_parquet(path: Path, common: _Links, rows: int) -> Iterator[Chunk]:
    size = path.stat().st_size
    with open_parquet(path) as table:
        schema = table.collect_schema()
        if len(schema) not in (2, 3):
            raise BadInput(
                f"{path.name} has {len(schema)} columns", hint="keep two ids, or two ids and a weight"
            )
        cells = (_text(*pair, cell) for pair, cell in zip(schema.items(), _CELLS, strict=False))
        table = table.select(cells)
        for part in slices(table, rows):
            absent = [
                pl.lit(None, pl.String).alias(name) for name in _CELLS if name not in part.frame.columns
            ]
            whole = part.frame.with_columns(*absent, raw=pl.lit("")).with_row_index(LINE, part.first)
            chunk = _chunk(whole, common, int(size * part.share))
            broken = (reject(part.first, part.fault, ""),) if part.fault else ()
            yield chunk._replace(rejects=(*chunk.rejects, *broken))


def _text(name: str, dtype: pl.DataType, cell: str) -> pl.Expr:
    if dtype != pl.String and not (dtype.is_numeric() if cell == "weight" else dtype.is_integer()):
        raise BadInput(f"the column is {dtype}", field=name, hint="write ids as text or whole numbers")
    return pl.col(name).cast(pl.String).alias(cell)


def _chunk(table: pl.DataFrame, common: _Links, done: int) -> Chunk:
    empty = [pl.col(name).fill_null("") == "" for name in _CELLS[:2]]
    garbled = pl.col("raw").str.contains(_GARBLED, literal=True)
    bad = pl.any_horizontal(*empty, garbled, pl.col("more").is_not_null())
    refused = table.filter(bad).select(LINE, "raw").iter_rows()
    rejects = tuple(reject(line, _SHAPE, raw) for line, raw in refused)
    return Chunk(_events(table.filter(~bad), common), rejects, done)


def _events(table: pl.DataFrame, common: _Links) -> pl.DataFrame:
    account = pl.lit(f"{EntityKind.ACCOUNT}:")
    frame = table.select(
        pl.lit(common.source).alias("source"),
        pl.lit(EventType.LINK.value).alias("type"),
        pl.lit(common.at).dt.convert_time_zone("UTC").alias("at"),
        (account + pl.col("entity")).alias("entity"),
        (account + pl.col("target")).alias("target"),
        pl.lit(common.link.value).alias("link"),
        pl.col("weight"),
        pl.col(LINE),
    )
    if not common.directed:
        back = frame.filter(pl.col("entity") != pl.col("target"))
        swap = {"entity": pl.col("target"), "target": pl.col("entity")}
        frame = pl.concat([frame, back.with_columns(**swap)])
    return with_link_ids(event_columns(frame, common.source), dated=False)

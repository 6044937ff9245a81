"""Takes whole files in: read, tidy, check, drop doubles, hand on, and count every row."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from pathlib import Path
from time import perf_counter
from typing import NamedTuple, Protocol

import msgspec
import polars as pl

from havenwall.intake.check import problems
from havenwall.intake.draft import FIELDS
from havenwall.intake.linkid import with_link_ids
from havenwall.intake.readers import CHUNK_ROWS, Chunk, Format, read_chunks
from havenwall.intake.readers.columns import LINE
from havenwall.intake.rejects import Reject, RejectWriter, reject_row
from havenwall.intake.tidy import tidy

Progress = Callable[[int, int, int], None]
"""Called after each chunk with the bytes done, the bytes in all, and the rows read so far."""


class Sink(Protocol):
    """Where events go; it makes them durable and knows what it has from other files."""

    def append(self, frame: pl.DataFrame) -> int:
        """Keeps events (columns of EVENT_SCHEMA) and returns how many of them were new."""
        ...


class Summary(msgspec.Struct, frozen=True, kw_only=True):
    """What became of a file: `read` is the sum of `accepted`, `duplicates` and `rejected`."""

    read: int
    accepted: int
    """New events."""
    duplicates: int
    """Events the file or the sink already had, by source and source_id."""
    rejected: int
    seconds: float
    rate: float
    """Rows read per second."""
    rejects_path: Path | None
    """Where the rejects are; none when there are none."""


class Sifted(NamedTuple):
    """A chunk's rows, divided."""

    events: pl.DataFrame
    """Columns of EVENT_SCHEMA, in normal form, no two with the same source and source_id."""
    duplicates: int
    rejects: list[Reject]
    """In the order of the lines."""


def ingest_file(
    path: Path,
    sink: Sink,
    *,
    rejects: Path,
    progress: Progress | None = None,
    format: Format | None = None,
    source: str | None = None,
    rows: int = CHUNK_ROWS,
) -> Summary:
    """Takes a bulk file in. Bad rows are set aside in `rejects`; doing it twice changes nothing.

    Args:
        path: as for `read_chunks`, which also explains `format`, `source` and `rows`.
        sink: gets frames of at most `rows` events.
        rejects: JSON Lines file of the rejects, made when there is one.
        progress: called after each chunk.

    Raises:
        BadInput: nothing of the file can go in (format, columns); the sink has seen nothing then.
    """
    chunks = read_chunks(path, format=format, rows=rows, source=source)
    return ingest_chunks(chunks, sink, size=path.stat().st_size, rejects=rejects, progress=progress)


def ingest_chunks(
    chunks: Iterable[Chunk], sink: Sink, *, size: int, rejects: Path, progress: Progress | None = None
) -> Summary:
    """Takes chunks in, from `read_chunks` or `read_edges`; `size` is that of their file in bytes."""
    started = perf_counter()
    read = accepted = duplicates = 0
    with RejectWriter(rejects) as aside:
        for chunk in chunks:
            sifted = sift(chunk)
            fresh = sink.append(sifted.events) if sifted.events.height else 0
            aside.write(sifted.rejects)
            accepted += fresh
            duplicates += sifted.duplicates + sifted.events.height - fresh
            read += chunk.frame.height + len(chunk.rejects)
            if progress:
                progress(chunk.done, size, read)
    seconds = perf_counter() - started
    return Summary(
        read=read,
        accepted=accepted,
        duplicates=duplicates,
        rejected=aside.count,
        seconds=seconds,
        rate=read / seconds,
        rejects_path=aside.path if aside.count else None,
    )


def sift(chunk: Chunk) -> Sifted:
    """Divides a chunk's rows into events, duplicates (the first stays) and rejects."""
    frame = with_link_ids(tidy(chunk.frame))
    found = problems(frame)
    bad = found["field"].is_not_null()
    good = frame.filter(~bad).select(*FIELDS)
    events = good.filter(pl.struct("source", "source_id").is_first_distinct())
    refused = zip(chunk.frame.filter(bad).iter_rows(named=True), found.filter(bad).iter_rows(), strict=True)
    rejects = [reject_row(row, LINE, field, reason) for row, (field, reason) in refused]
    in_order = sorted((*chunk.rejects, *rejects), key=lambda reject: reject.line)
    return Sifted(events, good.height - events.height, in_order)

"""The hash index of a folder: one writer, any number of readers in other processes."""

from __future__ import annotations

import operator
import threading
import time
from collections.abc import Iterable, Sequence
from pathlib import Path
from types import TracebackType
from typing import Final, Self

import numpy as np
from numpy.typing import NDArray

from havenwall.detect.media.index.log import Kind
from havenwall.detect.media.index.record import Added, HashRecord, IndexStatus, Match
from havenwall.detect.media.index.rejects import Rejects
from havenwall.detect.media.index.view import View
from havenwall.detect.media.index.writer import Writer
from havenwall.errors import BadInput, Conflict
from havenwall.match.index import RADIUS, Codes, Found, as_codes, code_of

TAIL: Final = 16_384
"""Records in the tail before they are merged into a segment."""
LOOK_EVERY: Final = 0.1
"""Seconds between two looks of a reader for news."""


class HashIndex:
    """Exact search within a radius, durable additions and withdrawals. For several threads.

    The log in the folder is the truth; segments are built from it and rebuilt when damaged. Everything
    acknowledged survives a crash at any point, and readers in other processes see it within `LOOK_EVERY`.
    """

    def __init__(self, view: View, rejects: Rejects, writer: Writer | None) -> None:
        """Use `open`."""
        self._view, self._rejects, self._writer = view, rejects, writer
        self._following, self._due = threading.Lock(), 0.0

    @classmethod
    def open(cls, folder: Path, *, writer: bool = False, verify: bool = True, tail: int = TAIL) -> HashIndex:
        """The index of a folder; a writer makes it where there is none.

        Args: `verify` compares all files with their SHA-256 first (1 s for 10 million hashes); of several
        readers on a machine one is enough. `tail`: records looked at one by one before they are merged.

        Raises:
            Conflict: another process has it open to write.
            StoreError: the log is not one, or is shorter than what was built from it.
        """
        view, rejects = View(folder, verify=verify), Rejects(folder / "rejects.jsonl")
        index = cls(view, rejects, Writer(folder, view, rejects, tail=tail) if writer else None)
        index.refresh()
        return index

    def add(self, records: Iterable[HashRecord | tuple[int, str]]) -> Added:
        """Add hashes; when this returns they are on the disk. Malformed ones are set aside and counted.

        Raises:
            Conflict: the index is open to read.
            StoreError: the disk did not take them, or not all; adding them again does no harm.
        """
        entries, codes, rejected = [], [], 0
        writer = self._to_write()
        for record in records:
            entry, value = record if isinstance(record, tuple) else (record.entry, record.hash)
            try:
                code = code_of(value)
                number = _entry(entry)
            except (BadInput, TypeError) as error:
                writer.set_aside(str(error), repr((entry, value)))
                rejected += 1
            else:
                entries.append(number)
                codes.append(code)
        if entries:
            self.add_codes(np.array(entries, np.int64), np.array(codes, np.uint64))
        return Added(added=len(entries), rejected=rejected)

    def add_codes(self, entries: NDArray[np.int64], codes: Codes) -> None:
        """Add many hashes at once: (n,) entry ids and (n, 4) uint64 codes. Raises as `add` does."""
        codes = as_codes(codes)
        if len(entries) != len(codes):
            raise BadInput(
                f"{len(entries)} for {len(codes)} hashes", field="entries", hint="give one for each hash"
            )
        self._to_write().append(Kind.ADD, entries.astype(np.int64), codes)

    def withdraw(self, entries: Iterable[int]) -> None:
        """Take entries out with all their hashes; on the disk when this returns. Unknown ids do nothing.

        Raises:
            BadInput: an id is no 64-bit number.
            Conflict: the index is open to read.
            StoreError: the disk did not take it.
        """
        self._to_write().append(Kind.WITHDRAW, np.fromiter(map(_entry, entries), dtype=np.int64), None)

    def compact(self) -> None:
        """Make one segment of everything, and the log anew, without what was withdrawn; waits for it."""
        self._to_write().compact()

    def _to_write(self) -> Writer:
        if self._writer is None:
            raise Conflict("the index is open to read only", hint="open it with writer=True")
        return self._writer

    def search(self, code: Codes | str, radius: int = RADIUS) -> list[Match]:
        """Entries with a hash within `radius` bits, nearest first. `code`: (4,) uint64 or 64 digits.

        Raises:
            BadInput: it is no 256-bit hash, or `radius` lies outside 0 … 256.
        """
        query = code_of(code) if isinstance(code, str) else code
        return self.search_many(query[None], radius)[0]

    def search_many(self, codes: Codes | Sequence[str], radius: int = RADIUS) -> list[list[Match]]:
        """As `search`, for each of (q, 4) uint64 codes or texts; a search in one call costs less."""
        queries = codes if isinstance(codes, np.ndarray) else np.array([code_of(text) for text in codes])
        found = self.find(queries.reshape(-1, 4), radius)
        results: list[list[Match]] = [[] for _ in range(len(queries))]
        for query, entry, distance in zip(*(column.tolist() for column in found), strict=True):
            results[query].append(Match(entry=entry, distance=distance))
        return results

    def find(self, codes: Codes, radius: int = RADIUS) -> Found:
        """As `search_many` for (q, 4) uint64, as arrays: by query, then distance."""
        if self._writer is None and time.monotonic() >= self._due:
            self.refresh()
        return self._view.search(as_codes(codes), radius)

    def refresh(self) -> None:
        """Take in what the writer did; a reader does so by itself when it is asked."""
        if self._writer is None:
            with self._following:
                self._view.follow()
            self._due = time.monotonic() + LOOK_EVERY

    def status(self) -> IndexStatus:
        """How the index stands in this process."""
        view = self._view
        worker = self._writer.worker if self._writer else None
        if worker is None:
            self._rejects.read()
        return IndexStatus(
            records=view.records,
            hashes=view.hashes,
            logged=view.log.held,
            segments=len(view.parts),
            tail=view.tail,
            rejected=self._rejects.count,
            rebuilt=len(view.rebuilt),
            merging=worker is not None and worker.busy,
            problem=str(worker.error or "") if worker else "",
        )

    def close(self) -> None:
        """Wait for the merge under way and let the next writer in."""
        if self._writer is not None:
            self._writer.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()


def _entry(number: int) -> int:
    value = operator.index(number)
    if not -(1 << 63) <= value < 1 << 63:
        raise BadInput(f"{value} does not fit 64 bits", field="entry", hint="number entries otherwise")
    return value

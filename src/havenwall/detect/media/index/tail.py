"""The newest records, not yet in a segment: looked at one by one."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from havenwall.detect.media.index.log import Batch, Kind
from havenwall.match.index import Codes, Found, scan


class Newest(NamedTuple):
    """The tail at one moment; arrays grow and fill behind it."""

    codes: Codes
    entries: NDArray[np.int64]
    stands: NDArray[np.bool_]

    def search(self, queries: Codes, radius: int) -> Found:
        """As `Segment.search`."""
        rows = scan(self.codes, queries, radius)
        rows = rows[self.stands[rows[:, 1]]]
        return Found(rows[:, 0], self.entries[rows[:, 1]], rows[:, 2])


class Tail:
    """Records from number `first` to before `last`. Not for several threads at once."""

    def __init__(self, first: int) -> None:
        self.last = first
        self._size = 0
        self._numbers, self._entries = np.empty(1024, np.int64), np.empty(1024, np.int64)
        self._codes, self._stands = np.empty((1024, 4), np.uint64), np.empty(1024, np.bool_)
        self._gone: list[tuple[int, NDArray[np.int64]]] = []

    def __len__(self) -> int:
        """Hashes, withdrawn ones among them."""
        return self._size

    def take(self, batch: Batch, last: int) -> NDArray[np.int64]:
        """Take in records up to before `last`, in order; returns the entry ids they withdraw."""
        turns = np.flatnonzero(np.diff(batch.kinds.astype(np.int64))) + 1
        parts = (part for part in np.split(np.arange(len(batch.kinds)), turns) if len(part))
        for rows in parts:
            if batch.kinds[rows[0]] == Kind.ADD:
                self._add(batch.numbers[rows], batch.entries[rows], batch.codes[rows])
            else:
                self._withdraw(int(batch.numbers[rows[-1]]), batch.entries[rows])
        self.last = last
        return np.unique(batch.entries[batch.kinds == Kind.WITHDRAW])

    def _add(self, numbers: NDArray[np.int64], entries: NDArray[np.int64], codes: Codes) -> None:
        begin, end = self._size, self._size + len(numbers)
        if end > len(self._numbers):
            self._grow(2 * end)
        self._numbers[begin:end], self._entries[begin:end] = numbers, entries
        self._codes[begin:end], self._stands[begin:end] = codes, True
        self._size = end

    def _grow(self, room: int) -> None:
        # New arrays: a search that is under way keeps the ones it has.
        for name in ("_numbers", "_entries", "_codes", "_stands"):
            old = getattr(self, name)
            new = np.empty((room, *old.shape[1:]), old.dtype)
            new[: self._size] = old[: self._size]
            setattr(self, name, new)

    def _withdraw(self, number: int, entries: NDArray[np.int64]) -> None:
        self._gone.append((number, entries))
        self._stands[: self._size] &= ~np.isin(self._entries[: self._size], entries)

    def trim(self, first: int) -> None:
        """Forget the records before number `first`: a segment has them."""
        keep = self._numbers[: self._size] >= first
        self._size = int(keep.sum())
        for name in ("_numbers", "_entries", "_codes", "_stands"):
            old = getattr(self, name)
            new = np.empty((max(1024, 2 * self._size), *old.shape[1:]), old.dtype)
            new[: self._size] = old[: len(keep)][keep]
            setattr(self, name, new)
        self._gone = [(number, entries) for number, entries in self._gone if number >= first]
        self.last = max(self.last, first)

    @property
    def gone(self) -> NDArray[np.int64]:
        """Sorted entry ids that records of the tail withdraw: they are out of all segments."""
        return np.unique(np.concatenate([np.empty(0, np.int64), *(entries for _, entries in self._gone)]))

    def newest(self) -> Newest:
        """What to search now."""
        size = self._size
        return Newest(self._codes[:size], self._entries[:size], self._stands[:size])

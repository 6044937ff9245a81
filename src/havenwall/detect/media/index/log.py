"""The log: every addition and withdrawal in order, 48 bytes each. What it holds is what the index holds.

A record's check covers its content and its number, so torn, zeroed, changed and misplaced records show. A bad
record is passed over; at the end of the log it is what a crash left of an unfinished write, and a writer cuts
it off.

A log that was rewritten begins with what still stood before record `base`, under new numbers from 0 on;
records from `base` on keep theirs. Segments and followers that have everything up to `base` need not know.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from enum import IntEnum
from pathlib import Path
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from havenwall.detect.media.index.files import Pinned, sync_file, sync_folder
from havenwall.errors import StoreError
from havenwall.match.index import Codes

RECORD: Final = np.dtype([("check", "<u4"), ("kind", "<u4"), ("entry", "<i8"), ("code", "<u8", (4,))])
HEAD: Final = b"havenwall hash log, 48-byte records, version 1\n\n"
REWRITTEN: Final = HEAD.replace(b"1", b"2")
"""Head of a log that was rewritten; `BASE` follows twice, so that one bad record does not cost the log."""
STEP: Final = 1 << 19
"""Records read at a time: 25 MB."""
_SEED, _FACTOR = np.uint64(0x9E3779B97F4A7C15), np.uint64(0xD6E8FEB86659FD93)


class Kind(IntEnum):
    """What a record says."""

    ADD = 1
    WITHDRAW = 2
    BASE = 3
    """In a head only: entry is `base`, the first word of the code how many records were kept."""


class Batch(NamedTuple):
    """Good records of a part of the log, in order, and the numbers of the bad ones."""

    numbers: NDArray[np.int64]
    kinds: NDArray[np.uint32]
    entries: NDArray[np.int64]
    codes: Codes
    bad: NDArray[np.int64]


def records_of(kind: Kind, entries: NDArray[np.int64], codes: Codes | None, first: int) -> NDArray[np.void]:
    """Records of one kind as they stand in the log from number `first` on."""
    rows = np.zeros(len(entries), dtype=RECORD)
    rows["kind"], rows["entry"] = kind, entries
    if codes is not None:
        rows["code"] = codes
    rows["check"] = _checks(rows, np.arange(first, first + len(rows)))
    return rows


def rewritten_head(base: int, kept: int) -> bytes:
    """Head of a log that keeps so many records of those before number `base`."""
    codes = np.array([[kept, 0, 0, 0]] * 2, np.uint64)
    return REWRITTEN + records_of(Kind.BASE, np.array([base, base]), codes, 0).tobytes()


def _checks(rows: NDArray[np.void], numbers: NDArray[np.int64]) -> NDArray[np.uint32]:
    words = rows.view("<u8").reshape(len(rows), 6)
    mixed = (numbers.astype(np.uint64) + _SEED) * _FACTOR
    for column in range(6):
        # The check itself is the low half of the first word.
        word = words[:, column] >> np.uint64(32) if column == 0 else words[:, column]
        mixed = (mixed ^ word) * _FACTOR
        mixed ^= mixed >> np.uint64(32)
    return mixed.astype(np.uint32)


class Log:
    """One file. Readers may look at any time; only the one writer appends, cuts and heads it."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.base = 0
        """Number of the first record that came after the log was rewritten."""
        self._start, self._kept = len(HEAD), 0
        self._pinned: Pinned | None = None

    @property
    def number(self) -> int | None:
        """Of the file whose head was read, on its disk; no other file has it."""
        return self._pinned.number if self._pinned else None

    def look(self) -> None:
        """Read the head anew: another file lies there now.

        Raises:
            StoreError: the head of a rewritten log cannot be read.
        """
        self._start, self._kept, self.base = len(HEAD), 0, 0
        # First: the head of a file that takes its place right now does no harm, it is then found to differ.
        self._pinned = Pinned(self.path) if self.path.exists() else None
        if not self._pinned or self._beginning() != REWRITTEN:
            return
        rows = np.fromfile(self.path, dtype=RECORD, count=2, offset=len(HEAD))
        good = rows[(rows["check"] == _checks(rows, np.arange(len(rows)))) & (rows["kind"] == Kind.BASE)]
        if not len(good):
            raise StoreError(f"the head of {self.path} cannot be read", hint="restore the log")
        self.base, self._kept = int(good["entry"][0]), int(good["code"][0, 0])
        self._start = len(HEAD) + len(rows) * RECORD.itemsize

    def __len__(self) -> int:
        """Number after the last whole record in the file, good or bad."""
        held = self.held
        return held if held < self._kept else self.base + held - self._kept

    @property
    def held(self) -> int:
        """Whole records in the file."""
        try:
            return max(0, self.path.stat().st_size - self._start) // RECORD.itemsize
        except FileNotFoundError:
            return 0

    def numbers(self, first: int, last: int) -> NDArray[np.int64]:
        """Numbers of the records that the file holds of `first` … `last` - 1."""
        return self._numbers(self._place(first), self._place(last))

    def _numbers(self, begin: int, end: int) -> NDArray[np.int64]:
        places = np.arange(begin, end)
        return np.where(places < self._kept, places, places - self._kept + self.base)

    def _place(self, number: int) -> int:
        """How many records of the file come before that of a number."""
        return min(number, self._kept) if number < self.base else self._kept + number - self.base

    def read(self, first: int, last: int) -> Iterator[Batch]:
        """Records `first` … `last` - 1 in parts of bounded size."""
        end = self._place(last)
        for begin in range(self._place(first), end, STEP):
            rows = self._rows(begin, min(end, begin + STEP))
            numbers = self._numbers(begin, begin + len(rows))
            good = rows["check"] == _checks(rows, numbers)
            good &= (rows["kind"] == Kind.ADD) | (rows["kind"] == Kind.WITHDRAW)
            kept = rows[good]
            yield Batch(
                numbers[good],
                kept["kind"].copy(),
                kept["entry"].copy(),
                kept["code"].astype(np.uint64),
                numbers[~good],
            )

    def rows(self, first: int, last: int) -> Iterator[NDArray[np.void]]:
        """Records as they stand in the file, good or bad, in parts of bounded size."""
        end = self._place(last)
        for begin in range(self._place(first), end, STEP):
            yield self._rows(begin, min(end, begin + STEP))

    def raw(self, number: int) -> bytes:
        """The 48 bytes of a record."""
        place = self._place(number)
        return self._rows(place, place + 1).tobytes()

    def _rows(self, begin: int, end: int) -> NDArray[np.void]:
        offset = self._start + begin * RECORD.itemsize
        return np.fromfile(self.path, dtype=RECORD, count=end - begin, offset=offset)

    def head(self) -> None:
        """Begin the log where there is none, or only a part of its first line.

        Raises:
            StoreError: the file is something else.
        """
        found = self._beginning() if self.path.exists() else b""
        if found in (HEAD, REWRITTEN):
            self.look()
            return
        if not HEAD.startswith(found):
            raise StoreError(f"{self.path} is no hash log", hint="restore it, or choose another folder")
        self.path.write_bytes(HEAD)
        sync_file(self.path)
        sync_folder(self.path.parent)

    def _beginning(self) -> bytes:
        with self.path.open("rb") as file:
            return file.read(len(HEAD))

    def append(self, rows: NDArray[np.void]) -> None:
        """Write records and bring them down to the disk; when this returns they are safe.

        Raises:
            StoreError: the disk did not take them, or not all; adding them again does no harm.
        """
        try:
            with self.path.open("r+b", buffering=0) as file:
                file.seek(self._size(len(self)))
                left = memoryview(rows.tobytes())
                while left:
                    left = left[file.write(left) :]
                os.fsync(file.fileno())
        except OSError as error:
            # Whole records stay: readers may have them already, and must never see a number used again.
            self.cut(len(self))
            raise StoreError(f"could not write {self.path}: {error}", hint="make room on the disk") from error

    def cut(self, last: int) -> None:
        """Drop the records from number `last` on; what was kept by a rewriting stays, bad or not."""
        os.truncate(self.path, self._size(last))
        sync_file(self.path)

    def _size(self, last: int) -> int:
        return self._start + max(self._place(last), self._kept) * RECORD.itemsize

    def end_of_good(self, least: int) -> int:
        """Number after the last good record, at least `least`."""
        end = len(self)
        while end > least:
            begin = max(least, end - STEP)
            for batch in self.read(begin, end):
                if len(batch.numbers):
                    return int(batch.numbers[-1]) + 1
            end = begin
        return least

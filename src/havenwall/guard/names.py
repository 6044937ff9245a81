"""Entity names as one run of bytes, and a table that finds them there: mapped from disk, or built."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from typing import Any

import msgspec
import numpy as np
from numpy.typing import NDArray

# No byte of UTF-8 is 255, so this keeps a name with a zero in it apart from all others.
_ZERO, _STAND_IN = b"\0", b"\xff"

_REMEMBERED = 10_000

Bytes = NDArray[np.uint8]
"""(bytes,) uint8: names in UTF-8, each ended by one zero."""


def join(names: Sequence[str]) -> Bytes:
    """Names as bytes, each ended by a zero.

    Raises:
        TypeError: one is not text.
    """
    return _joined(names)[0]


def join_entities(names: Sequence[str]) -> tuple[Bytes, int]:
    """`join`, and how many colons there are: with fewer than names, one is not the name of an entity."""
    return _joined(names)


def _joined(names: Sequence[str]) -> tuple[Bytes, int]:
    try:
        blob = np.frombuffer(("\0".join(names) + "\0").encode() if names else b"", dtype=np.uint8)
        zeros, colons = _loops().count(blob)
    except UnicodeEncodeError:
        zeros, colons = -1, 0
    if zeros == len(names):
        return blob, colons
    blob = np.frombuffer(b"".join(_encoded(name) + _ZERO for name in names), dtype=np.uint8)
    return blob, _loops().count(blob)[1]


class Words(msgspec.Struct, frozen=True, kw_only=True):
    """n texts in two arrays: nothing is decoded before it is asked for."""

    blob: Bytes
    ends: NDArray[np.int64]
    """(n,) int64: where each text ends in `blob`, its zero included."""
    memo: dict[int, str] = {}
    """Texts that were asked for lately, by row: most questions come back to the same few."""

    @classmethod
    def of(cls, words: Sequence[str]) -> Words:
        """Texts packed, in their order."""
        return cls.over(join(words))

    @classmethod
    def over(cls, blob: Bytes) -> Words:
        """The texts in bytes that `join` made."""
        ends = np.flatnonzero(blob == 0).astype(np.int64) + 1
        # As if mapped from a file: kernels are compiled once for each kind of array they are given.
        ends.flags.writeable = False
        return cls(blob=blob, ends=ends)

    def __len__(self) -> int:
        return len(self.ends)

    def word(self, row: int) -> str:
        """One text."""
        known = self.memo.get(row)
        if known is None:
            if len(self.memo) >= _REMEMBERED:
                self.memo.clear()
            known = self.memo[row] = _decoded(
                self.blob[self.ends[row - 1] if row else 0 : self.ends[row] - 1]
            )
        return known

    def sound(self) -> bool:
        """Whether each text ends where the arrays say."""
        return np.array_equal(np.flatnonzero(self.blob == 0) + 1, self.ends) and (
            len(self.blob) == (self.ends[-1] if len(self.ends) else 0)
        )


class Names(msgspec.Struct, frozen=True, kw_only=True):
    """n different names and the table that finds them."""

    words: Words
    slots: NDArray[np.int64]
    """A power of two of places, at least twice as many as names; see `havenwall.guard.lookup`."""
    seed: int
    """Where hashes start, 32 bits."""

    @classmethod
    def of(cls, words: Words, seed: int = 0) -> Names | None:
        """The table of these names; None when two are equal."""
        slots = np.zeros(1 << max(3, (2 * len(words) - 1).bit_length()), dtype=np.int64)
        twice = _loops().fill(words.blob, words.ends, slots, seed)
        slots.flags.writeable = False
        return None if twice >= 0 else cls(words=words, slots=slots, seed=seed)

    def __len__(self) -> int:
        return len(self.words)

    def hits(self, asked: Bytes, count: int) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        """Those of `count` names in `asked` that are here: their places, rising, and their rows (int64)."""
        room = np.empty(3 * count + 1, dtype=np.int64)
        keys, rows, starts = room[:count], room[count : 2 * count], room[2 * count :]
        words = self.words
        found = _loops().find(asked, starts, keys, rows, words.blob, words.ends, self.slots, self.seed)
        return keys[:found], rows[:found]

    def sound(self) -> bool:
        """Whether every name is found in its own row; then none is there twice either."""
        room, size = len(self.slots), len(self)
        # A full table would be searched for ever, and a row beyond the names read outside of them.
        if room & (room - 1) or not 2 * size <= room or np.count_nonzero(self.slots) != size:
            return False
        rows = self.slots & 0xFFFFFFFF
        if self.slots.min() < 0 or int(rows.max()) > size or not self.words.sound():
            return False
        places, found = self.hits(self.words.blob, size)
        return len(places) == size and np.array_equal(found, np.arange(size))


def _decoded(blob: Bytes) -> str:
    return blob.tobytes().replace(_STAND_IN, _ZERO).decode("utf-8", "surrogatepass")


def _encoded(name: str) -> bytes:
    return name.encode("utf-8", "surrogatepass").replace(_ZERO, _STAND_IN)


@cache
def _loops() -> Any:
    # The compiler takes a third of a second to import: commands that ask no guard need not wait for it.
    from havenwall.guard import lookup

    return lookup

"""A hash table of 64-bit integers, for dictionary encoding."""

from __future__ import annotations

import msgspec
import numpy as np
from numba import njit
from numpy.typing import NDArray

from havenwall.network.graph.cores import sealed

Numbers = NDArray[np.uint64]
_FIRST_BITS = 12
_BLOCK = 256
"""Look-ups whose memory is asked for together."""


class FoundNumbers(msgspec.Struct, frozen=True):
    """Numbers that were looked up."""

    numbers: Numbers
    """(m,)."""
    codes: NDArray[np.int64]
    """(m,) the code of each number, -1 for those that are not held."""


class NumberTable:
    """Numbers, known by code: 0, 1, ... in the order in which they came.

    Open addressing with linear probing (Knuth, The Art of Computer Programming 3, 6.4) after multiplicative
    hashing (Dietzfelbinger et al., A Reliable Randomized Algorithm for the Closest-Pair Problem, 1997). Two
    to four slots of 12 bytes for each number.
    """

    def __init__(self, multiplier: int) -> None:
        """An empty table.

        Args:
            multiplier: of the hashes, odd and below 2**64. Codes do not depend on it.
        """
        self._multiplier = np.uint64(multiplier)
        self._bits = _FIRST_BITS
        self._keys = np.zeros(2**_FIRST_BITS, np.uint64)
        self._held = np.zeros(2**_FIRST_BITS, np.uint32)
        self._size = 0

    def __len__(self) -> int:
        """How many numbers are held."""
        return self._size

    @property
    def numbers(self) -> Numbers:
        """(size,) the number of each code."""
        numbers = np.empty(self._size, np.uint64)
        used = self._held > 0
        numbers[self._held[used] - 1] = self._keys[used]
        return numbers

    def find(self, numbers: Numbers) -> FoundNumbers:
        """Look numbers up. Many threads may do so at a time while none adds."""
        found = FoundNumbers(sealed(numbers, np.uint64), np.empty(len(numbers), np.int64))
        _find(found.numbers, self._multiplier, self._bits, self._keys, self._held, found.codes)
        return found

    def add(self, found: FoundNumbers) -> NDArray[np.int64]:
        """Take in those of the numbers looked up that are not held yet; the codes of all."""
        missing = np.flatnonzero(found.codes < 0)
        self._make_room(self._size + len(missing))
        table = (self._multiplier, self._bits, self._keys, self._held)
        self._size = _add(found.numbers, missing, *table, self._size, found.codes)
        return found.codes

    def _make_room(self, size: int) -> None:
        bits = (2 * size).bit_length()
        if bits > self._bits:
            keys, held = np.zeros(2**bits, np.uint64), np.zeros(2**bits, np.uint32)
            _move(self._keys, self._held, self._multiplier, bits, keys, held)
            self._bits, self._keys, self._held = bits, keys, held


@njit(cache=True, nogil=True)
def _find(numbers, multiplier, bits, keys, held, codes):  # type: ignore[no-untyped-def]
    home, touched = np.empty(_BLOCK, np.uint64), np.uint64(0)
    for first in range(0, len(numbers), _BLOCK):
        last = min(first + _BLOCK, len(numbers))
        # Reading all slots of a block first lets the processor wait for many at once.
        for at in range(first, last):
            slot = numbers[at] * multiplier >> np.uint64(64 - bits)
            home[at - first] = slot
            touched ^= keys[slot] ^ np.uint64(held[slot])
        for at in range(first, last):
            codes[at] = np.int64(held[_probe(numbers[at], home[at - first], keys, held)]) - 1
    return touched


@njit(cache=True, nogil=True)
def _add(numbers, missing, multiplier, bits, keys, held, size, codes):  # type: ignore[no-untyped-def]
    for at in missing:
        slot = _probe(numbers[at], numbers[at] * multiplier >> np.uint64(64 - bits), keys, held)
        if not held[slot]:
            size += 1
            held[slot], keys[slot] = size, numbers[at]
        codes[at] = np.int64(held[slot]) - 1
    return size


@njit(cache=True, nogil=True)
def _probe(number, slot, keys, held):  # type: ignore[no-untyped-def]
    while held[slot] and keys[slot] != number:
        slot = slot + np.uint64(1) & np.uint64(len(keys) - 1)
    return slot


@njit(cache=True, nogil=True)
def _move(keys, held, multiplier, bits, new_keys, new_held):  # type: ignore[no-untyped-def]
    for at in range(len(keys)):
        if held[at]:
            slot = _probe(keys[at], keys[at] * multiplier >> np.uint64(64 - bits), new_keys, new_held)
            new_keys[slot], new_held[slot] = keys[at], held[at]

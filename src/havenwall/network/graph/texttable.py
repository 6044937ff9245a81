"""A hash table of texts, for dictionary encoding."""

from __future__ import annotations

import msgspec
import numpy as np
from numba import njit
from numpy.typing import NDArray

from havenwall.network.graph.cores import Scalar, sealed
from havenwall.network.graph.names import Bytes, Rows

_BLOCK = 256
"""Look-ups whose memory is asked for together."""
_HALF, _LOW = np.uint64(32), np.uint64(2**32 - 1)


class FoundTexts(msgspec.Struct, frozen=True):
    """Ids that were looked up."""

    blob: Bytes
    """The bytes of the ids, one after the other."""
    starts: Rows
    """(m + 1,) where each id begins, and where the last one ends."""
    hashes: NDArray[np.uint64]
    """(m,)."""
    codes: NDArray[np.int64]
    """(m,) the code of each id, -1 for those that are not held."""


class TextTable:
    """Ids, known by code: 0, 1, ... in the order in which they came.

    Open addressing with linear probing (Knuth, The Art of Computer Programming 3, 6.4). A slot of 64 bits
    holds the upper half of the id's hash and its code plus one, so that 0 is a free slot; an id with the same
    half is then compared in full. Two to four slots for each id.
    """

    def __init__(self) -> None:
        """An empty table."""
        self._slots = np.zeros(2**12, np.uint64)
        self._blob = np.empty(2**16, np.uint8)
        self._starts = np.zeros(2**12, np.int64)
        self._size = 0

    def __len__(self) -> int:
        """How many ids are held."""
        return self._size

    @property
    def blob(self) -> Bytes:
        """The bytes of the ids held, in the order of their codes."""
        return self._blob[: self._starts[self._size]]

    @property
    def starts(self) -> Rows:
        """(size + 1,) where the id of each code begins in `blob`, and where the last one ends."""
        return self._starts[: self._size + 1]

    def find(self, blob: Bytes, starts: Rows, hashes: NDArray[np.uint64]) -> FoundTexts:
        """Look ids up. Many threads may do so at a time while none adds."""
        found = FoundTexts(
            sealed(blob, np.uint8), starts, sealed(hashes, np.uint64), np.empty(len(hashes), np.int64)
        )
        held = (self._slots, self._blob, self._starts)
        _find(found.blob, found.starts, found.hashes, *held, found.codes)
        return found

    def add(self, found: FoundTexts) -> NDArray[np.int64]:
        """Take in those of the ids looked up that are not held yet; the codes of all."""
        missing = np.flatnonzero(found.codes < 0)
        sizes = found.starts[missing + 1] - found.starts[missing]
        self._make_room(self._size + len(missing), int(self._starts[self._size] + sizes.sum()))
        held = (self._slots, self._blob, self._starts)
        given = (found.blob, found.starts, found.hashes, missing)
        self._size = _add(*given, *held, self._size, found.codes)
        return found.codes

    def _make_room(self, ids: int, size: int) -> None:
        self._blob = _longer(self._blob, size)
        self._starts = _longer(self._starts, ids + 1)
        slots = 1 << (2 * ids).bit_length()
        if slots > len(self._slots):
            self._slots = _spread_out(self._slots, slots)


def _longer(array: NDArray[Scalar], size: int) -> NDArray[Scalar]:
    if size <= len(array):
        return array
    longer = np.zeros(max(size, len(array) * 3 // 2), array.dtype)
    longer[: len(array)] = array
    return longer


@njit(cache=True, nogil=True)
def _find(blob, starts, hashes, slots, held, held_starts, codes):  # type: ignore[no-untyped-def]
    for first in range(0, len(codes), _BLOCK):
        last = min(first + _BLOCK, len(codes))
        _touch(hashes[first:last], slots, held, held_starts)
        for at in range(first, last):
            codes[at] = _probe(blob, starts[at], starts[at + 1], hashes[at], slots, held, held_starts)[0]


@njit(cache=True, nogil=True)
def _add(blob, starts, hashes, missing, slots, held, held_starts, size, codes):  # type: ignore[no-untyped-def]
    for first in range(0, len(missing), _BLOCK):
        block = missing[first : first + _BLOCK]
        _touch(hashes[block], slots, held, held_starts)
        for at in block:
            begin, end = starts[at], starts[at + 1]
            code, slot = _probe(blob, begin, end, hashes[at], slots, held, held_starts)
            if code < 0:
                code = size
                slots[slot] = hashes[at] >> _HALF << _HALF | np.uint64(code + 1)
                place = held_starts[size]
                held[place : place + end - begin] = blob[begin:end]
                held_starts[size + 1] = place + end - begin
                size += 1
            codes[at] = code
    return size


@njit(cache=True, nogil=True)
def _touch(hashes, slots, held, held_starts):  # type: ignore[no-untyped-def]
    # A look-up alone waits for memory three times, one after the other. Reading the slots of a block first,
    # then the places, then the bytes lets the processor wait for many at once, and the look-ups that follow
    # find all in the cache: 3 to 5 times faster.
    guess, touched = np.empty(len(hashes), np.int64), np.uint8(0)
    for at in range(len(hashes)):
        guess[at] = slots[hashes[at] >> _HALF & np.uint64(len(slots) - 1)] & _LOW
    for at in range(len(hashes)):
        guess[at] = held_starts[max(guess[at] - 1, 0)]
    for at in range(len(hashes)):
        touched |= held[min(guess[at], len(held) - 1)]
    return touched


@njit(cache=True, nogil=True)
def _probe(blob, begin, end, mixed, slots, held, held_starts):  # type: ignore[no-untyped-def]
    slot = mixed >> _HALF & np.uint64(len(slots) - 1)
    while slots[slot]:
        if slots[slot] >> _HALF == mixed >> _HALF:
            code = np.int64(slots[slot] & _LOW) - 1
            start, size = held_starts[code], end - begin
            if held_starts[code + 1] - start == size:
                # Unsigned places and no early end: so the bytes are compared many at a time.
                different = np.uint8(0)
                for step in range(np.uint64(size)):
                    different |= blob[np.uint64(begin) + step] ^ held[np.uint64(start) + step]
                if not different:
                    return code, slot
        slot = slot + np.uint64(1) & np.uint64(len(slots) - 1)
    return np.int64(-1), slot


@njit(cache=True, nogil=True)
def _spread_out(slots, size):  # type: ignore[no-untyped-def]
    wider = np.zeros(size, np.uint64)
    for held in slots:
        if held:
            slot = held >> _HALF & np.uint64(size - 1)
            while wider[slot]:
                slot = slot + np.uint64(1) & np.uint64(size - 1)
            wider[slot] = held
    return wider

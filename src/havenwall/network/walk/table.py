"""A hash table for compiled loops: whole numbers to places in an array that grows at its end."""

from __future__ import annotations

import numpy as np
from numba import njit
from numpy.typing import NDArray

Table = NDArray[np.int32]
Entries = NDArray[np.int64]
FEWEST = 8
_MIX = np.uint64(0x9E3779B97F4A7C15)
_HALF = np.uint64(32)


def new_table(entries: int) -> Table:
    """An empty table for up to so many entries; a power of two at least twice as long."""
    return np.zeros(1 << (2 * max(entries, FEWEST) - 1).bit_length(), np.int32)


@njit(cache=True, nogil=True)
def look_up(table, entries, key):  # type: ignore[no-untyped-def]
    """In compiled code: the entry whose first column is `key`, or -1 - p where p is the free place for it.

    Open addressing with linear probing and a multiplicative hash (Knuth, The Art of Computer Programming 3,
    6.4). A place holds the number of its entry plus one; 0 is free. Entries are never taken out.
    """
    place = np.int64((np.uint64(key) * _MIX) >> _HALF) & (len(table) - 1)
    while table[place]:
        if entries[table[place] - 1, 0] == key:
            return np.int64(table[place] - 1)
        place = (place + 1) & (len(table) - 1)
    return -1 - place


@njit(cache=True, nogil=True)
def rebuilt(entries, size):  # type: ignore[no-untyped-def]
    """In compiled code: a table of the first `size` entries with room for all of the array."""
    table = np.zeros(2 * len(entries), np.int32)
    for at in range(size):
        table[-1 - look_up(table, entries, entries[at, 0])] = at + 1
    return table

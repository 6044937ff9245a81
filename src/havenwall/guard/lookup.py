"""The compiled loops of the name table: hash, insert, find; open addressing with linear probing (Knuth 6.4).

Names are bytes, each ended by one zero byte. A slot holds the upper half hash, the lower half row + 1, and 0
when it is free, so a candidate that is not in the table costs one read of memory and no look at a name.
"""

from __future__ import annotations

import numpy as np

from havenwall.match.compiled import njit

_PRIME = 16777619
_LOW = 0xFFFFFFFF
_POSITIVE = 0x7FFFFFFF


@njit(cache=True, nogil=True)
def fill(blob, ends, slots, seed):  # type: ignore[no-untyped-def]
    """Enter every name into the empty slots; the row of the first name that was there already, or -1."""
    for row in range(len(ends)):
        start = ends[row - 1] if row else 0
        key = _hash(blob, start, ends[row] - 1, seed)
        place = _place(blob, start, ends[row], key, blob, ends, slots)
        if slots[place]:
            return row
        slots[place] = (key << 32) | (row + 1)
    return -1


@njit(cache=True, nogil=True)
def find(asked, starts, keys, blob, ends, slots, seed):  # type: ignore[no-untyped-def]
    """Split the names in `asked`, and say in which row of the table each is; -1 where it is in none.

    `starts` and `keys` are room for n + 1 and n int64. The hashes come first and the rows after: the
    reads of memory in the second loop then do not wait for each other.
    """
    count, start = len(keys), 0
    for index in range(count):
        starts[index] = start
        key = np.int64(seed)
        while asked[start]:
            key = ((key ^ np.int64(asked[start])) * _PRIME) & _LOW
            start += 1
        keys[index] = (key ^ (key >> 15)) & _POSITIVE
        start += 1
    starts[count] = start
    for index in range(count):
        place = _place(asked, starts[index], starts[index + 1], keys[index], blob, ends, slots)
        keys[index] = (slots[place] & _LOW) - 1
    return keys


@njit(cache=True, nogil=True)
def _hash(blob, start, end, seed):  # type: ignore[no-untyped-def]
    # FNV-1a; the seed hangs on the content, so nobody can choose names that share a slot in the next table.
    key = np.int64(seed)
    for at in range(start, end):
        key = ((key ^ np.int64(blob[at])) * _PRIME) & _LOW
    return (key ^ (key >> 15)) & _POSITIVE


@njit(cache=True, nogil=True)
def _place(asked, start, end, key, blob, ends, slots):  # type: ignore[no-untyped-def]
    mask = len(slots) - 1
    place = key & mask
    while slots[place]:
        if slots[place] >> 32 == key and _same(asked, start, end, blob, ends, (slots[place] & _LOW) - 1):
            return place
        place = (place + 1) & mask
    return place


@njit(cache=True, nogil=True)
def _same(asked, start, end, blob, ends, row):  # type: ignore[no-untyped-def]
    other = ends[row - 1] if row else 0
    if ends[row] - other != end - start:
        return False
    for offset in range(end - start):  # noqa: SIM110 - the compiler takes no generators
        if asked[start + offset] != blob[other + offset]:
            return False
    return True

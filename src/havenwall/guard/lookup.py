"""The compiled loops of the name table: hash, insert, find; open addressing with linear probing (Knuth 6.4).

Names are bytes, each ended by one zero byte. A slot holds the upper half hash, the lower half row + 1, and 0
when it is free, so a candidate that is not in the table costs one read of memory and no look at a name.
"""

from __future__ import annotations

import numpy as np

from havenwall.match.compiled import njit

_PRIME = np.uint32(16777619)
_LOW = 0xFFFFFFFF
_POSITIVE = 0x7FFFFFFF
_COLON = ord(":")


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
def find(asked, starts, keys, rows, blob, ends, slots, seed):  # type: ignore[no-untyped-def]
    """Split the names in `asked`, and say in which rows of the table they are.

    `starts`, `keys` and `rows` are room for n + 1, n and n int64. Afterwards the first of `keys` are the
    places of the names that are in the table, rising, the first of `rows` their rows; gives their number.

    One thing after the other for all names: the reads of memory then do not wait for each other.
    """
    _cut(asked, starts, keys, seed)
    mask = len(slots) - 1
    for index in range(len(keys)):
        rows[index] = slots[keys[index] & mask]
    hits = 0
    for index in range(len(keys)):
        if rows[index]:
            place = _place(asked, starts[index], starts[index + 1], keys[index], blob, ends, slots)
            if slots[place]:
                keys[hits], rows[hits] = index, (slots[place] & _LOW) - 1
                hits += 1
    return hits


@njit(cache=True, nogil=True)
def count(blob):  # type: ignore[no-untyped-def]
    """How many bytes of names are zeros, and how many colons."""
    zeros, colons = 0, 0
    for byte in blob:
        zeros += byte == 0
        colons += byte == _COLON
    return zeros, colons


@njit(cache=True, nogil=True)
def _cut(asked, starts, keys, seed):  # type: ignore[no-untyped-def]
    start = 0
    for index in range(len(keys)):
        starts[index] = start
        key = np.uint32(seed)
        byte = asked[start]
        while byte:
            key = np.uint32((key ^ np.uint32(byte)) * _PRIME)
            start += 1
            byte = asked[start]
        keys[index] = _folded(key)
        start += 1
    starts[len(keys)] = start


@njit(cache=True, nogil=True)
def _folded(key):  # type: ignore[no-untyped-def]
    return np.int64(key ^ (key >> np.uint32(15))) & _POSITIVE


@njit(cache=True, nogil=True)
def _hash(blob, start, end, seed):  # type: ignore[no-untyped-def]
    # FNV-1a; the seed hangs on the content, so nobody can choose names that share a slot in the next table.
    key = np.uint32(seed)
    for at in range(start, end):
        key = np.uint32((key ^ np.uint32(blob[at])) * _PRIME)
    return _folded(key)


@njit(cache=True, nogil=True)
def _place(asked, start, end, key, blob, ends, slots):  # type: ignore[no-untyped-def]
    mask = len(slots) - 1
    place = key & mask
    slot = slots[place]
    while slot:
        if slot >> 32 == key and _same(asked, start, end, blob, ends, (slot & _LOW) - 1):
            return place
        place = (place + 1) & mask
        slot = slots[place]
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

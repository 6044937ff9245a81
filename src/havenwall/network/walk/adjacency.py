"""A matrix with its changes as compiled loops take it, and the loops that read and change it."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numba import njit
from numpy.typing import NDArray

from havenwall.network.walk.table import Entries, Table, look_up

KEY, STATE, _NEXT, SINCE = 0, 1, 2, 3
_FIRST, _GAIN, _GONE = 1, 2, 3
OUT_OF_BASE, ADDED = 1, 2
HALF = 32
LOW = 2**HALF - 1


class Adjacency(NamedTuple):
    """Rows of a matrix with its changes, as compiled loops take them; only `Layer` makes and changes them.

    Compiled loops unpack it once and hand on its arrays one by one: numba counts the references of a whole
    tuple at every call, which made the loops about six times slower.
    """

    indptr: NDArray[np.int64]
    indices: NDArray[np.uint32]
    table: Table
    """Finds `entries`."""
    entries: Entries
    """(room, 4) of a changed row: -1 - row; its first pair plus one; its change of degree; how many links are
    taken out of the base. Of a changed pair: row and target; state; next pair of the row plus one; since."""


@njit(cache=True, nogil=True)
def degree(indptr, table, entries, row):  # type: ignore[no-untyped-def]
    """In compiled code: how many ones a row has."""
    size = indptr[row + 1] - indptr[row] if row < len(indptr) - 1 else np.int64(0)
    changed = look_up(table, entries, -1 - np.int64(row))
    return size + entries[changed, _GAIN] if changed >= 0 else size


@njit(cache=True, nogil=True)
def neighbours(indptr, indices, table, entries, row, found, size):  # type: ignore[no-untyped-def]
    """In compiled code: writes the columns of a row's ones, in no order, to `found` from `size` on.

    Returns where it ended. `found` must have room for them.
    """
    start, end = _bounds(indptr, row)
    changed = look_up(table, entries, -1 - np.int64(row))
    if changed < 0 or entries[changed, _GONE] == 0:
        for place in range(start, end):
            found[size] = indices[place]
            size += 1
    else:
        for place in range(start, end):
            pair = look_up(table, entries, _key(row, indices[place]))
            if pair < 0 or not entries[pair, STATE] & OUT_OF_BASE:
                found[size] = indices[place]
                size += 1
    pair = entries[changed, _FIRST] - 1 if changed >= 0 else -1
    while pair >= 0:
        if entries[pair, STATE] & ADDED:
            found[size] = entries[pair, KEY] & LOW
            size += 1
        pair = entries[pair, _NEXT] - 1
    return size


@njit(cache=True, nogil=True)
def _bounds(indptr, row):  # type: ignore[no-untyped-def]
    if row >= len(indptr) - 1:
        return np.int64(0), np.int64(0)
    return indptr[row], indptr[row + 1]


@njit(cache=True, nogil=True)
def _key(row, target):  # type: ignore[no-untyped-def]
    return np.int64(row) << HALF | np.int64(target)


@njit(cache=True, nogil=True)
def _in_base(indptr, indices, row, target):  # type: ignore[no-untyped-def]
    low, end = _bounds(indptr, row)
    high = end
    while low < high:
        middle = (low + high) // 2
        if indices[middle] < target:
            low = middle + 1
        else:
            high = middle
    return low < end and indices[low] == target


@njit(cache=True, nogil=True)
def has(indptr, indices, table, entries, row, target):  # type: ignore[no-untyped-def]
    """In compiled code: whether there is a one."""
    pair = look_up(table, entries, _key(row, target))
    state = entries[pair, STATE] if pair >= 0 else 0
    return state & ADDED != 0 or (state & OUT_OF_BASE == 0 and _in_base(indptr, indices, row, target))


@njit(cache=True, nogil=True)
def put(indptr, indices, table, entries, size, row, target, moment, wanted):  # type: ignore[no-untyped-def]
    """In compiled code: add a one that is not there, or take one away that is; the new number of entries.

    The array must have room for two more.
    """
    changed, size = _entry(table, entries, size, -1 - np.int64(row))
    before = size
    pair, size = _entry(table, entries, size, _key(row, target))
    if size > before:
        entries[pair, _NEXT] = entries[changed, _FIRST]
        entries[changed, _FIRST] = pair + 1
    if wanted:
        entries[pair, STATE] |= ADDED
        entries[pair, SINCE] = moment
        entries[changed, _GAIN] += 1
        return size
    entries[pair, STATE] &= ~ADDED
    if not entries[pair, STATE] & OUT_OF_BASE and _in_base(indptr, indices, row, target):
        entries[pair, STATE] |= OUT_OF_BASE
        entries[changed, _GONE] += 1
    entries[changed, _GAIN] -= 1
    return size


@njit(cache=True, nogil=True)
def _entry(table, entries, size, key):  # type: ignore[no-untyped-def]
    at = look_up(table, entries, key)
    if at >= 0:
        return at, size
    table[-1 - at] = size + 1
    entries[size, KEY] = key
    return size, size + 1

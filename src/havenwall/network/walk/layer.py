"""A layer of added and removed links on top of a matrix that itself stays as it is."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numba import njit
from numpy.typing import NDArray

from havenwall.network.graph import Csr
from havenwall.network.graph.cores import sealed
from havenwall.network.walk.table import FEWEST, Entries, Table, look_up, new_table, rebuilt

_KEY = 0
_FIRST, _GAIN, _GONE = 1, 2, 3
_STATE, _NEXT, _SINCE = 1, 2, 3
_OUT_OF_BASE, _ADDED = 1, 2
_HALF = 32
_LOW = 2**_HALF - 1


class Adjacency(NamedTuple):
    """Rows of a matrix with its changes, as compiled loops take them; only `Layer` makes and changes them.

    Compiled loops unpack it once and hand on its arrays one by one: numba counts the references of a whole
    tuple at every call, which made the loops ten times slower.
    """

    indptr: NDArray[np.int64]
    indices: NDArray[np.uint32]
    table: Table
    """Finds `entries`."""
    entries: Entries
    """(room, 4) of a changed row: -1 - row; its first pair plus one; its change of degree; how many links are
    taken out of the base. Of a changed pair: row and target; state; next pair of the row plus one; since."""


class Layer:
    """A matrix of ones with added and removed ones; memory grows with the changed pairs, not with the base.

    Rows at and after the end of the base are empty until something is added to them.
    """

    def __init__(self, base: Csr) -> None:
        """Begin without changes. The arrays of the base are only read; they may be read-only memory maps."""
        self.base = base
        self.links = base.links
        """How many ones there are."""
        self._size = 0
        changes = new_table(FEWEST), np.zeros((FEWEST, 4), np.int64)
        self.view = Adjacency(sealed(base.indptr, np.int64), sealed(base.indices, np.uint32), *changes)
        """What compiled loops take; not the same one after a change."""

    def add(self, row: int, target: int, moment: int = 0) -> bool:
        """Add a one, since a moment in seconds (0: unknown); False if it is there already."""
        return self._put(row, target, moment, wanted=True)

    def remove(self, row: int, target: int) -> bool:
        """Take a one away; False if there is none."""
        return self._put(row, target, 0, wanted=False)

    def has(self, row: int, target: int) -> bool:
        """Whether there is a one."""
        return bool(_has(*self.view, row, target))

    def degree(self, row: int) -> int:
        """How many ones the row has."""
        return int(degree(self.view.indptr, self.view.table, self.view.entries, row))

    def row(self, row: int) -> NDArray[np.uint32]:
        """The columns of the row's ones, ascending."""
        found = np.empty(self.degree(row), np.uint32)
        neighbours(*self.view, row, found, 0)
        found.sort()
        return found

    def added(self) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.int64]]:
        """Rows, columns and moments of the ones that the layer holds itself."""
        pairs = self._pairs(_ADDED)
        return pairs[:, _KEY] >> _HALF, pairs[:, _KEY] & _LOW, pairs[:, _SINCE]

    def removed(self) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        """Rows and columns of the base's ones that no longer count, those added again later among them."""
        pairs = self._pairs(_OUT_OF_BASE)
        return pairs[:, _KEY] >> _HALF, pairs[:, _KEY] & _LOW

    @property
    def size(self) -> int:
        """Bytes that the changes take."""
        return self.view.table.nbytes + self.view.entries.nbytes

    def _pairs(self, state: int) -> Entries:
        entries = self.view.entries[: self._size]
        return entries[(entries[:, _KEY] >= 0) & (entries[:, _STATE] & state != 0)]

    def _put(self, row: int, target: int, moment: int, *, wanted: bool) -> bool:
        if self.has(row, target) == wanted:
            return False
        if self._size + 2 > len(self.view.entries):
            longer = np.concatenate([self.view.entries, np.zeros_like(self.view.entries)])
            self.view = self.view._replace(table=rebuilt(longer, self._size), entries=longer)
        self._size = int(_put(*self.view, self._size, row, target, moment, wanted))
        self.links += 1 if wanted else -1
        return True


NOTHING = Layer(Csr(np.zeros(1, np.int64), np.empty(0, np.uint32), 0)).view
"""A matrix without rows."""


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
            if pair < 0 or not entries[pair, _STATE] & _OUT_OF_BASE:
                found[size] = indices[place]
                size += 1
    pair = entries[changed, _FIRST] - 1 if changed >= 0 else -1
    while pair >= 0:
        if entries[pair, _STATE] & _ADDED:
            found[size] = entries[pair, _KEY] & _LOW
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
    return np.int64(row) << _HALF | np.int64(target)


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
def _has(indptr, indices, table, entries, row, target):  # type: ignore[no-untyped-def]
    pair = look_up(table, entries, _key(row, target))
    state = entries[pair, _STATE] if pair >= 0 else 0
    return state & _ADDED != 0 or (state & _OUT_OF_BASE == 0 and _in_base(indptr, indices, row, target))


@njit(cache=True, nogil=True)
def _put(indptr, indices, table, entries, size, row, target, moment, wanted):  # type: ignore[no-untyped-def]
    changed, size = _entry(table, entries, size, -1 - np.int64(row))
    before = size
    pair, size = _entry(table, entries, size, _key(row, target))
    if size > before:
        entries[pair, _NEXT] = entries[changed, _FIRST]
        entries[changed, _FIRST] = pair + 1
    if wanted:
        entries[pair, _STATE] |= _ADDED
        entries[pair, _SINCE] = moment
        entries[changed, _GAIN] += 1
        return size
    entries[pair, _STATE] &= ~_ADDED
    if not entries[pair, _STATE] & _OUT_OF_BASE and _in_base(indptr, indices, row, target):
        entries[pair, _STATE] |= _OUT_OF_BASE
        entries[changed, _GONE] += 1
    entries[changed, _GAIN] -= 1
    return size


@njit(cache=True, nogil=True)
def _entry(table, entries, size, key):  # type: ignore[no-untyped-def]
    at = look_up(table, entries, key)
    if at >= 0:
        return at, size
    table[-1 - at] = size + 1
    entries[size, _KEY] = key
    return size, size + 1

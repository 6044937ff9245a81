"""Estimates and residuals of the accounts that a push has touched, and the push itself."""

from __future__ import annotations

from typing import Any

import numpy as np
from numba import njit
from numpy.typing import NDArray

from havenwall.network.walk.layer import degree, neighbours
from havenwall.network.walk.prefetch import prefetch
from havenwall.network.walk.table import look_up, new_table, rebuilt
from havenwall.network.walk.ways import Lists

_ROW, _WAYS = 0, 1
_ESTIMATE, _RESIDUAL = 0, 1
_FEW = 2048
_AHEAD = 8


class Local:
    """A sparse vector of estimates and residuals: time and memory go with the accounts touched."""

    def __init__(self, row: int, ways: Lists) -> None:
        """Begin with all mass as the residual of one account.

        Args:
            row: the account.
            ways: the ways on from each account.
        """
        table, entries, masses = new_table(_FEW), np.zeros((_FEW, 2), np.int64), np.zeros((_FEW, 2))
        self._held: tuple[Any, ...] = (table, entries, masses, _begin(table, entries, masses, *ways, row))

    @property
    def rows(self) -> NDArray[np.int64]:
        """(m,) accounts touched, in the order in which they were met."""
        return self._column(1, _ROW)

    @property
    def estimates(self) -> NDArray[np.float64]:
        """(m,) what each of `rows` has kept."""
        return self._column(2, _ESTIMATE)

    @property
    def residuals(self) -> NDArray[np.float64]:
        """(m,) what each of `rows` has not passed on yet."""
        return self._column(2, _RESIDUAL)

    def __contains__(self, row: int) -> bool:
        """Whether an account was touched."""
        return self._place(row) >= 0

    def __getitem__(self, row: int) -> float:
        """Estimate of an account; 0 if it was not touched."""
        place = self._place(row)
        return float(self._held[2][place, _ESTIMATE]) if place >= 0 else 0.0

    @property
    def size(self) -> int:
        """Bytes held."""
        return sum(array.nbytes for array in self._held[:3])

    def settle(
        self, places: list[int], steps: Lists, ways: Lists, teleport: float, eps: float, *, forward: bool
    ) -> None:
        """Push until no residual is above its bound.

        Args:
            places: which of `rows` may be above it now.
            steps: to whom each account passes mass.
            ways: the ways on from each account.
            teleport: share that an account keeps.
            eps: the bound; forward it counts for each way on.
            forward: whether an account divides what it passes among its own ways on (forward push), or each
                that gets some divides by theirs (reverse push).
        """
        first = np.array(places, np.int64)
        self._held = _settle(*self._held, first, steps, ways, teleport, eps, forward)

    def rewire(self, moves: list[tuple[int, int]], change: int, ways: Lists, teleport: float) -> list[int]:
        """Keep the invariant of forward push when steps between accounts come (+1) or go (-1).

        Returns:
            Which of `rows` have other residuals now or another bound.
        """
        *held, places = _rewire(*self._held, np.array(moves, np.int64), change, ways, teleport)
        self._held = tuple(held)
        return [int(place) for place in places]

    def _place(self, row: int) -> int:
        return int(look_up(self._held[0], self._held[1], row))

    def _column(self, array: int, column: int) -> NDArray[Any]:
        values: NDArray[Any] = self._held[array][: self._held[3], column]
        return values


@njit(cache=True, nogil=True)
def _begin(table, entries, masses, on, also, row):  # type: ignore[no-untyped-def]
    table[-1 - look_up(table, entries, row)] = 1
    entries[0, _ROW] = row
    entries[0, _WAYS] = _degree(on, row) + _degree(also, row)
    masses[0, _RESIDUAL] = 1
    return 1


@njit(cache=True, nogil=True)
def _settle(table, entries, masses, size, first, steps, ways, teleport, eps, forward):  # type: ignore[no-untyped-def]
    (to_ptr, to_all, to_table, to_entries), (too_ptr, too_all, too_table, too_entries) = steps
    (on_ptr, _, on_table, on_entries), (also_ptr, _, also_table, also_entries) = ways
    waiting, queue = np.zeros(len(entries), np.bool_), np.empty(max(len(first), _FEW), np.int64)
    found, head, tail = np.empty(_FEW, np.uint32), 0, len(first)
    queue[:tail] = first
    waiting[first] = True
    while head < tail:
        place = queue[head]
        head += 1
        waiting[place] = False
        row, spread, residual = entries[place, _ROW], max(entries[place, _WAYS], 1), masses[place, _RESIDUAL]
        if abs(residual) <= (eps * spread if forward else eps):
            continue
        masses[place, _ESTIMATE] += teleport * residual
        masses[place, _RESIDUAL] = 0
        count = degree(to_ptr, to_table, to_entries, row) + degree(too_ptr, too_table, too_entries, row)
        if count > len(found):
            found = np.empty(2 * count, np.uint32)
        half = neighbours(to_ptr, to_all, to_table, to_entries, row, found, 0)
        neighbours(too_ptr, too_all, too_table, too_entries, row, found, half)
        if size + count > len(entries):
            table, entries, masses = _grown(table, entries, masses, size, size + count)
            waiting = _longer(waiting, len(entries))
        if tail + count > len(queue):
            queue = _longer(queue, 2 * (tail + count))
        share = (1 - teleport) * residual / (spread if forward else 1)
        for at in range(count):
            coming = np.int64(found[min(at + _AHEAD, count - 1)])
            prefetch(on_ptr, min(coming, len(on_ptr) - 1))
            prefetch(also_ptr, min(coming, len(also_ptr) - 1))
            row = np.int64(found[at])
            target = look_up(table, entries, row)
            if target < 0:
                table[-1 - target] = size + 1
                target = size
                entries[target, _ROW] = row
                entries[target, _WAYS] = degree(on_ptr, on_table, on_entries, row)
                entries[target, _WAYS] += degree(also_ptr, also_table, also_entries, row)
                size += 1
            spread = max(entries[target, _WAYS], 1)
            masses[target, _RESIDUAL] += share if forward else share / spread
            bound = eps * spread if forward else eps
            if not waiting[target] and abs(masses[target, _RESIDUAL]) > bound:
                queue[tail] = target
                tail += 1
                waiting[target] = True
    return table, entries, masses, size


@njit(cache=True, nogil=True)
def _rewire(table, entries, masses, size, moves, change, ways, teleport):  # type: ignore[no-untyped-def]
    if size + len(moves) > len(entries):
        table, entries, masses = _grown(table, entries, masses, size, size + len(moves))
    # Looked up before anything is added: what is added now already has its ways after the change.
    sources = np.empty(len(moves), np.int64)
    for at in range(len(moves)):
        sources[at] = look_up(table, entries, moves[at, 0])
    touched, count = np.empty(2 * len(moves), np.int64), 0
    for at in range(len(moves)):
        place = sources[at]
        if place < 0:
            continue
        before, estimate = entries[place, _WAYS], masses[place, _ESTIMATE]
        entries[place, _WAYS] += change
        touched[count] = place
        count += 1
        if estimate == 0:
            continue
        # Scaling the estimate keeps what each other way on carries, so that only both ends change. An
        # account without other ways has nothing to keep.
        others = min(before, before + change)
        part = change * (estimate / before if others else estimate)
        if others:
            masses[place, _ESTIMATE] += part
            masses[place, _RESIDUAL] -= part / teleport
        target = look_up(table, entries, moves[at, 1])
        if target < 0:
            table[-1 - target] = size + 1
            target = size
            entries[target, _ROW] = moves[at, 1]
            entries[target, _WAYS] = _degree(ways[0], moves[at, 1]) + _degree(ways[1], moves[at, 1])
            size += 1
        masses[target, _RESIDUAL] += part * (1 - teleport) / teleport
        touched[count] = target
        count += 1
    return table, entries, masses, size, touched[:count]


@njit(cache=True, nogil=True)
def _degree(ways, row):  # type: ignore[no-untyped-def]
    return degree(ways.indptr, ways.table, ways.entries, row)


@njit(cache=True, nogil=True)
def _grown(table, entries, masses, size, room):  # type: ignore[no-untyped-def]
    length = len(entries)
    while length < room:
        length *= 2
    wider, longer = np.zeros((length, 2), np.int64), np.zeros((length, 2), np.float64)
    wider[:size], longer[:size] = entries[:size], masses[:size]
    return rebuilt(wider, size), wider, longer


@njit(cache=True, nogil=True)
def _longer(array, length):  # type: ignore[no-untyped-def]
    longer = np.zeros(length, array.dtype)
    longer[: len(array)] = array
    return longer

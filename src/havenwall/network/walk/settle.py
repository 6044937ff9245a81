"""The loops of a local walk: pushing residuals on, and keeping the sums right when links change."""

from __future__ import annotations

import numpy as np
from numba import njit

from havenwall.network.graph.prefetch import prefetch
from havenwall.network.walk.adjacency import degree, neighbours
from havenwall.network.walk.table import look_up, rebuilt

ROW, WAYS = 0, 1
"""Columns of the entries of the accounts touched."""
ESTIMATE, RESIDUAL = 0, 1
"""Columns of their masses."""
FEW = 2048
"""Room to begin with."""
_AHEAD = 8


@njit(cache=True, nogil=True)
def begin(table, entries, masses, on, also, row):  # type: ignore[no-untyped-def]
    """In compiled code: give an account all mass as its residual; the number of entries."""
    table[-1 - look_up(table, entries, row)] = 1
    entries[0, ROW] = row
    entries[0, WAYS] = _degree(on, row) + _degree(also, row)
    masses[0, RESIDUAL] = 1
    return 1


@njit(cache=True, nogil=True)
def settle(table, entries, masses, size, first, steps, ways, teleport, eps, forward):  # type: ignore[no-untyped-def]
    """In compiled code: `Local.settle`; the arrays as they are afterwards, and the number of entries."""
    (to_ptr, to_all, to_table, to_entries), (too_ptr, too_all, too_table, too_entries) = steps
    (on_ptr, _, on_table, on_entries), (also_ptr, _, also_table, also_entries) = ways
    waiting, queue = np.zeros(len(entries), np.bool_), np.empty(max(len(first), FEW), np.int64)
    found, head, tail = np.empty(FEW, np.uint32), 0, len(first)
    queue[:tail] = first
    waiting[first] = True
    while head < tail:
        place = queue[head]
        head += 1
        waiting[place] = False
        row, spread, residual = entries[place, ROW], max(entries[place, WAYS], 1), masses[place, RESIDUAL]
        if abs(residual) <= (eps * spread if forward else eps):
            continue
        masses[place, ESTIMATE] += teleport * residual
        masses[place, RESIDUAL] = 0
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
                entries[target, ROW] = row
                entries[target, WAYS] = degree(on_ptr, on_table, on_entries, row)
                entries[target, WAYS] += degree(also_ptr, also_table, also_entries, row)
                size += 1
            spread = max(entries[target, WAYS], 1)
            masses[target, RESIDUAL] += share if forward else share / spread
            bound = eps * spread if forward else eps
            if not waiting[target] and abs(masses[target, RESIDUAL]) > bound:
                queue[tail] = target
                tail += 1
                waiting[target] = True
    return table, entries, masses, size


@njit(cache=True, nogil=True)
def rewire(table, entries, masses, size, moves, change, ways, teleport):  # type: ignore[no-untyped-def]
    """In compiled code: `Local.rewire`; the arrays afterwards, the number of entries, what was touched."""
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
        before, estimate = entries[place, WAYS], masses[place, ESTIMATE]
        entries[place, WAYS] += change
        touched[count] = place
        count += 1
        if estimate == 0:
            continue
        # Scaling the estimate keeps what each other way on carries, so that only both ends change. An
        # account without other ways has nothing to keep.
        others = min(before, before + change)
        part = change * (estimate / before if others else estimate)
        if others:
            masses[place, ESTIMATE] += part
            masses[place, RESIDUAL] -= part / teleport
        target = look_up(table, entries, moves[at, 1])
        if target < 0:
            table[-1 - target] = size + 1
            target = size
            entries[target, ROW] = moves[at, 1]
            entries[target, WAYS] = _degree(ways[0], moves[at, 1]) + _degree(ways[1], moves[at, 1])
            size += 1
        masses[target, RESIDUAL] += part * (1 - teleport) / teleport
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

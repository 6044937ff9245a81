"""Many patterns as one automaton in flat arrays (Aho & Corasick 1975), walked by compiled loops.

Nodes are numbered breadth first over sorted patterns, so the children of a node stand side by side, by
symbol: no hash table, 18 bytes a node.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from havenwall.match.compiled import njit

FIRST, FAIL, OUT, LINK = 0, 1, 2, 3
_FEW = 6
_DENSE = 1 << 18
"""Entries of `top`, 1 MB: what stays near the processor."""


class Automaton(NamedTuple):
    """Arrays as the compiled loops take them; n nodes, 0 is the root."""

    nodes: NDArray[np.int32]
    """(n + 1, 4): first child; where to go on when no child fits; pattern that ends here or -1; the next
    node with a pattern along the failures, or 0."""
    symbols: NDArray[np.uint16]
    """(n,) symbol on the way into the node."""
    top: NDArray[np.int32]
    """(t, highest symbol + 1): for the first t nodes, the next node by symbol. Most steps are taken there."""


def build_automaton(patterns: Sequence[str], symbols: int) -> Automaton:
    """The automaton of sorted, different, non-empty patterns, whose characters are symbols 1 … `symbols`."""
    lengths = np.array([len(pattern) for pattern in patterns], dtype=np.int64)
    flat = np.frombuffer("".join(patterns).encode("utf-32-le"), dtype="<u4")
    starts = np.concatenate(([0], np.cumsum(lengths)[:-1])).astype(np.int64)
    parents, into, outs = _levels(flat, starts, lengths)
    counts = np.bincount(parents[1:], minlength=len(parents))
    nodes = np.zeros((len(parents) + 1, 4), dtype=np.int32)
    nodes[:, FIRST] = 1 + np.concatenate(([0], np.cumsum(counts)))
    nodes[:, OUT] = -1
    nodes[:-1, OUT] = outs
    count = min(len(parents), max(1, _DENSE // (symbols + 1)))
    top = np.zeros((count, symbols + 1), dtype=np.int32)
    _link(nodes, into, top, parents)
    return Automaton(nodes, into, top)


def _levels(
    flat: NDArray[np.uint32], starts: NDArray[np.int64], lengths: NDArray[np.int64]
) -> tuple[NDArray[np.int32], NDArray[np.uint16], NDArray[np.int32]]:
    """Parent, symbol and pattern of every node, one depth after the other."""
    parents, into, outs = [np.zeros(1, np.int32)], [np.zeros(1, np.uint16)], [np.full(1, -1, np.int32)]
    alive, node, known = np.arange(len(lengths)), np.zeros(len(lengths), dtype=np.int32), 1
    depth = 0
    while len(alive):
        symbol = flat[starts[alive] + depth].astype(np.uint16)
        fresh = np.ones(len(alive), dtype=bool)
        fresh[1:] = (node[1:] != node[:-1]) | (symbol[1:] != symbol[:-1])
        parents.append(node[fresh])
        into.append(symbol[fresh])
        node = (known + np.cumsum(fresh) - 1).astype(np.int32)
        ends = lengths[alive] == depth + 1
        outs.append(np.full(int(fresh.sum()), -1, dtype=np.int32))
        outs[-1][node[ends] - known] = alive[ends]
        known += int(fresh.sum())
        alive, node, depth = alive[~ends], node[~ends], depth + 1
    return np.concatenate(parents), np.concatenate(into), np.concatenate(outs)


@njit(cache=True, nogil=True)
def step(nodes, symbols, top, node, symbol):  # type: ignore[no-untyped-def]
    """In compiled code: the node after one more symbol; symbol 0 is in no pattern and leads to the root."""
    if symbol == 0:
        return np.int64(0)
    while node >= len(top):
        low, high = nodes[node, FIRST], nodes[node + 1, FIRST]
        while high - low > _FEW:
            middle = (low + high) // 2
            if symbols[middle] <= symbol:
                low = middle
            else:
                high = middle
        for place in range(low, high):
            if symbols[place] == symbol:
                return np.int64(place)
        node = nodes[node, FAIL]
    return np.int64(top[node, symbol])


@njit(cache=True)
def _link(nodes, symbols, top, parents):  # type: ignore[no-untyped-def]
    for node in range(len(parents)):
        if node:
            parent = parents[node]
            fail = step(nodes, symbols, top, nodes[parent, FAIL], symbols[node]) if parent else 0
            nodes[node, FAIL] = fail
            nodes[node, LINK] = fail if nodes[fail, OUT] >= 0 else nodes[fail, LINK]
        if node < len(top):
            # Where no child fits, the next node is that of the failure, which is nearer to the root.
            top[node] = top[nodes[node, FAIL]]
            for place in range(nodes[node, FIRST], nodes[node + 1, FIRST]):
                top[node, symbols[place]] = place

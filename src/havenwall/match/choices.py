"""Texts whose letters may each be read in two ways: all mixtures at once, in compiled code.

A Cyrillic er may be an r by its sound or a p by its looks, a digit one an i or an l. From each letter on, all
nodes of the automaton's tree that some mixture leads to are followed together; most die out after a few
letters. Repeated letters may be passed over, a few for each letter: no text keeps a mixture alive for long.
"""

from __future__ import annotations

from typing import Final

import numpy as np

from havenwall.match.automaton import FIRST, OUT
from havenwall.match.compiled import njit
from havenwall.match.readings import (
    FORMS,
    HARD,
    LENGTH,
    MASK,
    MODE,
    NEXT,
    PLAIN,
    SQUEEZED,
    fits,
)

_NODE, _DEPTH, _WITHIN, _FORM = 0, 1, 2, 3
_WIDEST: Final = 1024
"""Mixtures followed at once; no list of words has as many beginnings that some text reads as."""

_SPARE, _EACH = 8, 4


@njit(cache=True, nogil=True)
def _child(nodes, symbols, top, node, symbol):  # type: ignore[no-untyped-def]
    """The child of a node by a symbol, or 0."""
    low, high = nodes[node, FIRST], nodes[node + 1, FIRST]
    if node < len(top):
        # What is no child of the node is where a failure leads.
        below = np.int64(top[node, symbol])
        return below if low <= below < high else np.int64(0)
    while low < high:
        middle = (low + high) // 2
        if symbols[middle] < symbol:
            low = middle + 1
        else:
            high = middle
    return np.int64(low) if low < nodes[node + 1, FIRST] and symbols[low] == symbol else np.int64(0)


@njit(cache=True, nogil=True)
def _add(front, count, node, depth, within, form):  # type: ignore[no-untyped-def]
    """One more mixture, unless it is there already or there is no room; returns how many."""
    for at in range(count):
        if front[at, _NODE] == node and front[at, _WITHIN] == within and front[at, _FORM] == form:
            return count
    if count == _WIDEST:
        return count
    front[count, _NODE], front[count, _DEPTH] = node, depth
    front[count, _WITHIN], front[count, _FORM] = within, form
    return count + 1


@njit(cache=True, nogil=True)
def _most(depth):  # type: ignore[no-untyped-def]
    """Characters that so many letters of a term may take up, repeats and silent ones included."""
    return _SPARE + _EACH * depth


@njit(cache=True, nogil=True)
def _ahead(nodes, symbols, top, expansions, row, edge, read, front, count, ahead, made):  # type: ignore[no-untyped-def]
    """Follow each mixture by the `read`-th character, as a row of `expansions`; returns how many are made."""
    length = expansions[7 * row]
    for entry in range(count):
        node, depth = front[entry, _NODE], front[entry, _DEPTH]
        within, form = front[entry, _WITHIN], front[entry, _FORM]
        if length == 1 and depth and symbols[node] == expansions[7 * row + 1] and read <= _most(depth):
            made = _add(ahead, made, node, depth, within, np.int64(SQUEEZED))
        if length == 0:
            if read <= _most(depth):
                made = _add(ahead, made, node, depth, within, form)
            continue
        below = node
        for nth in range(length):
            below = _child(nodes, symbols, top, below, expansions[7 * row + 1 + nth])
            if below == 0:
                break
        if below:
            if depth and edge & HARD:
                within |= np.int64(1) << depth
            made = _add(ahead, made, below, depth + length, within, form)
    return made


@njit(cache=True, nogil=True)
def walk_choices(  # type: ignore[no-untyped-def]
    nodes, symbols, top, patterns, expansions, inside, one, other, place, edges, size, hits, found
):
    """Add the hits of all mixtures, as rows of `scan` with reading 3; returns how many there are now.

    `inside`: some term may begin inside a word.
    """
    front = np.empty((_WIDEST, 4), np.int64)
    ahead = np.empty((_WIDEST, 4), np.int64)
    for start in range(size):
        if not (inside or edges[start]):
            continue
        front[0, :] = 0
        front[0, _FORM] = PLAIN
        count = 1
        for at in range(start, size):
            read = at - start + 1
            made = _ahead(nodes, symbols, top, expansions, one[at], edges[at], read, front, count, ahead, 0)
            if other[at] != one[at]:
                made = _ahead(
                    nodes, symbols, top, expansions, other[at], edges[at], read, front, count, ahead, made
                )
            if made == 0:
                break
            front, ahead, count = ahead, front, made
            closes, whole = edges[at + 1] != 0, start == 0 and at == size - 1
            for entry in range(count):
                pattern = nodes[front[entry, _NODE], OUT]
                while pattern >= 0 and found < len(hits):
                    fit = 0
                    if patterns[pattern, FORMS] & front[entry, _FORM]:
                        fit = fits(
                            patterns[pattern, LENGTH], patterns[pattern, MODE], patterns[pattern, MASK],
                            front[entry, _WITHIN], edges[start] != 0, closes, whole,
                        )  # fmt: skip
                    if fit:
                        hits[found, 0], hits[found, 1], hits[found, 2] = pattern, 3, front[entry, _FORM]
                        hits[found, 3], hits[found, 4], hits[found, 5] = place[start], place[at], fit
                        found += 1
                    pattern = patterns[pattern, NEXT]
    return found

"""One pass of the automaton over every reading of a short text, in compiled code.

A reading is the text's letters without separators; what separates them is kept as edges between letters. So
one walk finds a term written plainly, spaced and joined, and edges tell which. A second walk over the letters
with repeats squeezed runs only where letters repeat, and readings with signs as letters or by sound only
where there are signs or letters of other scripts. Most queries take one walk.
"""

from __future__ import annotations

from typing import Final

import numpy as np
from numpy.typing import NDArray

from havenwall.match.alphabet import SEPARATOR, SIGN
from havenwall.match.automaton import Automaton, step
from havenwall.match.compiled import njit

WORD, PREFIX, SUBSTRING, EXACT = 0, 1, 2, 3
BY_LOOKS, WITH_SIGNS, BY_SOUND, BY_SOUND_TOO = 0, 1, 2, 3
PLAIN, SQUEEZED = 1, 2
LENGTH, MODE, FORMS, NEXT, MASK = 0, 1, 2, 3, 4
_HARD, _SOFT = 1, 2
_HAS_SIGN, _HAS_SOUND, _HAS_CHOICE, _HAS_RUN = 1, 2, 4, 8

SHORTEST_SPACED: Final = 5
"""Terms with fewer letters are not looked for across separators: too many innocent neighbours spell them."""


def lay_out(
    table: NDArray[np.int32], expansions: NDArray[np.int32], automaton: Automaton, by_sound: bool
) -> NDArray[np.int32]:
    """All that `scan` reads but the patterns, in one array: each array handed to compiled code costs 0.2 µs.

    It begins with six lengths, and `by_sound`: whether to read by sound a text without letters of other
    scripts.
    """
    parts = (table, expansions, automaton.nodes, automaton.symbols, automaton.top)
    head = [len(table), expansions.size, len(automaton.nodes), len(automaton.symbols), automaton.top.shape[1]]
    flat = [np.ascontiguousarray(part, dtype=np.int32).ravel() for part in parts]
    return np.concatenate((np.array([*head, by_sound], dtype=np.int32), *flat))


@njit(cache=True, nogil=True)
def _code(data, width, at):  # type: ignore[no-untyped-def]
    if width == 1:
        return np.int64(data[at])
    low = np.int64(data[4 * at]) | np.int64(data[4 * at + 1]) << 8
    return low | np.int64(data[4 * at + 2]) << 16 | np.int64(data[4 * at + 3]) << 24


@njit(cache=True, nogil=True)
def _gather(data, width, table, expansions, reading, letters, place, edges):  # type: ignore[no-untyped-def]
    """Fill letters, where each stands in the text, and edges before each; returns size and flags."""
    size, flags, edge = 0, 0, _HARD
    before = -1
    row = reading if reading >= BY_SOUND else BY_SOUND
    for at in range(len(data) // width):
        code = _code(data, width, at)
        if code >= len(table):
            code = len(table) - 1
        kind = table[code, 0]
        if kind == SIGN:
            flags |= _HAS_SIGN
        if kind == SEPARATOR or (kind == SIGN and reading == BY_LOOKS):
            edge |= _HARD
            continue
        if kind == SIGN:
            edge |= _SOFT
        by_sound = table[code, row]
        if code >= 128 and by_sound:
            flags |= _HAS_SOUND
        if table[code, 2] != table[code, 3]:
            flags |= _HAS_CHOICE
        count = expansions[7 * by_sound] if reading >= BY_SOUND else 1
        for nth in range(count):
            symbol = expansions[7 * by_sound + 1 + nth] if reading >= BY_SOUND else table[code, 1]
            if symbol == before:
                flags |= _HAS_RUN
            letters[size], place[size], edges[size] = symbol, at, edge
            size, edge, before = size + 1, 0, symbol
        if kind == SIGN:
            edge |= _SOFT
    edges[size] = _HARD
    return size, flags


@njit(cache=True, nogil=True)
def _squeeze(letters, size, squeezed, first, last):  # type: ignore[no-untyped-def]
    """One letter for each run, and where the run begins and ends; returns how many."""
    count = 0
    for at in range(size):
        if count and squeezed[count - 1] == letters[at]:
            last[count - 1] = at
        else:
            squeezed[count], first[count], last[count] = letters[at], at, at
            count += 1
    return count


@njit(cache=True, nogil=True)
def _fits(length, mode, mask, end, first, last, edges, size):  # type: ignore[no-untyped-def]
    """Whether the term may stand where its letters were found: 0 no, 1 as written, 2 spaced otherwise."""
    start = end - length + 1
    opens = closes = False
    for at in range(first[start], last[start] + 1):
        opens |= edges[at] != 0
    for at in range(first[end] + 1, last[end] + 2):
        closes |= edges[at] != 0
    if mode == WORD and not (opens and closes):
        return 0
    if mode == EXACT and not (first[start] == 0 and last[end] == size - 1):
        return 0
    if mode == PREFIX and not opens:
        return 0
    within = 0
    for nth in range(1, length):
        if edges[first[start + nth]] & _HARD:
            within |= 1 << nth
    if within == mask:
        return 1
    return 2 if length >= SHORTEST_SPACED and opens and closes else 0


@njit(cache=True, nogil=True)
def _walk(  # type: ignore[no-untyped-def]
    nodes,
    symbols,
    top,
    patterns,
    form,
    reading,
    letters,
    count,
    first,
    last,
    place,
    edges,
    size,
    hits,
    found,
):
    node = 0
    for at in range(count):
        node = step(nodes, symbols, top, node, letters[at])
        end = node if nodes[node, 2] >= 0 else nodes[node, 3]
        while end != 0:
            pattern = nodes[end, 2]
            while pattern >= 0 and found < len(hits):
                if patterns[pattern, FORMS] & form:
                    length, mode = patterns[pattern, LENGTH], patterns[pattern, MODE]
                    fit = _fits(length, mode, patterns[pattern, MASK], at, first, last, edges, size)
                    if fit:
                        hits[found, 0], hits[found, 1], hits[found, 2] = pattern, reading, form
                        hits[found, 3] = place[first[at - length + 1]]
                        hits[found, 4], hits[found, 5] = place[last[at]], fit
                        found += 1
                pattern = patterns[pattern, NEXT]
            end = nodes[end, 3]
    return found


@njit(cache=True, nogil=True)
def scan(data, width, memory, patterns, room):  # type: ignore[no-untyped-def]
    """Where letters of patterns stand in a text.

    Args: the text in base form as ASCII (width 1) or UTF-32 (width 4); what `lay_out` gave; (m, 5) int64
    patterns with length, mode, forms, next pattern of the same symbols, and edges within as bits; how many
    hits at most.

    Returns (k, 6) int32: pattern, reading, form, first and last character, 1 as written or 2 spaced
    otherwise; None when there is no hit.
    """
    at = 6
    table = memory[at : at + 4 * memory[0]].reshape((-1, 4))
    at += 4 * memory[0]
    expansions = memory[at : at + memory[1]]
    at += memory[1]
    nodes = memory[at : at + 4 * memory[2]].reshape((-1, 4))
    at += 4 * memory[2]
    symbols = memory[at : at + memory[3]]
    top = memory[at + memory[3] :].reshape((-1, np.int64(memory[4])))
    most = 6 * (len(data) // width) + 1
    work = np.empty((6, most), np.int32)
    letters, place, edges, squeezed, first, last = work[0], work[1], work[2], work[3], work[4], work[5]
    hits = np.empty((room, 6), np.int32)
    found, seen = 0, 0
    for reading in range(4):
        if reading == WITH_SIGNS and not seen & _HAS_SIGN:
            continue
        if reading >= BY_SOUND and not (seen & _HAS_SOUND or memory[5]):
            break
        if reading == BY_SOUND_TOO and not seen & _HAS_CHOICE:
            break
        size, flags = _gather(data, width, table, expansions, reading, letters, place, edges)
        seen |= flags
        for at in range(size):
            first[at] = last[at] = at
        found = _walk(
            nodes, symbols, top, patterns, PLAIN, reading,
            letters, size, first, last, place, edges, size, hits, found,
        )  # fmt: skip
        if flags & _HAS_RUN:
            count = _squeeze(letters, size, squeezed, first, last)
            found = _walk(
                nodes, symbols, top, patterns, SQUEEZED, reading,
                squeezed, count, first, last, place, edges, size, hits, found,
            )  # fmt: skip
    if found == 0:
        return None
    return hits[:found]

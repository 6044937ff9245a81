"""One pass of the automaton over every reading of a short text, in compiled code.

A reading is the text's letters without separators; what separates them is kept as edges between letters. So
one walk finds a term written plainly, spaced and joined, and edges tell which. A second walk over the letters
with repeats squeezed runs only where letters repeat, and readings with signs as letters or by sound only
where there are signs or letters of other scripts. Most queries take one walk.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from havenwall.match.automaton import Automaton, step
from havenwall.match.choices import walk_choices
from havenwall.match.compiled import njit
from havenwall.match.readings import (
    BY_SOUND,
    FORMS,
    HARD,
    HAS_CHOICE,
    HAS_RUN,
    HAS_SIGN,
    HAS_SOUND,
    LENGTH,
    MASK,
    MIXED,
    MODE,
    NEXT,
    PLAIN,
    SQUEEZED,
    WITH_SIGNS,
    WORD,
    fits,
    gather,
    gather_choices,
    squeeze,
)


def lay_out(
    table: NDArray[np.int32],
    expansions: NDArray[np.int32],
    automaton: Automaton,
    by_sound: bool,
    inside: bool,
) -> NDArray[np.int32]:
    """All that `scan` reads but the patterns, in one array: each array handed to compiled code costs 0.2 µs.

    It begins with five lengths; `by_sound`: whether to read by sound a text without letters of other
    scripts; and `inside`: whether some term may begin inside a word.
    """
    parts = (table, expansions, automaton.nodes, automaton.symbols, automaton.top)
    head = [len(table), expansions.size, len(automaton.nodes), len(automaton.symbols), automaton.top.shape[1]]
    flat = [np.ascontiguousarray(part, dtype=np.int32).ravel() for part in parts]
    return np.concatenate((np.array([*head, by_sound, inside], dtype=np.int32), *flat))


@njit(cache=True, nogil=True)
def _fit(length, mode, mask, end, first, last, edges, size):  # type: ignore[no-untyped-def]
    start = end - length + 1
    opens = closes = False
    for at in range(first[start], last[start] + 1):
        opens |= edges[at] != 0
    for at in range(first[end] + 1, last[end] + 2):
        closes |= edges[at] != 0
    if mode == WORD and not (opens and closes):
        return 0
    within = 0
    for nth in range(1, length):
        if edges[first[start + nth]] & HARD:
            within |= 1 << nth
    return fits(length, mode, mask, within, opens, closes, first[start] == 0 and last[end] == size - 1)


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
                    fit = _fit(length, mode, patterns[pattern, MASK], at, first, last, edges, size)
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
    at = 7
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
        if reading == WITH_SIGNS and not seen & HAS_SIGN:
            continue
        if reading >= BY_SOUND and not (seen & HAS_SOUND or memory[5]):
            break
        if reading == MIXED:
            if seen & HAS_CHOICE:
                size = gather_choices(data, width, table, place, edges, first, last)
                found = walk_choices(
                    nodes,
                    symbols,
                    top,
                    patterns,
                    expansions,
                    memory[6],
                    first,
                    last,
                    place,
                    edges,
                    size,
                    hits,
                    found,
                )
            break
        size, flags = gather(data, width, table, expansions, reading, letters, place, edges)
        seen |= flags
        for at in range(size):
            first[at] = last[at] = at
        found = _walk(
            nodes, symbols, top, patterns, PLAIN, reading,
            letters, size, first, last, place, edges, size, hits, found,
        )  # fmt: skip
        if flags & HAS_RUN:
            count = squeeze(letters, size, squeezed, first, last)
            found = _walk(
                nodes, symbols, top, patterns, SQUEEZED, reading,
                squeezed, count, first, last, place, edges, size, hits, found,
            )  # fmt: skip
    if found == 0:
        return None
    return hits[:found]

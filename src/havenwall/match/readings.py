"""What compiled code reads in a text: letters, what separates them, and whether a term may stand there."""

from __future__ import annotations

from typing import Final

import numpy as np

from havenwall.match.alphabet import KIND, LOOK, SEPARATOR, SIGN, SOUND, SOUND_TOO
from havenwall.match.compiled import njit

WORD, PREFIX, SUBSTRING, EXACT = 0, 1, 2, 3
BY_LOOKS, WITH_SIGNS, BY_SOUND, MIXED = 0, 1, 2, 3
PLAIN, SQUEEZED = 1, 2
LENGTH, MODE, FORMS, NEXT, MASK = 0, 1, 2, 3, 4
HARD, SOFT = 1, 2
HAS_SIGN, HAS_SOUND, HAS_CHOICE, HAS_RUN = 1, 2, 4, 8

LONGEST_RUN: Final = 5
"""Characters kept of a run where each may be read in two ways (`1111` is an `illi`)."""

SHORTEST_SPACED: Final = 5
"""Terms with fewer letters are not looked for across separators: too many innocent neighbours spell them."""


@njit(cache=True, nogil=True)
def code_at(data, width, at, codes):  # type: ignore[no-untyped-def]
    """The code point at a place, or the last one that has a symbol."""
    if width == 1:
        return np.int64(data[at])
    code = np.int64(data[4 * at]) | np.int64(data[4 * at + 1]) << 8
    code |= np.int64(data[4 * at + 2]) << 16 | np.int64(data[4 * at + 3]) << 24
    return min(code, np.int64(codes - 1))


@njit(cache=True, nogil=True)
def gather(data, width, table, expansions, reading, letters, place, edges):  # type: ignore[no-untyped-def]
    """Fill letters, where each stands in the text, and edges before each; returns size and flags."""
    size, flags, edge = 0, 0, HARD
    before = -1
    for at in range(len(data) // width):
        code = code_at(data, width, at, len(table))
        kind = table[code, KIND]
        if kind == SIGN:
            flags |= HAS_SIGN
        if kind == SEPARATOR or (kind == SIGN and reading == BY_LOOKS):
            edge |= HARD
            continue
        if kind == SIGN:
            edge |= SOFT
        by_sound, too = table[code, SOUND], table[code, SOUND_TOO]
        if code >= 128 and (by_sound or too):
            flags |= HAS_SOUND
        if by_sound != too:
            flags |= HAS_CHOICE
        count = expansions[7 * by_sound] if reading == BY_SOUND else 1
        for nth in range(count):
            symbol = expansions[7 * by_sound + 1 + nth] if reading == BY_SOUND else table[code, LOOK]
            if symbol == before:
                flags |= HAS_RUN
            letters[size], place[size], edges[size] = symbol, at, edge
            size, edge, before = size + 1, 0, symbol
        if kind == SIGN:
            edge |= SOFT
    edges[size] = HARD
    return size, flags


@njit(cache=True, nogil=True)
def gather_choices(data, width, table, place, edges, one, other):  # type: ignore[no-untyped-def]
    """As `gather`, by character: fill the rows of `expansions` for either sound of each; returns the size.

    Of a longer run of one character only the beginning is kept: a flood would be read from each place anew.
    """
    size, edge, run = 0, HARD, 0
    for at in range(len(data) // width):
        code = code_at(data, width, at, len(table))
        kind = table[code, KIND]
        if kind == SEPARATOR:
            edge |= HARD
            continue
        if kind == SIGN:
            edge |= SOFT
        if table[code, SOUND] or table[code, SOUND_TOO]:
            one[size], other[size] = table[code, SOUND], table[code, SOUND_TOO]
            place[size], edges[size] = at, edge
            again = size and edge == 0 and one[size] == one[size - 1] and other[size] == other[size - 1]
            run = run + 1 if again else 0
            if run >= LONGEST_RUN:
                continue
            size, edge = size + 1, 0
        if kind == SIGN:
            edge |= SOFT
    edges[size] = HARD
    return size


@njit(cache=True, nogil=True)
def squeeze(letters, size, squeezed, first, last):  # type: ignore[no-untyped-def]
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
def fits(length, mode, mask, within, opens, closes, whole):  # type: ignore[no-untyped-def]
    """Whether a term may stand where its letters were found: 0 no, 1 as written, 2 spaced otherwise.

    `within` has a bit for each letter that begins a word in the text, as `mask` has for the term.
    """
    if mode == WORD and not (opens and closes):
        return 0
    if mode == EXACT and not whole:
        return 0
    if mode == PREFIX and not opens:
        return 0
    if within == mask:
        return 1
    return 2 if length >= SHORTEST_SPACED and opens and closes else 0

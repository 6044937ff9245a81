"""Every way to spell every term, as the automaton and the compiled loops take it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from enum import StrEnum
from typing import Final

import msgspec
import numpy as np
from numpy.typing import NDArray

from havenwall.match import readings
from havenwall.match.alphabet import Alphabet
from havenwall.match.readings import NEXT, PLAIN, SQUEEZED

LONGEST: Final = 60
"""Letters a term may have."""
_REPEAT: Final = re.compile(r"(.)\1", re.DOTALL)


class Mode(StrEnum):
    """Where a term counts."""

    WORD = "word"
    """As whole words."""
    PREFIX = "prefix"
    """At the beginning of a word."""
    SUBSTRING = "substring"
    """Anywhere."""
    EXACT = "exact"
    """When it is the whole text."""


class Term(msgspec.Struct, frozen=True, kw_only=True):
    """A term as it is looked for."""

    letters: str
    """In base form, without separators."""
    inner: tuple[int, ...]
    """Letters that begin a further word."""
    mode: Mode


_MODES = {
    Mode.WORD: readings.WORD,
    Mode.PREFIX: readings.PREFIX,
    Mode.SUBSTRING: readings.SUBSTRING,
    Mode.EXACT: readings.EXACT,
}
Pattern = tuple[str, int, int, int]
"""Symbols, mode, forms, and edges within as bits."""


def patterns_of(terms: Sequence[Term], alphabet: Alphabet) -> tuple[list[Pattern], list[int]]:
    """Symbols, mode, forms and inner edges of every way to spell every term; and whose they are."""
    found: list[Pattern] = []
    owner: list[int] = []
    for place, term in enumerate(terms):
        for pattern in _spellings(term, alphabet):
            found.append(pattern)
            owner.append(place)
    return found, owner


def _spellings(term: Term, alphabet: Alphabet) -> Iterator[Pattern]:
    mode = _MODES[term.mode]
    look = alphabet.look(term.letters)
    yield from _forms(look, term.inner, mode)
    sound = alphabet.sound(term.letters)
    if 0 < len(sound) <= LONGEST:
        inner = tuple(len(alphabet.sound(term.letters[:at])) for at in term.inner)
        yield from _forms(sound, inner, mode)


def _forms(symbols: str, inner: tuple[int, ...], mode: int) -> Iterator[Pattern]:
    mask = sum(1 << at for at in inner)
    if not _REPEAT.search(symbols):
        yield symbols, mode, PLAIN | SQUEEZED, mask
        return
    yield symbols, mode, PLAIN, mask
    runs = [at for at, symbol in enumerate(symbols) if at == 0 or symbols[at - 1] != symbol]
    squeezed = sum(1 << nth for nth, at in enumerate(runs) if at in inner)
    yield "".join(symbols[at] for at in runs), mode, SQUEEZED, squeezed


def pattern_table(
    found: Sequence[Pattern],
) -> tuple[NDArray[np.int64], list[int], list[str]]:
    """The patterns as `scan` takes them, their places in `found`, and the different spellings, sorted.

    First stands one pattern of each spelling, in order; the others hang behind it.
    """
    firsts: dict[str, int] = {}
    rest = [at for at, pattern in enumerate(found) if firsts.setdefault(pattern[0], at) != at]
    spelled = sorted(firsts)
    order = [firsts[symbols] for symbols in spelled] + rest
    rows = [(len(found[at][0]), *found[at][1:3], -1, found[at][3]) for at in order]
    table = np.array(rows, dtype=np.int64).reshape(-1, 5)
    last = {symbols: at for at, symbols in enumerate(spelled)} if rest else {}
    for row, place in enumerate(rest, start=len(spelled)):
        table[last[found[place][0]], NEXT] = row
        last[found[place][0]] = row
    return table, order, spelled

"""Finds many terms in a short text through disguises, and says which views it took."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from enum import StrEnum
from itertools import accumulate
from typing import Final

import msgspec
import numpy as np
from numpy.typing import NDArray

from havenwall.errors import BadInput
from havenwall.match import scan as kernel
from havenwall.match.alphabet import Alphabet
from havenwall.match.automaton import build_automaton
from havenwall.match.disguises import VIEWS, BaseText, Disguise
from havenwall.match.tables import SIGNS
from havenwall.match.verify import Written, read_as

LONGEST: Final = 60
"""Letters a term may have."""
_ROOM: Final = 32
_STROKE: Final = re.compile("(?<=[a-z])I|I(?=[a-z])")
_REPEAT: Final = re.compile(r"(.)\1", re.DOTALL)
BASE: Final = (Disguise.CASE, Disguise.WIDTH, Disguise.INVISIBLE, Disguise.DIACRITICS)
"""What is undone before any other view, one after the other."""


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


class Found(msgspec.Struct, frozen=True, kw_only=True):
    """A term in a text."""

    term: int
    """Place in the list the finder was made from."""
    views: tuple[Disguise, ...]
    """Views that undid something in the text or that the match needed; empty when it is written plainly."""
    start: int
    """First and last character in the text's base form, for comparing hits with each other."""
    end: int


class _Term(msgspec.Struct, frozen=True, kw_only=True):
    letters: str
    inner: tuple[int, ...]
    """Letters that begin a further word."""
    mode: Mode


class TermFinder:
    """Finds terms in short texts; safe to share between threads, and never changed once made."""

    def __init__(self, terms: Sequence[tuple[str, Mode]]) -> None:
        """`terms`: text and mode.

        Raises:
            BadInput: a term has no letters or more than 60; `field` is its place, and it is not quoted.
        """
        self._base = BaseText(_pictographs(text for text, _ in terms))
        self._terms = [self._term(place, text, mode) for place, (text, mode) in enumerate(terms)]
        chars = {char for term in self._terms for char in term.letters}
        alphabet = Alphabet(chars)
        found, owner = _patterns(self._terms, alphabet)
        self._patterns, order, spelled = _table(found)
        self._owner = [owner[place] for place in order]
        self._by_sound = any(char > "\x7f" for char in chars)
        automaton = build_automaton(spelled, alphabet.size)
        self._memory = kernel.lay_out(*alphabet.tables(), automaton, self._by_sound)
        self.nodes = len(automaton.symbols)

    nodes: int
    """Nodes of the automaton."""

    def __len__(self) -> int:
        return len(self._terms)

    def base(self, text: str) -> str:
        """The text without case, width, invisible characters and diacritics."""
        return text.translate(self._base)

    def find(self, text: str) -> list[Found]:
        """Every place of every term in the text, once each."""
        if "I" in text:
            # A capital I between small letters may be meant for an l: case is gone when letters are compared.
            text = _STROKE.sub("ı", text)
        if text.isascii():
            base, width = text.lower(), 1
            data = base.encode()
        else:
            base, width = text.translate(self._base), 4
            data = base.encode("utf-32-le", "replace")
        hits = self._scan(data, width, _ROOM)
        return [] if hits is None else self._checked(text, base, hits)

    def _scan(self, data: bytes, width: int, room: int) -> NDArray[np.int32] | None:
        hits: NDArray[np.int32] | None = kernel.scan(data, width, self._memory, self._patterns, room)
        if hits is None or len(hits) < room:
            return hits
        # A flood of innocent hits must not hide one that counts.
        return self._scan(data, width, 16 * room)

    def _checked(self, text: str, base: str, hits: NDArray[np.int32]) -> list[Found]:
        found: dict[tuple[int, int, int], Found] = {}
        undone: tuple[Disguise, ...] | None = None
        for pattern, reading, form, start, end, fit in hits.tolist():
            term = self._owner[pattern]
            if (term, start, end) in found:
                continue
            written = Written(reading=reading, squeezed=form == kernel.SQUEEZED, spaced=fit == 2)
            views = read_as(base[start : end + 1], self._terms[term].letters, written)
            if views is None:
                continue
            undone = _undone(text) if undone is None else undone
            found[term, start, end] = Found(term=term, views=undone + views, start=start, end=end)
        return list(found.values())

    def _term(self, place: int, text: str, mode: Mode) -> _Term:
        words = _words(text.lower() if text.isascii() else text.translate(self._base))
        letters = "".join(words)
        if problem := _problem(letters):
            raise BadInput(problem, field=str(place))
        return _Term(letters=letters, inner=tuple(accumulate(map(len, words[:-1]))), mode=mode)


def check_term(text: str) -> str:
    """What is wrong with a term, without quoting it; empty when nothing is."""
    base = text.lower() if text.isascii() else text.translate(BaseText(_pictographs([text])))
    return _problem("".join(_words(base)))


def _problem(letters: str) -> str:
    if not letters:
        return "has no letters"
    return f"has more than {LONGEST} letters" if len(letters) > LONGEST else ""


def _pictographs(texts: Iterable[str]) -> set[str]:
    """Pictographs are letters where a term is made of them."""
    chars = {char for text in texts if not text.isascii() for char in text}
    return {char for char in chars if unicodedata.category(char) == "So"}


def _words(base: str) -> list[str]:
    """The words of a term: signs count as letters inside a word, and as separators around it."""
    if base.isalnum():
        return [base]
    return "".join(char if _joins(base, at) else " " for at, char in enumerate(base)).split()


def _joins(base: str, at: int) -> bool:
    char = base[at]
    if char in SIGNS:
        return base[at - 1 : at].isalnum() and base[at + 1 : at + 2].isalnum()
    return char.isalnum() or char > "\x7f"


_MODES = {
    Mode.WORD: kernel.WORD,
    Mode.PREFIX: kernel.PREFIX,
    Mode.SUBSTRING: kernel.SUBSTRING,
    Mode.EXACT: kernel.EXACT,
}
_Pattern = tuple[str, int, int, int]


def _patterns(terms: Sequence[_Term], alphabet: Alphabet) -> tuple[list[_Pattern], list[int]]:
    """Symbols, mode, forms and inner edges of every way to spell every term; and whose they are."""
    found: list[_Pattern] = []
    owner: list[int] = []
    for place, term in enumerate(terms):
        for pattern in _spellings(term, alphabet):
            found.append(pattern)
            owner.append(place)
    return found, owner


def _spellings(term: _Term, alphabet: Alphabet) -> Iterator[_Pattern]:
    mode = _MODES[term.mode]
    look = alphabet.look(term.letters)
    yield from _forms(look, term.inner, mode)
    sound = alphabet.sound(term.letters)
    if 0 < len(sound) <= LONGEST:
        inner = tuple(len(alphabet.sound(term.letters[:at])) for at in term.inner)
        yield from _forms(sound, inner, mode)


def _forms(symbols: str, inner: tuple[int, ...], mode: int) -> Iterator[_Pattern]:
    mask = sum(1 << at for at in inner)
    if not _REPEAT.search(symbols):
        yield symbols, mode, kernel.PLAIN | kernel.SQUEEZED, mask
        return
    yield symbols, mode, kernel.PLAIN, mask
    runs = [at for at, symbol in enumerate(symbols) if at == 0 or symbols[at - 1] != symbol]
    squeezed = sum(1 << nth for nth, at in enumerate(runs) if at in inner)
    yield "".join(symbols[at] for at in runs), mode, kernel.SQUEEZED, squeezed


def _table(found: Sequence[_Pattern]) -> tuple[NDArray[np.int64], list[int], list[str]]:
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
        table[last[found[place][0]], kernel.NEXT] = row
        last[found[place][0]] = row
    return table, order, spelled


def _undone(text: str) -> tuple[Disguise, ...]:
    found: list[Disguise] = []
    for disguise in BASE:
        bare = VIEWS[disguise](text)
        found += [disguise] if bare != text else []
        text = bare
    return tuple(found)

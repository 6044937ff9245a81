"""Finds many terms in a short text through disguises, and says which views it took."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Sequence
from itertools import accumulate
from typing import Final

import msgspec
import numpy as np
from numpy.typing import NDArray

from havenwall.errors import BadInput
from havenwall.match import readings as kernel
from havenwall.match.alphabet import Alphabet
from havenwall.match.automaton import build_automaton
from havenwall.match.disguises import VIEWS, BaseText, Disguise
from havenwall.match.lookalikes import lookalikes
from havenwall.match.patterns import LONGEST, Mode, Term, pattern_table, patterns_of
from havenwall.match.scan import lay_out, scan
from havenwall.match.verify import Written, read_as

__all__ = ["BASE", "LONGEST", "Found", "Mode", "TermFinder", "check_term"]

_ROOM: Final = 32
_STROKE: Final = re.compile("(?<=[a-z\x80-\U0010ffff])I|I(?=[a-z\x80-\U0010ffff])")
BASE: Final = (Disguise.CASE, Disguise.WIDTH, Disguise.INVISIBLE, Disguise.DIACRITICS)
"""What is undone before any other view, one after the other."""


class Found(msgspec.Struct, frozen=True, kw_only=True):
    """A term in a text."""

    term: int
    """Place in the list the finder was made from."""
    views: tuple[Disguise, ...]
    """Views that undid something in the text or that the match needed; empty when it is written plainly."""
    start: int
    """First and last character in the text's base form, for comparing hits with each other."""
    end: int


_Place = tuple[int, int, int]
"""Of a hit: term, first and last character."""


class TermFinder:
    """Finds terms in short texts; safe to share between threads, and never changed once made."""

    def __init__(self, terms: Sequence[tuple[str, Mode]]) -> None:
        """`terms`: text and mode.

        Raises:
            BadInput: a term has no letters or more than 60; `field` is its place, and it is not quoted.
        """
        self._drawn = lookalikes().drawn
        self._base = BaseText(_pictographs(text for text, _ in terms))
        self._terms = [self._term(place, text, mode) for place, (text, mode) in enumerate(terms)]
        chars = {char for term in self._terms for char in term.letters}
        alphabet = Alphabet(chars)
        found, owner = patterns_of(self._terms, alphabet)
        self._patterns, order, spelled = pattern_table(found)
        self._owner = [owner[place] for place in order]
        by_sound = any(char > "\x7f" for char in chars)
        automaton = build_automaton(spelled, alphabet.size)
        inside = any(term.mode is Mode.SUBSTRING for term in self._terms)
        self._memory = lay_out(*alphabet.tables(), automaton, by_sound, inside)
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
            base = text.lower()
            hits = self._scan(base.encode(), 1, _ROOM)
            return [] if hits is None else list(self._checked(text, base, hits).values())
        found = self._read(text)
        if not self._drawn.keys().isdisjoint(map(ord, text)):
            for place, hit in self._read(text.translate(self._drawn)).items():
                views = hit.views if Disguise.LOOKALIKES in hit.views else (*hit.views, Disguise.LOOKALIKES)
                found.setdefault(place, msgspec.structs.replace(hit, views=views))
        return list(found.values())

    def _read(self, text: str) -> dict[_Place, Found]:
        base = text.translate(self._base)
        hits = self._scan(base.encode("utf-32-le", "replace"), 4, _ROOM)
        return {} if hits is None else self._checked(text, base, hits)

    def _scan(self, data: bytes, width: int, room: int) -> NDArray[np.int32] | None:
        hits: NDArray[np.int32] | None = scan(data, width, self._memory, self._patterns, room)
        if hits is None or len(hits) < room:
            return hits
        # A flood of innocent hits must not hide one that counts.
        return self._scan(data, width, 16 * room)

    def _checked(self, text: str, base: str, hits: NDArray[np.int32]) -> dict[_Place, Found]:
        found: dict[_Place, Found] = {}
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
        return found

    def _term(self, place: int, text: str, mode: Mode) -> Term:
        words = _words(text.lower() if text.isascii() else text.translate(self._base))
        letters = "".join(words)
        if problem := _problem(letters):
            raise BadInput(problem, field=str(place))
        return Term(letters=letters, inner=tuple(accumulate(map(len, words[:-1]))), mode=mode)


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
    if char in lookalikes().signs:
        return base[at - 1 : at].isalnum() and base[at + 1 : at + 2].isalnum()
    return char.isalnum() or char > "\x7f"


def _undone(text: str) -> tuple[Disguise, ...]:
    found: list[Disguise] = []
    for disguise in BASE:
        bare = VIEWS[disguise](text)
        found += [disguise] if bare != text else []
        text = bare
    return tuple(found)

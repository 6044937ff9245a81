"""Characters by the Latin letter they look like: a table of our own, and Unicode's confusables (UTS 39)."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator
from functools import cache
from importlib.resources import files
from typing import Final

import msgspec

from havenwall.match.tables import BOXED, LEET, SHAPES
from havenwall.match.views import fold, strip_invisible, strip_marks

_STROKES: Final = frozenset("il")


class Lookalikes(msgspec.Struct, frozen=True, kw_only=True):
    """What looks like what."""

    letters: dict[str, str]
    """Character in base form → the Latin letter it looks like."""
    drawn: dict[int, str]
    """For `str.translate`: characters whose small or plain form looks like something else (a Greek capital
    eta like H, a small one like n). They are read both ways."""
    signs: frozenset[str]
    """Characters that may also stand between words: signs, and boxed letters, of which flags are made."""


@cache
def lookalikes() -> Lookalikes:
    """The tables, read when first asked for (some milliseconds)."""
    letters = dict(SHAPES)
    listed = [(letter.lower(), char) for letter, char in confusables() if char not in LEET]
    for letter, char in listed:
        if bare(char, letters) == char:
            letters.setdefault(char, letter)
    drawn = {
        # A styled capital I would be an i in base form; a dotless one may be either.
        ord(char): "ı" if base == "i" else letter
        for letter, char in listed
        if not _same(letters.get(base := bare(char, letters), base), letter) or (base, letter) == ("i", "l")
    }
    signs = {char for char in (*letters, *LEET) if unicodedata.category(char)[0] in "SP"}
    return Lookalikes(letters=letters, drawn=drawn, signs=frozenset(signs | BOXED))


def look_alike(char: str) -> str:
    """The Latin letter a character in base form looks like, or the character."""
    return lookalikes().letters.get(char, char)


def bare(char: str, letters: dict[str, str]) -> str:
    """A character without case, width and diacritics; as it is, but for case, when it has a look."""
    small = char.casefold()
    if small in letters or small in LEET:
        # NFKC would make another letter of some: the lunate sigma an ordinary one.
        return small
    return unicodedata.normalize("NFKD", strip_marks(strip_invisible(fold(char))))


def _same(look: str, letter: str) -> bool:
    # A bare stroke may be either; see `verify`.
    return look == letter or {look, letter} == _STROKES or letter in LEET.get(look, "")


def confusables() -> Iterator[tuple[str, str]]:
    """Unicode's pairs (UTS 39): Latin letter, small or capital, and a single character drawn like it, or like
    it with marks."""
    lines = files("havenwall.match").joinpath("confusables.txt").read_text("utf-8").splitlines()
    for line in lines:
        letter, *codes = line.split()
        if letter != "#":
            yield from ((letter[0], chr(int(code, 16))) for code in codes)

"""Normalised views of a short text: ways to read it that undo common disguises. Pure functions."""

from __future__ import annotations

import re
import unicodedata
from enum import StrEnum


class View(StrEnum):
    """How a text was read, strictest first; each view undoes one disguise more than the one before."""

    FOLDED = "folded"
    """Compatibility forms and letter case made one."""
    VISIBLE = "visible"
    """Characters nobody sees removed too."""
    PLAIN = "plain"
    """Diacritics removed too."""
    JOINED = "joined"
    """Separators collapsed to nothing too: `tin-lantern`, `tin lantern` and `tinlantern` are one."""


_FILLERS = frozenset("\u034f\u115f\u1160\u17b4\u17b5\u180b\u180c\u180d\u180f\u3164\uffa0")
# Hebrew points, Arabic vowel marks, overlays and everything placed above or below a letter. Left alone:
# nukta (7), kana voicing (8) and virama (9), which make another letter rather than decorate one.
_DECORATION = frozenset([1, *range(10, 37), *range(200, 241)])
_SEPARATORS = frozenset("ZPC")
_ASCII_WORD = re.compile("[0-9A-Za-z]+")


def fold(text: str) -> str:
    """Compatibility forms and case made one (close to Unicode's NFKC_Casefold, invisible characters kept)."""
    if text.isascii():
        return text.lower()
    return unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", text).casefold())


def strip_invisible(text: str) -> str:
    """The text without zero-width, bidirectional, soft-hyphen, filler and variation characters."""
    return text if text.isascii() else "".join(char for char in text if not _invisible(char))


def strip_marks(text: str) -> str:
    """The text without diacritics, in composed form."""
    if text.isascii():
        return text
    bare = (c for c in unicodedata.normalize("NFD", text) if unicodedata.combining(c) not in _DECORATION)
    return unicodedata.normalize("NFC", "".join(bare))


def tokens(text: str) -> tuple[str, ...]:
    """The words of a text. Separators are white space, punctuation and controls; a pictograph is a word."""
    if text.isascii():
        return tuple(_ASCII_WORD.findall(text))
    return tuple("".join(map(_spaced, text)).split())


def view_of(text: str, view: View) -> tuple[str, ...]:
    """The words of `text` as `view` reads it; `JOINED` gives the words of `PLAIN` (the index joins them)."""
    read = fold(text)
    if view is View.FOLDED:
        return tokens(read)
    # Folding again: a letter freed of an invisible neighbour may compose with the mark behind it.
    read = fold(strip_invisible(read))
    return tokens(read if view is View.VISIBLE else strip_marks(read))


def _invisible(char: str) -> bool:
    code = ord(char)
    variation = 0xFE00 <= code <= 0xFE0F or 0xE0100 <= code <= 0xE01EF
    return variation or char in _FILLERS or unicodedata.category(char) == "Cf"


def _spaced(char: str) -> str:
    if char.isalnum():
        return char
    category = unicodedata.category(char)
    if category[0] in _SEPARATORS or category in {"Sm", "Sc", "Sk"}:
        return " "
    return f" {char} " if category == "So" else char

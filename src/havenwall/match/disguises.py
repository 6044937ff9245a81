"""Views that each undo one disguise of a text: small pure functions; done twice is as done once."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterable
from enum import StrEnum
from typing import Final

from havenwall.match.lookalikes import bare, look_alike, lookalikes
from havenwall.match.tables import LEET, SOUNDS
from havenwall.match.views import strip_invisible, strip_marks, tokens

_REPEATS = re.compile(r"(.)\1+", re.DOTALL)
_LEET = str.maketrans({char: letters[0] for char, letters in LEET.items()})
_SOUNDS = str.maketrans(SOUNDS)


class Disguise(StrEnum):
    """What a view undoes."""

    CASE = "case"
    """Letter case."""
    WIDTH = "width"
    """Compatibility forms: full width, styled, ringed letters (NFKC)."""
    INVISIBLE = "invisible"
    """Zero-width, bidirectional and filler characters."""
    DIACRITICS = "diacritics"
    """Marks above and below letters."""
    LOOKALIKES = "lookalikes"
    """Letters of other scripts that look alike."""
    LEET = "leet"
    """Digits and signs in place of letters."""
    SPACING = "spacing"
    """Separators inside words, or left out between them."""
    REPEATS = "repeats"
    """Repeated letters."""
    TRANSLITERATION = "transliteration"
    """Words written in the letters of another script by their sound."""


def undo_case(text: str) -> str:
    """`BlueWhistle` → `bluewhistle`."""
    return text.casefold()


def undo_width(text: str) -> str:
    """Full-width, styled and ringed letters as plain ones."""
    return unicodedata.normalize("NFKC", text)


def undo_lookalikes(text: str) -> str:
    """Case-folded letters that look like Latin ones as Latin ones."""
    return text if text.isascii() else "".join(map(look_alike, text))


def undo_leet(text: str) -> str:
    """`blu3wh15tl3` → `bluewhistle`; where a digit may be several letters, the usual one."""
    return text.translate(_LEET)


def undo_spacing(text: str) -> str:
    """`b.l u-e` → `blue`."""
    return "".join(tokens(text))


def undo_repeats(text: str) -> str:
    """`bluuue` → `blue`."""
    return _REPEATS.sub(r"\1", text)


def undo_transliteration(text: str) -> str:
    """Case-folded Cyrillic and Greek letters as Latin letters of the same sound."""
    return text.translate(_SOUNDS)


VIEWS: Final[dict[Disguise, Callable[[str], str]]] = {
    Disguise.CASE: undo_case,
    Disguise.WIDTH: undo_width,
    Disguise.INVISIBLE: strip_invisible,
    Disguise.DIACRITICS: strip_marks,
    Disguise.LOOKALIKES: undo_lookalikes,
    Disguise.LEET: undo_leet,
    Disguise.SPACING: undo_spacing,
    Disguise.REPEATS: undo_repeats,
    Disguise.TRANSLITERATION: undo_transliteration,
}
"""The view that undoes each disguise."""


class BaseText(dict[int, str]):
    """Table for `str.translate` that undoes case, width, invisible characters and diacritics at once.

    What separates words becomes a space, but for ASCII, leet signs, and pictographs in `keep`. Filled
    as characters come by: the Unicode tables are slow, and a platform sees few different characters.
    """

    def __init__(self, keep: Iterable[str] = ()) -> None:
        super().__init__({code: chr(code).lower() for code in range(128)})
        self._looks = lookalikes().letters
        self._keep = frozenset(keep) | LEET.keys() | self._looks.keys()

    def __missing__(self, code: int) -> str:
        found = "".join(map(self._kept, bare(chr(code), self._looks)))
        # Somebody may send every character there is; the letters of real queries fit many times over.
        if len(self) < 50_000:
            self[code] = found
        return found

    def _kept(self, char: str) -> str:
        return char if unicodedata.category(char)[0] in "LNM" or char in self._keep else " "

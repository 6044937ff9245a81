"""Symbols of the automaton: what each character is, by looks and by sound."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

import numpy as np
from numpy.typing import NDArray

from havenwall.match.lookalikes import look_alike, lookalikes
from havenwall.match.tables import LEET, MERGED, SAME_SOUND, SOUNDS

SEPARATOR, LETTER, SIGN = 0, 1, 2
KIND, LOOK, SOUND, SOUND_TOO = 0, 1, 2, 3
CODES: Final = 0x20000
"""Characters beyond have no symbol: nobody writes words with them."""
_WIDEST = 6


def look_of(char: str) -> str:
    """The class of characters that one may be taken for, by its first member."""
    letter = LEET[char][0] if char in LEET else look_alike(char)
    return MERGED.get(letter, letter)


def sounds_of(char: str, choice: int = 0) -> str:
    """The sounds a character stands for; `choice` 1 takes another reading where there is one.

    That is the second letter of a digit that has two, the look of a letter that has a sound as well
    (a Cyrillic er may be an r or a p), and the l that a bare stroke of another script may be.
    """
    return "".join(SAME_SOUND.get(letter, letter) for letter in _uttered(char, choice))


def _uttered(char: str, choice: int) -> str:
    if char in LEET:
        return LEET[char][min(choice, len(LEET[char]) - 1)]
    look = look_alike(char)
    if not choice:
        return SOUNDS.get(char, look)
    return "l" if look == "i" and char > "\x7f" else look


class Alphabet:
    """Numbers for the looks and sounds of the characters in a list of terms; 0 is in no term."""

    def __init__(self, chars: Iterable[str]) -> None:
        """`chars`: all letters of the terms, in base form."""
        known = {*chars, *"abcdefghijklmnopqrstuvwxyz0123456789"}
        looks = sorted({look_of(char) for char in known})
        sounds = sorted({sound for char in known for sound in sounds_of(char)})
        symbol = {look: chr(1 + place) for place, look in enumerate(looks)}
        uttered = {sound: chr(1 + len(looks) + place) for place, sound in enumerate(sounds)}
        self.size = len(looks) + len(sounds)
        self._known = known | LEET.keys() | lookalikes().letters.keys() | SOUNDS.keys()
        self._look = {ord(char): symbol.get(look_of(char), "\0") for char in self._known}
        self._sound = [
            {
                ord(char): "".join(uttered.get(s, "\0") for s in sounds_of(char, choice))
                for char in self._known
            }
            for choice in (0, 1)
        ]

    def look(self, letters: str) -> str:
        """The symbols of letters by their looks, one each."""
        return letters.translate(self._look)

    def sound(self, letters: str, choice: int = 0) -> str:
        """The symbols of letters by their sounds, none to six each."""
        return letters.translate(self._sound[choice])

    def tables(self) -> tuple[NDArray[np.int32], NDArray[np.int32]]:
        """What the compiled loops look up.

        Returns (CODES, 4): kind, symbol by looks, and row of the second table by sound and by second
        sound; and (rows, 7): how many symbols, and which.
        """
        table = np.zeros((CODES, 4), dtype=np.int32)
        table[128:, KIND] = LETTER
        rows: dict[str, int] = {"": 0}
        for char in self._known:
            if (code := ord(char)) >= CODES:
                continue
            table[code, KIND] = SIGN if char in lookalikes().signs else LETTER
            table[code, LOOK] = ord(self.look(char))
            for row, choice in ((SOUND, 0), (SOUND_TOO, 1)):
                table[code, row] = rows.setdefault(self.sound(char, choice), len(rows))
        expansions = np.zeros((len(rows), 1 + _WIDEST), dtype=np.int32)
        for symbols, row in rows.items():
            expansions[row, 0] = len(symbols)
            expansions[row, 1 : 1 + len(symbols)] = [ord(symbol) for symbol in symbols]
        return table, expansions

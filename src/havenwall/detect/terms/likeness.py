"""How a term resembles a listed one: the same letters in disguise, some edits apart, or grown at its ends."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

from havenwall.match import View, view_of
from havenwall.match.disguises import undo_leet, undo_lookalikes, undo_repeats, undo_transliteration

_SHORTEST = 6
"""Letters from which a term is compared by edits; shorter ones have too many innocent neighbours."""
_TWO_EDITS = 10
"""Letters from which two edits count."""
_GROWN = 6
"""Letters by which a term may have grown at its ends."""


class Likeness(NamedTuple):
    """A listed term that a term resembles."""

    listed: str
    """Letters of the listed term."""
    how: str
    edits: int
    """0 for a disguise, and for a term that only grew."""


def letters_of(text: str) -> str:
    """The letters of a text without case, marks, invisible characters and separators."""
    return "".join(view_of(text, View.PLAIN))


def skeleton(letters: str) -> str:
    """Letters without look-alikes, digits for letters, other scripts' sounds and repeats."""
    return undo_repeats(undo_transliteration(undo_leet(undo_lookalikes(letters))))


def edits(one: str, other: str, most: int) -> int:
    """Insertions, deletions, substitutions and exchanges of neighbours between two words; `most` + 1 if more.

    Optimal string alignment (Damerau 1964, without editing a place twice).
    """
    if abs(len(one) - len(other)) > most:
        return most + 1
    before: list[int] = []
    row = list(range(len(other) + 1))
    for at, char in enumerate(one, start=1):
        last, row, earlier = row, [at], before
        for place, wanted in enumerate(other, start=1):
            cost = min(last[place] + 1, row[-1] + 1, last[place - 1] + (char != wanted))
            if earlier and place > 1 and char == other[place - 2] and one[at - 2] == wanted:
                cost = min(cost, earlier[place - 2] + 1)
            row.append(cost)
        if min(row) > most:
            return most + 1
        before = last
    return min(row[-1], most + 1)


class Listed:
    """Listed terms that others are compared with."""

    def __init__(self, terms: Iterable[str]) -> None:
        """`terms`: as they stand in the lists, or as they were used."""
        self.letters = frozenset(filter(None, map(letters_of, terms)))
        self._skeletons = [(skeleton(letters), letters) for letters in sorted(self.letters)]

    def nearest(self, letters: str) -> Likeness | None:
        """The listed term it resembles most; None for a term that resembles none or is listed itself."""
        if letters in self.letters:
            return None
        bare = skeleton(letters)
        found = (_compared(bare, own, listed) for own, listed in self._skeletons)
        return min((one for one in found if one), key=lambda one: (one.edits, one.listed), default=None)


def _compared(bare: str, own: str, listed: str) -> Likeness | None:
    if bare == own:
        return Likeness(listed, "the same letters in disguise", 0)
    if len(own) < _SHORTEST:
        return None
    if own in bare and len(bare) - len(own) <= _GROWN:
        return Likeness(listed, "the same with letters or digits added", 0)
    most = 2 if len(own) >= _TWO_EDITS else 1
    count = edits(bare, own, most)
    return Likeness(listed, f"{count} edit{'s' * (count > 1)} away", count) if count <= most else None

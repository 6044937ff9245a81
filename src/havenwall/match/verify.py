"""Letter by letter: does a stretch of text spell a term, and through which views? Runs only on hits."""

from __future__ import annotations

from itertools import pairwise
from typing import Final

import msgspec

from havenwall.match.disguises import Disguise
from havenwall.match.scan import BY_LOOKS, BY_SOUND
from havenwall.match.tables import LEET, LOOKALIKES, SIGNS, SOUNDS

_SHORTEST_LEET: Final = 4
_SHORTEST_SOUND: Final = 4
_SHORTEST_REPEATED: Final = 4
_LONG: Final = 7
"""Letters from which a term counts when a single letter is doubled: `latter` is not `later` repeated."""


class Written(msgspec.Struct, frozen=True, kw_only=True):
    """How the automaton came by a hit."""

    reading: int
    """See `scan`."""
    squeezed: bool
    spaced: bool


def read_as(stretch: str, term: str, written: Written) -> tuple[Disguise, ...] | None:
    """The views that a stretch of base text takes to read as a term; None when it does not.

    `term` is the term's letters in base form; the stretch begins and ends with a letter.
    """
    letters = _letters(stretch, signs=written.reading != BY_LOOKS)
    views = _by_sound(letters, term) if written.reading >= BY_SOUND else _by_looks(letters, term)
    if views is None or (written.squeezed and not _repeated(letters, term, exactly=views == ())):
        return None
    views += (Disguise.REPEATS,) if written.squeezed else ()
    return views + ((Disguise.SPACING,) if written.spaced else ())


def may_be(char: str, letter: str) -> bool:
    """Whether a character of a text may stand for a letter of a term."""
    if char == letter:
        return True
    skeleton, wanted = LOOKALIKES.get(char, char), LOOKALIKES.get(letter, letter)
    if skeleton == wanted or wanted in LEET.get(char, ""):
        return True
    # A bare stroke of another script may be either.
    return char > "\x7f" and {skeleton, wanted} == {"i", "l"}


def _letters(stretch: str, *, signs: bool) -> str:
    return "".join(
        char
        for char in stretch
        if char.isalnum()
        or (char in SIGNS and signs)
        or (char > "\x7f" and not char.isspace() and char not in SIGNS)
    )


def _by_looks(letters: str, term: str) -> tuple[Disguise, ...] | None:
    if not _spells(letters, term):
        return None
    own = set(term)
    leet = any(char in LEET and char not in own for char in letters)
    if leet and (len(term) < _SHORTEST_LEET or not (any(map(str.isalpha, letters)) or len(term) > _LONG)):
        # `1001` is a number.
        return None
    looks = any(char not in own and char not in LEET and not _capital(char, own) for char in letters)
    return ((Disguise.LOOKALIKES,) if looks else ()) + ((Disguise.LEET,) if leet else ())


def _capital(char: str, own: set[str]) -> bool:
    # See `finder`: a capital I becomes a dotless one, which is no disguise where it means i.
    return char == "ı" and "i" in own and "l" not in own


def _by_sound(letters: str, term: str) -> tuple[Disguise, ...] | None:
    foreign = any(char in SOUNDS for char in letters)
    if len(term) < _SHORTEST_SOUND or not (foreign or any(char in SOUNDS for char in term)):
        return None
    leet = any(char in LEET and char not in term for char in letters)
    return (Disguise.TRANSLITERATION, Disguise.LEET) if leet else (Disguise.TRANSLITERATION,)


def _spells(letters: str, term: str) -> bool:
    """Whether letters stand for the term's letters in turn, each once or more often."""
    reached = {-1}
    for char in letters:
        ahead = {at + 1 for at in reached if at + 1 < len(term) and may_be(char, term[at + 1])}
        reached = ahead | {at for at in reached if at >= 0 and may_be(char, term[at])}
        if not reached:
            return False
    return len(term) - 1 in reached


def _repeated(letters: str, term: str, *, exactly: bool) -> bool:
    """Whether there are enough repeats to call it a disguise rather than another word."""
    if len(term) < _SHORTEST_REPEATED:
        return False
    longest = max(_runs(letters))
    extra = len(letters) - len(term)
    return not exactly or longest >= 3 or extra >= 2 or (extra >= 1 and len(term) >= _LONG)


def _runs(letters: str) -> list[int]:
    runs = [1]
    for before, char in pairwise(letters):
        if char == before:
            runs[-1] += 1
        else:
            runs.append(1)
    return runs

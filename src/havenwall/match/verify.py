"""Letter by letter: does a stretch of text spell a term, and through which views? Runs only on hits."""

from __future__ import annotations

from itertools import pairwise
from typing import Final

import msgspec

from havenwall.match.alphabet import sounds_of
from havenwall.match.disguises import Disguise
from havenwall.match.lookalikes import look_alike, lookalikes
from havenwall.match.readings import BY_LOOKS, BY_SOUND, MIXED
from havenwall.match.tables import LEET, SOUNDS

_SHORTEST_LEET: Final = 4
_SHORTEST_SOUND: Final = 4
_SHORTEST_MIXED: Final = 5
_SHORTEST_REPEATED: Final = 4
_LONG: Final = 7
"""Letters from which a term counts when a single letter is doubled: `latter` is not `later` repeated."""


class Written(msgspec.Struct, frozen=True, kw_only=True):
    """How the automaton came by a hit."""

    reading: int
    """See `readings`."""
    squeezed: bool
    spaced: bool


def read_as(stretch: str, term: str, written: Written) -> tuple[Disguise, ...] | None:
    """The views that a stretch of base text takes to read as a term; None when it does not.

    `term` is the term's letters in base form; the stretch begins and ends with a letter.
    """
    letters = _letters(stretch, signs=written.reading != BY_LOOKS)
    by_sound = written.reading >= BY_SOUND
    views = _by_sound(letters, term, written) if by_sound else _by_looks(letters, term)
    if views is None or (written.squeezed and not _repeated(letters, term, exactly=views == ())):
        return None
    views += (Disguise.REPEATS,) if written.squeezed else ()
    return views + ((Disguise.SPACING,) if written.spaced else ())


def may_be(char: str, letter: str) -> bool:
    """Whether a character of a text may stand for a letter of a term."""
    if char == letter:
        return True
    skeleton, wanted = look_alike(char), look_alike(letter)
    if skeleton == wanted or wanted in LEET.get(char, ""):
        return True
    # A bare stroke of another script may be either.
    return char > "\x7f" and {skeleton, wanted} == {"i", "l"}


def _letters(stretch: str, *, signs: bool) -> str:
    return "".join(char for char in stretch if char.isalnum() or _is_letter(char, signs=signs))


def _is_letter(char: str, *, signs: bool) -> bool:
    return signs if char in lookalikes().signs else char > "\x7f" and not char.isspace()


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


def _by_sound(letters: str, term: str, written: Written) -> tuple[Disguise, ...] | None:
    mixed = written.reading == MIXED
    foreign = any(char in SOUNDS for char in (*letters, *term))
    if len(term) < (_SHORTEST_MIXED if mixed else _SHORTEST_SOUND) or not foreign:
        return None
    looks = mixed and not _utters(letters, term)
    leet = any(char in LEET and char not in term for char in letters)
    found = (Disguise.TRANSLITERATION,)
    return found + (Disguise.LOOKALIKES,) * looks + (Disguise.LEET,) * leet


def _utters(letters: str, term: str) -> bool:
    """Whether letters have the term's sound without any being taken by its looks; repeats count once."""
    sound = "".join(map(sounds_of, term))
    reached = {0}
    for char in letters:
        heard = {sounds_of(char), sounds_of(char, 1) if char in LEET else sounds_of(char)}
        reached = {at + len(each) for at in reached for each in heard if sound.startswith(each, at)} | {
            at for at in reached if at and sound[at - 1] in heard
        }
    return len(sound) in reached


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

"""Characters that stand for letters: by looks, by habit, by sound. Keys are case-folded and without marks.

SHAPES is a table of our own, of Latin, Cyrillic, Greek, Armenian, Coptic and Cherokee letters that most fonts
draw alike, and of boxed and ringed letters that NFKC keeps; it comes before Unicode's (see `lookalikes`).
SOUNDS is a simple romanisation near BGN/PCGN.
"""

from __future__ import annotations

from typing import Final

_DRAWN = (
    "a:аαɑᴀꭺꞻ b:вьƅβʙƀɓᏼꮟꞵ c:сϲᴄⅽƈɔꮯⲥ d:ԁɗđᴅꭰᏧ e:еєεɛℯᴇǝəꭼꬲҽ f:ƒϝꜰғẝꬵꞙք g:ɡɢցԍǥɠꮐᶃƍᏻ "
    "h:һнհʜħꮋɦᏂⲏ i:іιɪıɩӏꭵꙇǀⲓ j:јϳյᴊɉꭻʝ k:кκᴋҝƙӄꮶⲕ l:ʟłɫƚꮮⳐ m:мᴍꮇɱʍϻⲙ n:ηпπոռɴŋɲƞⲛ "
    "o:оοσօᴏøѳθɵᴑꬽⲟ p:рρᴘþƿꮲⲣ q:զԛɋʠգ r:гʀɍᴦꮢяꭇꭈⲅꮁᎡ s:ѕꜱʂꮪƽտᏕ t:тτᴛŧƭꭲⲧ "
    "u:սυµμᴜʉʊцʋꞟꭎꭒ v:νѵᴠꮩ w:ωԝшѡɯᴡꮃщաᏔ x:хχҳ×ꭓⲭ y:уγʏүɏƴүꮍɣᶌỿꭚᎩⲩ z:ζᴢʐƶȥꮓ"
)
LEET: Final = {
    **{"0": "o", "1": "il", "2": "z", "3": "e", "4": "a", "5": "s", "6": "gb", "7": "t", "8": "b", "9": "gq"},
    **{"@": "a", "$": "s", "!": "il", "|": "li", "+": "t", "€": "e", "£": "l", "¢": "c", "¡": "i", "§": "s"},
}
"""Digit or sign → the letters it may stand for, the usual one first."""

MERGED: Final = {"l": "i", "b": "g", "q": "g"}
"""Letters one digit may stand for are one symbol to the automaton; the hit is checked letter by letter."""


_BOXED = [chr(start + place) for start in (0x1F130, 0x1F150, 0x1F170, 0x1F1E6) for place in range(26)]
BOXED: Final = frozenset(_BOXED)
"""Letters in boxes and rings, of which flags are made."""


def _shapes() -> dict[str, str]:
    rows = (row.split(":") for row in _DRAWN.split())
    found = {
        form: letter for letter, chars in rows for char in chars for form in char.casefold() if form > "\x7f"
    }
    return found | {char: chr(97 + place % 26) for place, char in enumerate(_BOXED)}


SHAPES: Final = _shapes()
"""Character → the Latin letter it looks like."""

_CYRILLIC = (
    "а a б b в v г g д d е e ж zh з z и i к k л l м m н n о o п p р r с s т t у u ф f х h ц ts ч ch ш sh "
    "щ shch ы y э e ю yu я ya і i є e ґ g ђ dj ј j љ lj њ nj ћ c џ dz ѕ dz ә a ғ g қ k ң n ө o ұ u ү u һ h"
)
_GREEK = "α a β v γ g δ d ε e ζ z η i θ th ι i κ k λ l μ m ν n ξ x ο o π p ρ r σ s τ t υ u φ f χ h ψ ps ω o"
_WORDS = (_CYRILLIC + " " + _GREEK).split()
SOUNDS: Final = dict(zip(_WORDS[::2], _WORDS[1::2], strict=True)) | {"ъ": "", "ь": ""}
"""Cyrillic or Greek letter → Latin letters of the same sound."""

SAME_SOUND: Final = {"c": "k", "q": "k", "w": "v", "j": "i", "y": "i", "x": "ks"}
"""Latin letters that other scripts do not tell apart."""

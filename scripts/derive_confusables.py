"""Makes `src/havenwall/match/confusables.txt` from `confusables.json` of the package confusable-homoglyphs.

That file holds all pairs of Unicode's confusables.txt (UTS 39). What is kept: single characters beyond ASCII
whose skeleton is one Latin letter, or, in lines marked `+`, one Latin letter with marks. Usage:

    python scripts/derive_confusables.py confusables.json > src/havenwall/match/confusables.txt
"""

from __future__ import annotations

import json
import sys
import unicodedata
from collections import defaultdict
from pathlib import Path
from string import ascii_letters

HEAD = """\
# Characters that look like a Latin letter: letter, then code points in hexadecimal; + where marks differ.
# Cut down from confusables.txt of Unicode (UTS 39), as carried by confusable-homoglyphs 3.3.1 (MIT), by
# scripts/derive_confusables.py. Copyright (c) Unicode, Inc.; licence in confusables.LICENSE beside this."""
SKELETON_OF_M = "rn"


def pairs(path: Path) -> dict[str, list[str]]:
    """Each character or sequence and all that it is paired with; marks of direction are the package's."""
    raw = json.loads(path.read_text("utf-8"))
    return {key.strip("\u200e"): [pair["c"].strip("\u200e") for pair in found] for key, found in raw.items()}


def letter_of(text: str) -> str:
    """The Latin letter of which a text consists, marks left out; empty when it is anything else."""
    bare = "".join(char for char in unicodedata.normalize("NFD", text) if not unicodedata.combining(char))
    if bare == SKELETON_OF_M:
        return "m"
    return bare if len(bare) == 1 and bare in ascii_letters else ""


def derived(found: dict[str, list[str]]) -> dict[str, list[str]]:
    """Characters by letter, and by letter and `+`."""
    lines = defaultdict(list)
    for char, others in found.items():
        if len(char) != 1 or char.isascii() or letter_of(char):
            continue
        plain = [other for other in others if other in (*ascii_letters, SKELETON_OF_M)]
        marked = [letter_of(other) for other in others if letter_of(other)]
        if plain:
            lines[letter_of(plain[0])].append(char)
        elif marked:
            lines[marked[0] + "+"].append(char)
    return lines


def main() -> None:
    """Write the table to standard output."""
    lines = sorted(derived(pairs(Path(sys.argv[1]))).items())
    rows = (" ".join([letter, *(f"{code:X}" for code in sorted(map(ord, chars)))]) for letter, chars in lines)
    sys.stdout.write("\n".join([HEAD, *rows, ""]))


if __name__ == "__main__":
    main()

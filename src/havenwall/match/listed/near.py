"""Terms one slip of the keyboard away from a word: a letter too many, missing, wrong, or two changed about.

A word one edit away shares its first or its last half with the term, so two look-ups find all candidates.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from typing import Final

SHORTEST: Final = 6
"""Letters a term needs: shorter ones have too many innocent neighbours."""


class NearIndex:
    """Looks up words at edit distance 1 (optimal string alignment)."""

    def __init__(self, terms: Iterable[tuple[int, str]]) -> None:
        """`terms`: number and letters; those with fewer than six letters are left out."""
        self._heads: dict[tuple[int, str], list[tuple[int, str]]] = defaultdict(list)
        self._tails: dict[tuple[int, str], list[tuple[int, str]]] = defaultdict(list)
        self._whole: dict[str, list[int]] = defaultdict(list)
        for number, letters in terms:
            if len(letters) >= SHORTEST:
                size, half = len(letters), len(letters) // 2
                self._heads[size, letters[:half]].append((number, letters))
                self._tails[size, letters[half:]].append((number, letters))
                self._whole[letters].append(number)

    def near(self, word: str) -> Iterator[int]:
        """Numbers of terms at distance exactly 1; some may come twice."""
        for size in range(max(SHORTEST, len(word) - 1), len(word) + 2):
            half = size // 2
            for number, letters in self._heads.get((size, word[:half]), ()):
                if one_edit(word, letters):
                    yield number
            for number, letters in self._tails.get((size, word[half - size :]), ()):
                if one_edit(word, letters):
                    yield number
        half = len(word) // 2
        # Only this exchange touches both halves.
        swapped = word[: half - 1] + word[half - 1 : half + 1][::-1] + word[half + 1 :] if half else word
        if swapped != word:
            yield from self._whole.get(swapped, ())


def one_edit(word: str, term: str) -> bool:
    """Whether two different words are one insertion, deletion, substitution or exchange apart."""
    if abs(len(word) - len(term)) > 1 or word == term:
        return False
    start = 0
    while start < min(len(word), len(term)) and word[start] == term[start]:
        start += 1
    left, right = word[start:], term[start:]
    if len(left) == len(right):
        return left[1:] == right[1:] or (left[:2] == right[1::-1] and left[2:] == right[2:])
    return left[1:] == right if len(left) > len(right) else left == right[1:]

"""Exact-word and phrase look-up of a small list of terms in short texts."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import msgspec

from havenwall.match.views import View, view_of

_WORD_VIEWS = (View.FOLDED, View.VISIBLE, View.PLAIN)
_MIN_JOINED = 6
"""Shorter terms are not looked for across separators: too many innocent neighbours spell them."""


class Hit(msgspec.Struct, frozen=True, kw_only=True):
    """One term found in a text."""

    term: int
    """Position of the term in the list the index was made from."""
    view: View
    """The strictest view that shows it."""


class TermIndex:
    """Finds whole words and phrases, never parts of words, in the views of a text.

    One dict of token tuples per view; a look-up takes (words x longest phrase) probes per view.
    """

    def __init__(self, terms: Iterable[str]) -> None:
        """`terms`: words or phrases. Of two that read alike the first is reported."""
        self._phrases: dict[View, dict[tuple[str, ...], int]] = {view: {} for view in _WORD_VIEWS}
        self._joined: dict[str, int] = {}
        for number, term in enumerate(terms):
            self._add(number, term)
        every = (phrase for phrases in self._phrases.values() for phrase in phrases)
        self._longest = max(map(len, every), default=0)
        self._widest = max(map(len, self._joined), default=0)

    def __len__(self) -> int:
        return len(self._phrases[View.FOLDED])

    def find(self, text: str) -> tuple[Hit, ...]:
        """Each term that occurs in `text` once, with the strictest view that shows it, by term."""
        found: dict[int, View] = {}
        for view, words in _readings(text):
            for term in self._probe(view, words):
                found.setdefault(term, view)
        return tuple(Hit(term=term, view=found[term]) for term in sorted(found))

    def _add(self, number: int, term: str) -> None:
        for view in _WORD_VIEWS:
            if words := view_of(term, view):
                self._phrases[view].setdefault(words, number)
        joined = "".join(view_of(term, View.JOINED))
        if len(joined) >= _MIN_JOINED:
            self._joined.setdefault(joined, number)

    def _probe(self, view: View, words: tuple[str, ...]) -> Iterator[int]:
        if view is View.JOINED:
            yield from self._probe_joined(words)
            return
        phrases = self._phrases[view]
        for start in range(len(words)):
            for end in range(start + 1, min(start + self._longest, len(words)) + 1):
                if (term := phrases.get(words[start:end])) is not None:
                    yield term

    def _probe_joined(self, words: tuple[str, ...]) -> Iterator[int]:
        for start in range(len(words)):
            joined = ""
            for word in words[start:]:
                joined += word
                if len(joined) > self._widest:
                    break
                if (term := self._joined.get(joined)) is not None:
                    yield term


def _readings(text: str) -> Iterator[tuple[View, tuple[str, ...]]]:
    # An ASCII text (most are) has the same words in all views, though a term may differ between them.
    words = view_of(text, View.FOLDED)
    for view in _WORD_VIEWS:
        words = words if text.isascii() else view_of(text, view)
        yield view, words
    yield View.JOINED, words

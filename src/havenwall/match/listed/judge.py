"""Which term of a list counts in a text: language, expiry, near misses and context weighed."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from functools import cached_property
from typing import Final

import msgspec

from havenwall.match.disguises import Disguise
from havenwall.match.finder import Found, Mode, TermFinder
from havenwall.match.listed.entry import Severity, TermEntry, TermList
from havenwall.match.listed.near import SHORTEST, NearIndex
from havenwall.match.views import View, view_of
from havenwall.model import now

_PLAIN: Final = frozenset([Disguise.CASE, Disguise.WIDTH, Disguise.DIACRITICS])
_ORDER: Final = (Severity.BLOCK, Severity.CONTEXT, Severity.SUPPRESS)


class Counted(msgspec.Struct, frozen=True, kw_only=True):
    """A term that counts in a text."""

    number: int
    """Place in the list."""
    entry: TermEntry
    views: tuple[Disguise, ...]
    near: bool = False
    """Found one edit away: never more than a reason to drop a suggestion."""


class Judge:
    """One automaton over the terms, their context terms and the allowed near misses of a list."""

    def __init__(self, terms: TermList) -> None:
        self.terms = terms
        texts = [(entry.term, entry.mode) for entry in terms.entries]
        self._context: dict[str, int] = {}
        for entry in terms.entries:
            for word in entry.context_terms:
                self._context.setdefault(word, len(texts) + len(self._context))
        self._allowed_from = len(texts) + len(self._context)
        others = [(text, Mode.WORD) for text in (*self._context, *terms.allowed)]
        self.finder = TermFinder([*texts, *others]) if texts else None

    def counted(self, text: str, language: str | None) -> Counted | None:
        """The gravest term in the text that counts now; of equals the one with the fewest views."""
        return min(self.all_counted(text, language), key=_gravity, default=None)

    def all_counted(self, text: str, language: str | None) -> list[Counted]:
        """Every place of every term in the text that counts now."""
        found = self.finder.find(text) if self.finder else ()
        if not found:
            return []
        terms, at = self.terms.entries, now()
        allowed = [f for f in found if f.term >= self._allowed_from and _PLAIN.issuperset(f.views)]
        return [
            Counted(number=hit.term, entry=terms[hit.term], views=hit.views)
            for hit in found
            if hit.term < len(terms)
            and _in_force(terms[hit.term], language, at)
            and not any(a.start <= hit.start and hit.end <= a.end for a in allowed)
            and self._in_context(hit, found)
        ]

    def near(self, text: str, language: str | None, benign: frozenset[str]) -> Counted | None:
        """A term one edit away from a word of the text, or from all of it; context terms are left out."""
        words = view_of(text, View.PLAIN)
        at = now()
        for word in dict.fromkeys((*words, "".join(words))):
            if len(word) < SHORTEST - 1 or word in benign or word in self._innocent:
                continue
            for number in self._near.near(word):
                if _in_force(self.terms.entries[number], language, at):
                    return Counted(number=number, entry=self.terms.entries[number], views=(), near=True)
        return None

    @cached_property
    def _near(self) -> NearIndex:
        entries = enumerate(self.terms.entries)
        return NearIndex((at, letters_of(e.term)) for at, e in entries if e.severity is not Severity.CONTEXT)

    @cached_property
    def _innocent(self) -> frozenset[str]:
        return frozenset(map(letters_of, self.terms.allowed))

    def _in_context(self, hit: Found, found: Iterable[Found]) -> bool:
        entry = self.terms.entries[hit.term]
        if entry.severity is not Severity.CONTEXT:
            return True
        wanted = {self._context[word] for word in entry.context_terms}
        return any(f.term in wanted and (f.end < hit.start or f.start > hit.end) for f in found)


def letters_of(text: str) -> str:
    """The letters of a text without case, marks and separators, for comparing words by edits."""
    return "".join(view_of(text, View.PLAIN))


def _in_force(entry: TermEntry, language: str | None, at: datetime) -> bool:
    if entry.expires is not None and entry.expires <= at:
        return False
    if not (entry.language and language):
        return True
    return entry.language.lower().partition("-")[0] == language.lower().partition("-")[0]


def _gravity(hit: Counted) -> tuple[int, int, str]:
    return _ORDER.index(hit.entry.severity), len(hit.views), hit.entry.id


def hits_by_term(judge: Judge, benign: Sequence[str]) -> dict[int, int]:
    """How many benign words and phrases each term counts in."""
    found: dict[int, int] = {}
    for text in benign:
        hit = judge.counted(text, None)
        if hit is not None:
            found[hit.number] = found.get(hit.number, 0) + 1
    return found

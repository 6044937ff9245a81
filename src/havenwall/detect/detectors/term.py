"""Terms of an operator's list in profiles, posts and group descriptions."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from typing import Any

import polars as pl

from havenwall.detect.detectors.base import rows, signal
from havenwall.detect.lists import TermList
from havenwall.match import Hit, TermIndex, View
from havenwall.model import EventType, Signal

_STRENGTH = {View.FOLDED: 0.5, View.VISIBLE: 0.5, View.PLAIN: 0.4, View.JOINED: 0.3}
"""A hit that needed a looser reading is likelier an accident. None is strong: journalists and helpers use
these words too."""


class Terms:
    """An account, post or group uses a term of the list. Whole words and phrases only."""

    name = "term"

    def __init__(self, terms: TermList) -> None:
        self._list = terms
        self._index = TermIndex(entry.text for entry in terms.entries)
        self._entries = tuple(_fingerprint(entry.text) for entry in terms.entries)

    @property
    def version(self) -> str:
        """Version of the list."""
        return self._list.version

    def detect(self, events: pl.DataFrame) -> list[Signal]:
        """One signal per event, field (text, tags) and term, on the account or group the event is about."""
        worded = events.filter(pl.col("text").is_not_null() | (pl.col("tags").list.len() > 0))
        found = rows(worded, EventType.ACCOUNT, EventType.POST, EventType.GROUP)
        return [self._signal(event, field, hit) for event in found for field, hit in self._hits(event)]

    def _hits(self, event: dict[str, Any]) -> Iterator[tuple[str, Hit]]:
        for hit in self._index.find(event["text"] or ""):
            yield "text", hit
        # Tag by tag, so that a phrase is never made of the end of one tag and the start of the next.
        hits = [hit for tag in event["tags"] or () for hit in self._index.find(tag)]
        strictest = {hit.term: hit for hit in sorted(hits, key=_looseness, reverse=True)}
        for hit in strictest.values():
            yield "tags", hit

    def _signal(self, event: dict[str, Any], field: str, hit: Hit) -> Signal:
        # The entry's fingerprint, not its text: signals travel further than the list may.
        evidence = {
            "list": self._list.name,
            "entry": self._entries[hit.term],
            "view": hit.view.value,
            "field": field,
        }
        if event["type"] == EventType.POST:
            evidence["post"] = event["target"]
        match = f"{self._list.name}/{field}/{self._entries[hit.term]}"
        return signal(self, event, strength=_STRENGTH[hit.view], match=match, evidence=evidence)


def _looseness(hit: Hit) -> int:
    return tuple(View).index(hit.view)


def _fingerprint(term: str) -> str:
    return hashlib.sha256(term.encode()).hexdigest()[:12]

"""Terms of the sealed lists in profiles, posts, tags and groups, through the views of the query guard."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any

import msgspec
import polars as pl

from havenwall.detect.detectors.base import rows, signal
from havenwall.model import EventType, LinkKind, Signal

if TYPE_CHECKING:
    from havenwall.match.listed import Counted, Judge

# The automaton is compiled code; whoever runs no detection starts without it.

_STRENGTH = {"block": 0.5, "context": 0.4, "suppress": 0.2}
"""By severity. None is strong: journalists and helpers use these words too."""
_DISGUISED = 0.1
"""Taken off where a view had to undo more than case, width and diacritics: likelier an accident."""
_PLAIN = frozenset({"case", "width", "diacritics"})
_NAMES = ("name", "handle")
_TAG = "tag:"


class ListedTerms:
    """An account, post or group uses a term of the sealed lists.

    A term of severity `context` counts only together with one of its context terms in the same text; an
    expired one, and one of another language than the event's attribute `language`, does not.
    """

    name = "term"

    def __init__(self, lists: Callable[[], Judge]) -> None:
        """`lists`: gives the lists as they are now; asked once for each frame of events."""
        self._lists = lists
        self._version = ""

    @property
    def version(self) -> str:
        """Version of the lists that the last frame was searched by."""
        return self._version

    def detect(self, events: pl.DataFrame) -> list[Signal]:
        """One signal per event, field (text, tags, name, handle) and entry of a list."""
        judge = self._lists()
        self._version = judge.terms.version
        if not judge.terms.entries:
            return []
        spoken = events.filter(_worded())
        types = (EventType.ACCOUNT, EventType.POST, EventType.GROUP, EventType.LINK)
        return [
            self._signal(judge, event, field, hit)
            for event in rows(spoken, *types)
            for field, hit in _hits(judge, event)
        ]

    def _signal(self, judge: Judge, event: dict[str, Any], field: str, hit: Counted) -> Signal:
        entry = hit.entry
        disguised = not _PLAIN.issuperset(hit.views)
        evidence = {
            # The entry's id and never its text: signals travel further than the list may.
            "entry": entry.id,
            "list": judge.terms.places[hit.number].partition(" line ")[0],
            "severity": entry.severity.value,
            "views": ", ".join(hit.views),
            "field": field,
            "provenance": entry.provenance,
            "language": entry.language,
            "expires": entry.expires.isoformat() if entry.expires else "",
            "post": event["target"] if event["type"] == EventType.POST else "",
        }
        return signal(
            self,
            event,
            strength=round(_STRENGTH[entry.severity] - _DISGUISED * disguised, 2),
            match=f"{field}/{entry.id}",
            evidence={name: value for name, value in evidence.items() if value},
        )


def _worded() -> pl.Expr:
    tagged = (pl.col("link") == LinkKind.TAG_USE.value) & pl.col("target").str.starts_with(_TAG)
    spoken = (
        pl.col("text").is_not_null() | (pl.col("tags").list.len() > 0) | pl.col("attributes").is_not_null()
    )
    return pl.when(pl.col("type") == EventType.LINK.value).then(tagged).otherwise(spoken)


def _hits(judge: Judge, event: dict[str, Any]) -> Iterator[tuple[str, Counted]]:
    known = _attributes(event["attributes"])
    for field, texts in _texts(event, known):
        # Tag by tag, so that a phrase is never made of the end of one tag and the start of the next.
        found = [hit for text in texts for hit in judge.all_counted(text, known.get("language") or None)]
        least = {hit.number: hit for hit in sorted(found, key=lambda hit: -len(hit.views))}
        for number in sorted(least):
            yield field, least[number]


def _texts(event: dict[str, Any], known: dict[str, str]) -> Iterator[tuple[str, tuple[str, ...]]]:
    if event["type"] == EventType.LINK:
        yield "tags", (event["target"].removeprefix(_TAG),)
        return
    yield "text", (event["text"] or "",)
    yield "tags", tuple(event["tags"] or ())
    for name in _NAMES:
        yield name, (known.get(name, ""),)


def _attributes(written: str | None) -> dict[str, str]:
    try:
        return msgspec.json.decode(written or "{}", type=dict[str, str])
    except msgspec.DecodeError:
        return {}  # Intake writes this column; a broken one must not hide the text beside it.

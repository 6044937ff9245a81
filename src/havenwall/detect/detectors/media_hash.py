"""Media whose hash is on an operator's list."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Any

import polars as pl

from havenwall.detect.detectors.base import rows, signal
from havenwall.detect.lists import HashList
from havenwall.match import HashKind, HashSet
from havenwall.model import EventType, Signal


class MediaHashes:
    """The account shared media whose hash is exactly on the list."""

    name = "media-hash"

    def __init__(self, hashes: HashList) -> None:
        self._list = hashes
        self._known = HashSet((entry.kind, entry.value) for entry in hashes.entries)

    @property
    def version(self) -> str:
        """Version of the list."""
        return self._list.version

    def detect(self, events: pl.DataFrame) -> list[Signal]:
        """One signal of strength 1 per `media` event and kind of hash, on the account that shared it; hashes
        are equal, so it is `firm`."""
        media = events.filter((pl.col("type") == EventType.MEDIA.value) & pl.col("attributes").is_not_null())
        hashed = media.with_columns(_hash_column(kind) for kind in self._known.kinds)
        found = rows(hashed, EventType.MEDIA)
        return [self._signal(event, kind) for event in found for kind in self._hits(event)]

    def _hits(self, event: dict[str, Any]) -> Iterator[HashKind]:
        for kind in self._known.kinds:
            value = event[_column(kind)]
            if value is not None and (kind, value) in self._known:
                yield kind

    def _signal(self, event: dict[str, Any], kind: HashKind) -> Signal:
        evidence = {"list": self._list.name, "hash": kind.value, "media": event["target"], "firm": "yes"}
        match = f"{self._list.name}/{kind}"
        return signal(self, event, strength=1.0, match=match, evidence=evidence)


class FollowedHashes:
    """As several `MediaHashes`, by the lists as they are when events come."""

    name = MediaHashes.name
    version = "1"
    """Signals bear the version of their list."""

    def __init__(self, lists: Callable[[], Sequence[MediaHashes]]) -> None:
        """`lists` gives one detector for each list, each time anew."""
        self._lists = lists

    def detect(self, events: pl.DataFrame) -> list[Signal]:
        """The signals of all lists."""
        return [found for each in self._lists() for found in each.detect(events)]


def _column(kind: HashKind) -> str:
    return f"hash_{kind}"


def _hash_column(kind: HashKind) -> pl.Expr:
    return pl.col("attributes").str.json_path_match(f"$.{kind}").alias(_column(kind))

"""Imports of one bank from a source, step by step, into a store."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from itertools import islice
from typing import Any

from havenwall.connect.sources import open_feed
from havenwall.detect.banks import Feed, ImportResult, Page, run_import
from havenwall.model.bank import Bank, BankSource
from havenwall.model.bank_entry import EntryState
from havenwall.store import Store

NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)


class CutOff(Exception):
    """The process ended here."""


class Importer:
    """A bank `own` and its imports. `now` is what the clock shows; `slept` what back-off waited."""

    def __init__(self, store: Store, source: BankSource, **settings: Any) -> None:
        self.store, self.bank = store, Bank(name="own", source=source, **settings)
        self.now, self.slept = NOON, list[float]()
        store.banks.save(self.bank)

    def run(self, content: bytes | None = None, *, cut_after: int | None = None, **more: Any) -> ImportResult:
        """Import; with `cut_after` the process ends after so many pages were kept."""
        feed = open_feed(self.bank.source, content, sleep=self.slept.append)
        cut = feed if cut_after is None else _Cut(feed, cut_after)
        return run_import(self.bank, cut, self.store.banks, lambda: self.now, **more)

    def later(self, **delta: float) -> None:
        self.now += timedelta(**delta)

    def live(self) -> list[tuple[str, str, str]]:
        """Source id, kind and value of every entry that is not withdrawn; an entry twice stands twice."""
        entries = self.store.bank_view.entries("own", limit=10_000)
        alive = [e for e in entries if e.state is not EntryState.WITHDRAWN]
        return sorted((e.source_id, e.hash.kind, e.hash.value) for e in alive)

    def ids(self) -> list[str]:
        return [name for name, *_ in self.live()]


class _Cut:
    def __init__(self, feed: Feed, after: int) -> None:
        self._feed, self._after = feed, after
        self.whole, self.stale = feed.whole, feed.stale

    def pages(self, cursor: str, now: datetime) -> Any:
        yield from islice(_checked(self._feed.pages(cursor, now)), self._after)
        raise CutOff


def _checked(pages: Any) -> Any:
    for page in pages:
        assert isinstance(page, Page)
        yield page

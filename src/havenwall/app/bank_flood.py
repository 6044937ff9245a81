"""Watches how often entries match, and sets those aside that suddenly match far too much."""

from __future__ import annotations

import threading
import time
from collections import Counter
from collections.abc import Callable, Sequence
from datetime import datetime

import structlog

from havenwall.detect.banks import BankMatch
from havenwall.detect.banks.flood import WINDOW, is_flood
from havenwall.model import now
from havenwall.model.bank_entry import EntryState
from havenwall.store import Store

_log = structlog.get_logger()
_HOUR = 3600
_EVERY = 1.0
_PART = 20


class FloodWatch:
    """Counts matches by the hour. For several threads.

    Writing down each match by itself would cost more than finding it: they are written once a second, and as
    soon as an entry has a twentieth of what its bank bears.
    """

    def __init__(
        self,
        store: Store,
        clock: Callable[[], datetime] = now,
        limits: Callable[[], dict[str, int]] | None = None,
        changed: Callable[[], None] = lambda: None,
    ) -> None:
        """`limits`: matches that each bank bears in an hour, by name; read from the store unless given.
        `changed` is called when entries were set aside."""
        self._store, self._clock = store, clock
        self._limits = limits or (lambda: {bank.name: bank.flood for bank in store.bank_view.all()})
        self._changed, self._lock = changed, threading.Lock()
        self._counts: Counter[int] = Counter()
        self._owners: dict[int, str] = {}
        self._due = 0.0

    def saw(self, matches: Sequence[BankMatch]) -> None:
        """Count matches of one piece of media, each entry once; sets entries aside when it must."""
        if not matches:
            return
        limits = self._limits()
        counted = {match.entry: match for match in matches if limits.get(match.bank)}
        with self._lock:
            for match in counted.values():
                self._counts[match.entry] += 1
                if not match.set_aside:
                    self._owners[match.entry] = match.bank
            many = any(self._counts[entry] * _PART >= limits[m.bank] for entry, m in counted.items())
        if many or time.monotonic() >= self._due:
            self.write()

    def write(self) -> None:
        """Write down what was counted, and set entries aside when it must."""
        with self._lock:
            counts, owners, self._counts, self._owners = self._counts, self._owners, Counter(), {}
            self._due = time.monotonic() + _EVERY
        if not counts:
            return
        hour, limits = int(self._clock().timestamp()) // _HOUR, self._limits()
        self._store.bank_tally.add(counts, hour)
        tallies = self._store.bank_tally.hours(owners, hour - WINDOW)
        floods = [e for e, bank in owners.items() if is_flood(tallies.get(e, {}), hour, limits.get(bank, 0))]
        if floods:
            self._set_aside(floods)

    def _set_aside(self, floods: list[int]) -> None:
        # Who was let back by a person says so in `why`: a person's word is not overturned by a count.
        entries = [entry for entry in self._store.bank_view.by_ids(floods) if not entry.why]
        why = "matched far too much within an hour"
        for entry in self._store.banks.set_entries([e.id for e in entries], EntryState.SET_ASIDE, why):
            message = f"entry {entry.id} of the list {entry.bank} {why}; a person must look"
            _log.warning("bank entry set aside", bank=entry.bank, entry=entry.id)
            self._store.ledger.trouble(alarm_of(entry.bank), message)
        self._changed()


def alarm_of(bank: str) -> str:
    """What the alarm of a bank is called among the troubles; it ends when nothing is set aside any more."""
    return f"flood {bank}"[:60]

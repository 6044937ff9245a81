"""Watches how often entries match, and sets those aside that suddenly match far too much."""

from __future__ import annotations

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


class FloodWatch:
    """Counts matches by the hour. For several threads."""

    def __init__(self, store: Store, clock: Callable[[], datetime] = now) -> None:
        self._store, self._clock = store, clock

    def saw(self, matches: Sequence[BankMatch]) -> None:
        """Count matches of one piece of media, each entry once; sets entries aside when it must."""
        if not matches:
            return
        limits = {bank.name: bank.flood for bank in self._store.bank_view.all()}
        counts = Counter({match.entry: 1 for match in matches if limits.get(match.bank)})
        if not counts:
            return
        hour = int(self._clock().timestamp()) // _HOUR
        self._store.bank_tally.add(counts, hour)
        owners = {match.entry: match.bank for match in matches if not match.set_aside}
        tallies = self._store.bank_tally.hours(owners, hour - WINDOW)
        floods = [e for e, bank in owners.items() if is_flood(tallies.get(e, {}), hour, limits[bank])]
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


def alarm_of(bank: str) -> str:
    """What the alarm of a bank is called among the troubles; it ends when nothing is set aside any more."""
    return f"flood {bank}"[:60]

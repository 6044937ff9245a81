"""Banks as look-ups read them, remembered for as long as nothing in the database has changed."""

from __future__ import annotations

import time
from collections.abc import Iterable, Sequence
from typing import Final

import msgspec

from havenwall.app.bank_index import BankIndex
from havenwall.match import HashKind
from havenwall.model.bank import Bank
from havenwall.model.bank_entry import BankEntry, KnownHash
from havenwall.store.views.banks import BankMark, StoreBankView

LOOK_EVERY: Final = 0.1
"""Seconds that a change made by another process may go unseen."""
_MOST = 20_000
"""Entries remembered."""


class _Known(msgspec.Struct, kw_only=True):
    mark: BankMark
    banks: list[Bank]
    entries: dict[int, BankEntry] = {}
    kinds: dict[str, bool] = {}
    """Whether there are hashes of a kind at all."""


class BankMemory:
    """Reads banks for `BankSearch`. For several threads.

    Every change adds a row, so the newest rows tell whether what is remembered still holds. They are looked
    at every `LOOK_EVERY`, as the index looks for news, and at once after a change made by this process.
    """

    def __init__(self, view: StoreBankView, index: BankIndex) -> None:
        self._view, self._index = view, index
        self._known: _Known | None = None
        self._due = 0.0

    def forget(self) -> None:
        """Look anew: something was changed."""
        self._due = 0.0

    def all(self) -> list[Bank]:
        """Settings of all banks. A look-up asks for them first; what is remembered holds from then on."""
        known, moment = self._known, time.monotonic()
        if known is not None and moment < self._due:
            return known.banks
        self._due = moment + LOOK_EVERY
        mark = self._view.mark()
        if known is None or known.mark != mark:
            known = self._known = _Known(mark=mark, banks=self._view.all())
        return known.banks

    def limits(self) -> dict[str, int]:
        """Matches that each bank bears in an hour, as the last look-up found them."""
        known = self._known
        return {bank.name: bank.flood for bank in (known.banks if known else self.all())}

    def by_ids(self, ids: Iterable[int]) -> list[BankEntry]:
        """Entries by number."""
        known, wanted = self._known, set(ids)
        if known is None or not wanted:
            return self._view.by_ids(wanted) if wanted else []
        # Held by name from here on: another thread may put an empty memory in its place at any moment.
        held = known.entries
        missing = wanted.difference(held)
        if missing:
            if len(held) + len(missing) > _MOST:
                held = known.entries = {}
                missing = wanted
            held |= {entry.id: entry for entry in self._view.by_ids(missing)}
        return [held[each] for each in wanted if each in held]

    def exact(self, hashes: Sequence[KnownHash]) -> list[BankEntry]:
        """Entries with one of these hashes. PDQ is left to the index, unless it lags behind the database."""
        known = self._known
        if known is not None:
            indexed = (HashKind.PDQ,) if self._index.has(known.mark.entries) else ()
            held = {kind for kind in {each.kind for each in hashes} if self._holds(known, kind)}
            hashes = [each for each in hashes if each.kind in held.difference(indexed)]
        return self._view.exact(hashes) if hashes else []

    def _holds(self, known: _Known, kind: str) -> bool:
        if kind not in known.kinds:
            known.kinds[kind] = self._view.holds(kind)
        return known.kinds[kind]

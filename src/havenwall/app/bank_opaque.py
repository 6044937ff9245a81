"""Licensed hashes of banks, followed in the database and compared by the operator's functions."""

from __future__ import annotations

import threading
from collections.abc import Sequence

import structlog

from havenwall.detect.media.opaque import Licensed, OpaqueIndex, check_distance
from havenwall.errors import BadConfig
from havenwall.model.bank_entry import EntryState, KnownHash
from havenwall.store.views.banks import StoreBankView

_BATCH = 50_000
_SAMPLES = 5
_log = structlog.get_logger()
_Near = tuple[KnownHash, int, float]


class BankOpaque:
    """Licensed kinds that have a function; equal hashes of others need none. For several threads."""

    def __init__(self, banks: StoreBankView, licensed: Sequence[Licensed]) -> None:
        """Functions are loaded when first needed: what is wrong with them must not stop other look-ups."""
        self._banks, self._licensed = banks, tuple(licensed)
        self._lock, self._at = threading.Lock(), 0
        self._index: OpaqueIndex | None = None
        self._broken = False

    @property
    def kinds(self) -> tuple[str, ...]:
        """The kinds that have a function."""
        return tuple(kind.kind for kind in self._licensed)

    def near(self, hashes: Sequence[KnownHash]) -> list[_Near]:
        """Each hash with the entries near it. Nothing where the functions cannot be loaded: it is logged, the
        doctor tells of it, and equal hashes are found all the same."""
        asked = [each for each in hashes if each.kind in self.kinds]
        if not asked or self._broken:
            return []
        with self._lock:
            try:
                return list(self._followed().near(asked))
            except BadConfig as problem:
                self._broken = True
                _log.error("licensed hashes match only where equal", problem=problem.message)
                return []

    def check(self) -> list[str]:
        """What each function answers of hashes that are on lists.

        Raises:
            BadConfig: one cannot be loaded, or does not answer sanely.
        """
        return [check_distance(kind, self._samples(kind.kind)) for kind in self._licensed]

    def _samples(self, kind: str) -> list[bytes]:
        return [bytes.fromhex(each.hash.value) for each in self._banks.changes(0, _SAMPLES, kind)]

    def _followed(self) -> OpaqueIndex:
        index = self._index = self._index or OpaqueIndex(self._licensed)
        end = self._banks.end()
        for kind in self.kinds if end != self._at else ():
            after = self._at
            while changes := self._banks.changes(after, _BATCH, kind):
                for change in changes:
                    if change.state is EntryState.WITHDRAWN:
                        index.withdraw(change.entry)
                    else:
                        index.add(change.entry, change.hash)
                after = changes[-1].seq
        self._at = end
        return index

"""The index of banks' PDQ hashes: one process writes it, every process searches it."""

from __future__ import annotations

import os
import threading
from collections.abc import Sequence
from pathlib import Path

from havenwall.detect.media.index import HashIndex, Match
from havenwall.errors import Conflict, StoreError
from havenwall.match import HashKind
from havenwall.model.bank_entry import EntryChange, EntryState
from havenwall.store.views.banks import StoreBankView

_BATCH = 50_000


class BankIndex:
    """Follows the history of entries in the database. For several threads."""

    def __init__(self, folder: Path, banks: StoreBankView) -> None:
        self._folder, self._banks = folder, banks
        self._mark = folder / "followed"
        self._lock, self._opening = threading.Lock(), threading.Lock()
        self._index: HashIndex | None = None
        self._writes = False
        self._seen = 0

    def search_many(self, codes: Sequence[str], radius: int = 31) -> list[list[Match]]:
        """Entries near each hash of 64 hexadecimal digits. See `HashIndex.search_many`."""
        return self._opened().search_many(codes, radius)

    def catch_up(self) -> int:
        """Take in what is new in the database, unless another process does; returns how many rows.

        Raises:
            StoreError: the database is older than the index.
        """
        with self._lock:
            end, at = self._banks.end(), self._followed()
            if at > end:
                hint = f"the database was restored? delete {self._folder}, it is built anew"
                raise StoreError("the index of banks knows more than the database", hint=hint)
            if at == end or not self._may_write():
                return 0
            return self._take(at)

    def followed(self) -> int:
        """Up to which position of the history of entries every process finds them."""
        with self._lock:
            at = self._followed()
            self._opened().refresh()
            return at

    def has(self, position: int) -> bool:
        """Whether this process finds all entries up to a position of their history. Never waits: while the
        index catches up, which can take minutes, it is taken to lag, and the database answers."""
        if position > self._seen and self._lock.acquire(blocking=False):
            try:
                at = self._followed()
                self._opened().refresh()
                self._seen = at
            finally:
                self._lock.release()
        return position <= self._seen

    def close(self) -> None:
        """Let the next process write."""
        with self._lock:
            with self._opening:
                index, self._index, self._writes = self._index, None, False
            if index is not None:
                index.close()

    def _take(self, at: int) -> int:
        taken = 0
        while changes := self._banks.changes(at, _BATCH):
            self._apply([change for change in changes if change.hash.kind == HashKind.PDQ])
            at = changes[-1].seq
            self._set_followed(at)
            taken += len(changes)
        return taken

    def _apply(self, changes: Sequence[EntryChange]) -> None:
        index = self._opened()
        index.add([(change.entry, change.hash.value) for change in changes if change.first])
        index.withdraw([change.entry for change in changes if change.state is EntryState.WITHDRAWN])

    def _opened(self) -> HashIndex:
        # Searches come here without `_lock`: one that opens to read must not displace the writer.
        with self._opening:
            if self._index is None:
                self._index = HashIndex.open(self._folder)
            return self._index

    def _may_write(self) -> bool:
        if not self._writes:
            self._folder.mkdir(parents=True, exist_ok=True)
            try:
                writer = HashIndex.open(self._folder, writer=True)
            except Conflict:
                return False
            with self._opening:
                self._index, self._writes = writer, True
        return True

    def _followed(self) -> int:
        try:
            return int(self._mark.read_text(encoding="ascii"))
        except (FileNotFoundError, ValueError):
            return 0

    def _set_followed(self, at: int) -> None:
        # Written after the index has its rows on the disk; rows taken twice do no harm.
        fresh = self._mark.with_suffix(".new")
        with fresh.open("w", encoding="ascii") as file:
            file.write(str(at))
            file.flush()
            os.fsync(file.fileno())
        fresh.replace(self._mark)

"""Plain hash lists of the settings as banks, in memory: looked up like imported ones."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import numpy as np

from havenwall.detect.banks import BankSearch
from havenwall.detect.lists import HashList
from havenwall.match import HashKind
from havenwall.match.index import RADIUS, build, code_of
from havenwall.model import now
from havenwall.model.bank import Bank, Verification
from havenwall.model.bank_entry import BankEntry, EntryState, KnownHash


class ListedBanks:
    """Hash lists as a `BankReader`: one bank for each list, named after it; entries are numbered from 0."""

    def __init__(self, lists: Iterable[HashList]) -> None:
        self._lists = tuple(lists)
        began = now()
        self.entries = [
            BankEntry(
                id=number,
                bank=each.name,
                source_id=f"entry {place}",
                hash=KnownHash(kind=entry.kind.value, value=entry.value),
                state=EntryState.ACTIVE,
                added_at=began,
                changed_at=began,
                note=entry.note,
            )
            for number, (each, place, entry) in enumerate(
                (each, place, entry)
                for each in self._lists
                for place, entry in enumerate(each.entries, start=1)
            )
        ]
        self._exact: dict[KnownHash, list[BankEntry]] = {}
        for entry in self.entries:
            self._exact.setdefault(entry.hash, []).append(entry)

    def all(self) -> list[Bank]:
        """One bank for each list. Verified: the settings name only lists on which machines may act."""
        return [Bank(name=each.name, verification=Verification.VERIFIED) for each in self._lists]

    def exact(self, hashes: Sequence[KnownHash]) -> list[BankEntry]:
        """Entries with one of these hashes."""
        return [entry for each in set(hashes) for entry in self._exact.get(each, ())]

    def by_ids(self, ids: Iterable[int]) -> list[BankEntry]:
        """Entries by number."""
        return [self.entries[number] for number in sorted(set(ids))]


class MemoryMatch:
    """An entry near a query."""

    __slots__ = ("distance", "entry")

    def __init__(self, entry: int, distance: int) -> None:
        self.entry, self.distance = entry, distance


class MemoryIndex:
    """PDQ hashes in memory, searched exactly within a radius."""

    def __init__(self, entries: Iterable[BankEntry]) -> None:
        known = [entry for entry in entries if entry.hash.kind == HashKind.PDQ]
        codes = np.array([code_of(entry.hash.value) for entry in known], np.uint64).reshape(-1, 4)
        self._segment = build(codes, np.array([entry.id for entry in known], np.int64))

    def search_many(self, codes: Sequence[str], radius: int = RADIUS) -> list[list[MemoryMatch]]:
        """Entries within `radius` bits of each hash of 64 hexadecimal digits."""
        rows: list[list[MemoryMatch]] = [[] for _ in codes]
        found = self._segment.search(np.array([code_of(code) for code in codes]).reshape(-1, 4), radius)
        for query, entry, distance in zip(*(column.tolist() for column in found), strict=True):
            rows[query].append(MemoryMatch(entry, distance))
        return rows


def list_search(lists: Iterable[HashList]) -> BankSearch:
    """A search over plain hash lists."""
    banks = ListedBanks(lists)
    return BankSearch(banks, MemoryIndex(banks.entries))

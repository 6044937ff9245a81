"""Looking hashes up in banks: exact ones, PDQ within each bank's radius, licensed ones by plug-in."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Final, Protocol

import msgspec

from havenwall.detect.banks.hashes import known_hash
from havenwall.match import HashKind
from havenwall.model.bank import Bank, Verification
from havenwall.model.bank_entry import BankEntry, EntryState, KnownHash

_MOST_RADIUS = 31
NEAR: Final = 10
"""Bits; a picture no further from an entry of a verified list counts as a copy of it. Different photographs
lie far apart; two versions of a drawing can be alike by so few (see `docs/explanation/performance.md`)."""


class AskedHash(msgspec.Struct, frozen=True, kw_only=True):
    """A hash of the media in question; `form` says what was undone to find it (`trimmed, rotated 90`)."""

    kind: str
    value: str
    form: str = ""


class Asking(msgspec.Struct, frozen=True, kw_only=True):
    """What a look-up is for: banks that do not allow it, or are kept out of it, are not asked."""

    purpose: str = ""
    use: str = ""
    without: tuple[str, ...] = ()
    """Names of banks not to ask this time."""


class BankMatch(msgspec.Struct, frozen=True, kw_only=True):
    """An entry that matched, and all a reviewer needs to judge it."""

    bank: str
    entry: int
    source_id: str
    kind: str
    distance: float
    """Bits for PDQ, 0 for exact hashes; for licensed kinds what their plug-in says."""
    form: str
    verification: Verification
    labels: tuple[str, ...]
    set_aside: bool
    """The entry matched far too much of late; a person must look."""

    @property
    def is_copy(self) -> bool:
        """Whether the hash is that of an entry of a verified list, or at most `NEAR` bits from it."""
        # What distances of licensed kinds mean is not known here.
        return (
            self.kind in tuple(HashKind)
            and self.verification is Verification.VERIFIED
            and self.distance <= NEAR
        )


class Looked(msgspec.Struct, frozen=True, kw_only=True):
    """What a look-up found."""

    matches: tuple[BankMatch, ...]
    """Nearest first, each entry once."""
    vetoes: tuple[BankMatch, ...]
    """Matches in banks of known benign media: while there is one, nothing is to be done."""

    @property
    def acts(self) -> bool:
        """Whether a machine may go by the matches."""
        return not self.vetoes and any(not match.set_aside for match in self.matches)


class BankReader(Protocol):
    """Banks as a look-up reads them."""

    def all(self) -> list[Bank]:
        """Settings of all banks."""
        ...

    def exact(self, hashes: Sequence[KnownHash]) -> list[BankEntry]:
        """Entries with one of these hashes that are not withdrawn."""
        ...

    def by_ids(self, ids: Iterable[int]) -> list[BankEntry]:
        """Entries by number."""
        ...


class Near(Protocol):
    """An entry near a query, as `HashIndex` gives it."""

    @property
    def entry(self) -> int:
        """Its number."""
        ...

    @property
    def distance(self) -> int:
        """Bits."""
        ...


class NearSearch(Protocol):
    """The index of PDQ hashes."""

    def search_many(self, codes: Sequence[str], radius: int = _MOST_RADIUS) -> Sequence[Sequence[Near]]:
        """Entries within `radius` bits of each hash of 64 hexadecimal digits."""
        ...


class OpaqueSearch(Protocol):
    """Licensed hashes with the operator's distance."""

    def near(self, hashes: Sequence[KnownHash]) -> Iterable[tuple[KnownHash, int, float]]:
        """Each hash with the number of an entry near it and the distance."""
        ...


_Hit = tuple[float, str]
"""Distance and form."""


class BankSearch:
    """Looks media up in all banks at once."""

    def __init__(
        self, reader: BankReader, index: NearSearch | None, opaque: OpaqueSearch | None = None
    ) -> None:
        self._reader, self._index, self._opaque = reader, index, opaque

    def look(self, hashes: Sequence[AskedHash], asking: Asking | None = None) -> Looked:
        """Everything that matches one of the hashes of a piece of media.

        Raises:
            BadInput: one is no hash of its kind.
        """
        return self.look_many([hashes], asking)[0]

    def look_many(
        self,
        media: Sequence[Sequence[AskedHash]],
        asking: Asking | None = None,
        among: tuple[int, int] | None = None,
    ) -> list[Looked]:
        """As `look`, for each of several pieces of media; together they cost less.

        Args: `among`: only matches of entries with a number above the first and up to the second; vetoes
        count all the same.
        """
        asked = asking or Asking()
        banks = {
            bank.name: bank
            for bank in self._reader.all()
            if bank.asked_for(asked.purpose, asked.use) and bank.name not in asked.without
        }
        forms = [_forms(hashes) for hashes in media]
        every = list(dict.fromkeys(known for each in forms for known in each)) if banks else []
        near = self._near(every)
        entries = {
            entry.id: entry for entry in self._reader.by_ids({e for hit in near.values() for e, _ in hit})
        }
        for entry in self._reader.exact(every) if every else ():
            entries[entry.id] = entry
            near.setdefault(entry.hash, []).append((entry.id, 0.0))
        return [_looked(banks, entries, _hits(each, near), among) for each in forms]

    def _near(self, every: Sequence[KnownHash]) -> dict[KnownHash, list[tuple[int, float]]]:
        """Each hash with the numbers of entries near it and their distances."""
        found: dict[KnownHash, list[tuple[int, float]]] = {}
        asked = [each for each in every if each.kind == HashKind.PDQ]
        if self._index and asked:
            rows = self._index.search_many([each.value for each in asked], _MOST_RADIUS)
            for known, row in zip(asked, rows, strict=True):
                found[known] = [(each.entry, float(each.distance)) for each in row]
        for known, entry, distance in self._opaque.near(every) if self._opaque else ():
            found.setdefault(known, []).append((entry, distance))
        return found


def _looked(
    banks: dict[str, Bank],
    entries: dict[int, BankEntry],
    hits: dict[int, _Hit],
    among: tuple[int, int] | None,
) -> Looked:
    found = {entry: (entries[entry], hit) for entry, hit in hits.items() if entry in entries}
    matches = sorted(_matches(banks, found), key=lambda match: (match.distance, match.bank, match.entry))
    low, high = among or (-1, 1 << 63)
    return Looked(
        matches=tuple(m for m in matches if not banks[m.bank].negative and low < m.entry <= high),
        vetoes=tuple(m for m in matches if banks[m.bank].negative),
    )


def _hits(forms: dict[KnownHash, str], near: dict[KnownHash, list[tuple[int, float]]]) -> dict[int, _Hit]:
    hits: dict[int, _Hit] = {}
    for known, form in forms.items():
        for entry, distance in near.get(known, ()):
            if entry not in hits or distance < hits[entry][0]:
                hits[entry] = (distance, form)
    return hits


def _forms(hashes: Sequence[AskedHash]) -> dict[KnownHash, str]:
    """Each hash once, with its plainest form."""
    forms: dict[KnownHash, str] = {}
    for each in hashes:
        forms.setdefault(known_hash(each.kind, each.value), each.form)
    return forms


def _matches(banks: dict[str, Bank], found: dict[int, tuple[BankEntry, _Hit]]) -> Iterable[BankMatch]:
    for entry, (distance, form) in found.values():
        bank = banks.get(entry.bank)
        if bank is None or entry.state is EntryState.WITHDRAWN:
            continue
        if entry.hash.kind == HashKind.PDQ and distance > bank.radius:
            continue
        yield BankMatch(
            bank=bank.name,
            entry=entry.id,
            source_id=entry.source_id,
            kind=entry.hash.kind,
            distance=distance,
            form=form,
            verification=bank.verification,
            labels=entry.labels,
            set_aside=entry.state is EntryState.SET_ASIDE,
        )

"""An immutable set of hashes that can be searched: sorted codes, tables, whose they are, and who withdrew."""

from __future__ import annotations

from typing import NamedTuple

import msgspec
import numpy as np
from numpy.typing import NDArray

from havenwall.errors import BadInput
from havenwall.match.index.build import arrange, build_tables
from havenwall.match.index.codes import Codes, as_codes
from havenwall.match.index.kernels import COMPILED, probe_compiled
from havenwall.match.index.order import AS_THEY_ARE, Order, bit_order, reordered
from havenwall.match.index.plan import BITS, RADIUS, Plan, flips_for, plan
from havenwall.match.index.search import HEAVY, layout, probe_numpy
from havenwall.match.index.tail import scan

NOBODY = np.empty(0, dtype=np.int64)


class Found(NamedTuple):
    """What a search found, (k,) int64 each; an entry with several hashes may stand there several times."""

    query: NDArray[np.int64]
    """Number of the query, rising."""
    entry: NDArray[np.int64]
    distance: NDArray[np.int64]
    """Bits."""


class Segment(msgspec.Struct, frozen=True, kw_only=True):
    """Arrays only, so that it can lie in memory or be mapped from files."""

    widths: tuple[int, ...]
    """Bits of each band; empty: no tables."""
    codes: Codes
    """(u, 4) uint64 with their bits in `order`, different, rising."""
    offsets: NDArray[np.uint32]
    places: NDArray[np.uint32]
    starts: NDArray[np.uint32]
    """(u + 1,) where each code's entries begin; empty when each has one."""
    entries: NDArray[np.int64] | NDArray[np.int32]
    """(n,) entry ids; of 32 bits where all fit."""
    order: Order = AS_THEY_ARE
    """Where each bit of `codes` comes from; queries are brought into the same order."""
    withdrawn: NDArray[np.int64] = NOBODY
    """Sorted ids of entries that are not to be found any more."""

    def __len__(self) -> int:
        return len(self.entries)

    def without(self, entries: NDArray[np.int64]) -> Segment:
        """The segment with these entry ids withdrawn too; it shares all arrays."""
        return msgspec.structs.replace(self, withdrawn=np.union1d(self.withdrawn, entries))

    def search(self, queries: Codes, radius: int = RADIUS) -> Found:
        """Entries with a hash within `radius` bits of each of `queries` (q, 4) uint64. Exact.

        Raises:
            BadInput: `radius` lies outside 0 … 256, or `queries` are not (q, 4) uint64.
        """
        if not 0 <= radius <= BITS:
            raise BadInput(f"{radius} is no number of bits", field="radius", hint=f"give 0 to {BITS}")
        rows = self._rows(reordered(as_codes(queries), self.order), radius)
        return self._standing(self._owners(rows[:, 0], rows[:, 1], rows[:, 2]))

    def _rows(self, queries: Codes, radius: int) -> NDArray[np.int64]:
        flips = flips_for(self.widths, len(self.codes), radius) if self.widths else None
        if flips is None:
            return scan(self.codes, queries, radius)
        bands, levels, masks = layout(self.widths, flips)
        tables = self.codes, self.offsets, self.places
        if COMPILED:
            return probe_compiled(*tables, bands, levels, masks, queries, radius, HEAVY)
        return probe_numpy(*tables, bands, masks, queries, radius, HEAVY)

    def _owners(
        self, query: NDArray[np.int64], place: NDArray[np.int64], distance: NDArray[np.int64]
    ) -> Found:
        """Whose the codes at these places are; one of several entries stands there for each."""
        if not len(self.starts) or not len(place):
            return Found(query, self.entries[place].astype(np.int64), distance)
        first = self.starts[place].astype(np.int64)
        counts = self.starts[place + 1] - first
        begins = np.cumsum(counts) - counts
        at = np.repeat(first - begins, counts) + np.arange(counts.sum())
        entry = self.entries[at].astype(np.int64)
        return Found(np.repeat(query, counts), entry, np.repeat(distance, counts))

    def _standing(self, found: Found) -> Found:
        if not len(self.withdrawn) or not len(found.entry):
            return found
        at = np.minimum(np.searchsorted(self.withdrawn, found.entry), len(self.withdrawn) - 1)
        stands = self.withdrawn[at] != found.entry
        return Found(*(column[stands] for column in found))


def build(codes: Codes, entries: NDArray[np.int64], *, bands: Plan | None = None) -> Segment:
    """The segment of hashes (n, 4) uint64 and their entry ids (n,) int64, cut as `plan` says unless told.

    Raises:
        BadInput: arrays of another type or of different lengths.
    """
    codes = as_codes(codes)
    if entries.dtype != np.int64 or entries.shape != (len(codes),):
        raise BadInput(
            f"{entries.dtype} {entries.shape} for {len(codes)} hashes",
            field="entries",
            hint="give one int64 for each hash",
        )
    cut = plan(len(codes)) if bands is None else bands
    order = bit_order(codes, cut.widths)
    codes, starts, entries = arrange(reordered(codes, order), entries)
    offsets, places = build_tables(codes, cut)
    return Segment(
        widths=cut.widths,
        codes=codes,
        offsets=offsets,
        places=places,
        starts=starts,
        entries=_narrow(entries),
        order=order,
    )


def _narrow(entries: NDArray[np.int64]) -> NDArray[np.int64] | NDArray[np.int32]:
    fits = np.iinfo(np.int32)
    if len(entries) and (entries.min() < fits.min or entries.max() > fits.max):
        return entries
    return entries.astype(np.int32)

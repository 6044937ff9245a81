"""Which bands to cut hashes into, and how many bits to flip in each: the general pigeonhole principle.

Multi-index hashing (Norouzi, Punjani & Fleet 2012) cuts a hash into bands and looks up the query's bands in a
table each. When hashes differ in at most `radius` bits and the bands together allow
sum(flips + 1) ≥ radius + 1, some band differs in no more bits than its own flips: the search is exact. Bands
need not have equal widths or flips (Qin et al. 2018), so wide bands with few hits each are chosen as far as
their tables fit the memory.
"""

from __future__ import annotations

from functools import lru_cache
from itertools import accumulate
from math import comb
from typing import Final

import msgspec

BITS: Final = 256
RADIUS: Final = 31
"""Bits within which PDQ hashes count as the same picture, as its authors recommend."""
WIDEST: Final = 26
SMALLEST: Final = 24_576
"""Below this many hashes looking at all of them is as fast as any table."""

_MB: Final = 1 << 20
_SCAN: Final = 1.2
_PROBE: Final = ((4 * _MB, 3.0), (32 * _MB, 5.0))
_CANDIDATE: Final = ((8 * _MB, 8.0),)
_FAR: Final = (13.0, 16.0)
"""Nanoseconds of one hash read in order; of one probe while tables are within so many bytes; of one candidate
while hashes are; and of either in far memory. Measured; only their ratios matter."""
_SKEW: Final = 4.0
"""Candidates a query has, for each it has among uniform hashes, when lists hold many near-copies. With bits
dealt to bands (`order`) hashes of photos have 1.0 to 1.1; without it 1.3 to 1.7."""


class Plan(msgspec.Struct, frozen=True, kw_only=True):
    """How a segment is cut. Without bands every hash is looked at."""

    widths: tuple[int, ...]
    """Bits of each band from the first bit on; they sum to 256."""

    @property
    def starts(self) -> tuple[int, ...]:
        """First bit of each band."""
        return tuple(accumulate(self.widths, initial=0))[:-1]


def plan(size: int, *, radius: int = RADIUS, budget: int | None = None) -> Plan:
    """The bands that search `size` hashes fastest within `budget` bytes for everything the segment holds."""
    if size < SMALLEST:
        return Plan(widths=())
    room = default_budget(size) if budget is None else budget
    best, price = Plan(widths=()), size * _SCAN
    for bands in range(-(-BITS // WIDEST), 33):
        widths = _even(bands)
        flips = flips_for(widths, size, radius)
        if flips is not None and memory(widths, size) <= room:
            new = cost(widths, flips, size)
            if new < price:
                best, price = Plan(widths=widths), new
    return best


def default_budget(size: int) -> int:
    """Bytes a segment of `size` hashes may take unless told: 0.23 GB at 1 million, 1.30 GB at 10 million."""
    return min(32_000_000 + 200 * size, 480_000_000 + 82 * size)


def memory(widths: tuple[int, ...], size: int) -> int:
    """Bytes of a segment: hashes and entry ids, and for each band its offsets and the places of hashes."""
    tables = sum(4 * ((1 << width) + 1) for width in widths)
    # Hashes are sorted, so the first band needs no list of places.
    return 40 * size + tables + 4 * size * max(0, len(widths) - 1)


@lru_cache(maxsize=256)
def flips_for(widths: tuple[int, ...], size: int, radius: int) -> tuple[int, ...] | None:
    """Bits to flip in each band so that `radius` is exact at least cost; -1: the band is not used.

    None when looking at all hashes is cheaper. Each further flip is spent where it costs least.
    """
    flips = [-1] * len(widths)
    price, room = 0.0, size * _SCAN
    rates = _rates(widths, size)
    for _ in range(radius + 1):
        steps = [
            _price(width, flip + 1, size, rates) if flip < width else float("inf")
            for width, flip in zip(widths, flips, strict=True)
        ]
        cheapest = min(range(len(steps)), key=steps.__getitem__, default=None)
        if cheapest is None or (price := price + steps[cheapest]) > room:
            return None
        flips[cheapest] += 1
    return tuple(flips)


def cost(widths: tuple[int, ...], flips: tuple[int, ...], size: int) -> float:
    """Nanoseconds one search takes, by the measured prices."""
    rates = _rates(widths, size)
    return sum(
        _price(width, flip, size, rates)
        for width, most in zip(widths, flips, strict=True)
        for flip in range(most + 1)
    )


def probes(width: int, flips: int) -> int:
    """Buckets of a band within so many flips of a value; 0 for -1."""
    return sum(comb(width, flip) for flip in range(flips + 1))


def _price(width: int, flip: int, size: int, rates: tuple[float, float]) -> float:
    return comb(width, flip) * (rates[0] + rates[1] * _SKEW * size / (1 << width))


def _rates(widths: tuple[int, ...], size: int) -> tuple[float, float]:
    tables = sum(4 << width for width in widths)
    probe = next((rate for most, rate in _PROBE if tables <= most), _FAR[0])
    candidate = next((rate for most, rate in _CANDIDATE if 32 * size <= most), _FAR[1])
    return probe, candidate


def _even(bands: int) -> tuple[int, ...]:
    width, wider = divmod(BITS, bands)
    return (width + 1,) * wider + (width,) * (bands - wider)

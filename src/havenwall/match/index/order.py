"""Which bits go together in a band.

Bits of hashes of real pictures are not independent: those of neighbouring frequencies agree more often than
not, and a band of such bits has some crowded buckets. Two hashes agree in all bits of a band with probability
2^-w · (1 + the sum over its pairs of bits of E[x·y]² + …) for bits of ±1, so bits are dealt to bands to make
this sum small. Dealing bits by their correlation: Wan et al., *Data-Oriented Multi-Index Hashing* (2015).
Distances stay as they are: it is the same order for all hashes of a segment and for each query.
"""

from __future__ import annotations

import os
from concurrent.futures import ThreadPoolExecutor
from functools import lru_cache
from typing import Final

import numpy as np
from numpy.typing import NDArray

from havenwall.match.index.codes import Codes
from havenwall.match.index.filling import reorder_compiled
from havenwall.match.index.kernels import COMPILED

Order = NDArray[np.uint8]
"""(256,) which bit comes first, second, …; empty: as they are."""

AS_THEY_ARE: Final = np.empty(0, dtype=np.uint8)
_SAMPLE: Final = 20_000
_ROUNDS: Final = 20
_AT_ONCE: Final = 100_000
_PLENTY: Final = 2
"""Pairs of independent bits agree by chance too; bits are dealt when theirs agree so many times as much."""


def bit_order(codes: Codes, widths: tuple[int, ...]) -> Order:
    """The order in which bands of these widths hold `codes` (n, 4) most evenly; the same each time."""
    sample = codes[:: max(1, len(codes) // _SAMPLE)]
    if len(sample) < 2 or len(widths) < 2:
        return AS_THEY_ARE
    agreeing = _agreeing(sample)
    plain = np.repeat(np.arange(len(widths)), widths)
    pairs = sum(width * (width - 1) for width in widths)
    # The mean square of a sum of n numbers ±1 is n.
    if agreeing[plain[:, None] == plain].sum() <= _PLENTY * pairs * len(sample):
        return AS_THEY_ARE
    band_of = _swapped(_dealt(agreeing, widths), agreeing)
    return np.argsort(band_of, kind="stable").astype(np.uint8)


def _agreeing(sample: Codes) -> NDArray[np.int64]:
    """(256, 256) squares of how much oftener two bits agree than not; whole numbers, so equal everywhere."""
    signs = np.unpackbits(sample.astype(">u8").view(np.uint8), axis=1).astype(np.float32) * 2 - 1
    agreeing = (signs.T @ signs).astype(np.int64) ** 2
    np.fill_diagonal(agreeing, 0)
    return agreeing


def _dealt(agreeing: NDArray[np.int64], widths: tuple[int, ...]) -> NDArray[np.int64]:
    """(256,) the band of each bit: those that agree with many first, each to where it agrees least."""
    band_of = np.full(len(agreeing), -1)
    sums = np.zeros((len(widths), len(agreeing)), np.int64)
    left = np.array(widths)
    for bit in np.argsort(-agreeing.sum(axis=0), kind="stable"):
        open_bands = np.flatnonzero(left)
        # Of equals the one with most room: all fill up together.
        band = open_bands[np.lexsort((-left[open_bands], sums[open_bands, bit]))[0]]
        band_of[bit] = band
        left[band] -= 1
        sums[band] += agreeing[bit]
    return band_of


def _swapped(band_of: NDArray[np.int64], agreeing: NDArray[np.int64]) -> NDArray[np.int64]:
    """The same after swapping bits of different bands as long as that helps, a few rounds at most."""
    sums = np.stack([agreeing[band_of == band].sum(axis=0) for band in range(band_of.max() + 1)])
    every = np.arange(len(band_of))
    for _ in range(_ROUNDS):
        before = band_of.copy()
        for bit in every:
            band = band_of[bit]
            gain = sums[band, bit] + sums[band_of, every] - sums[band_of, bit] - sums[band, every]
            gain += 2 * agreeing[bit]
            gain[band_of == band] = 0
            other = int(gain.argmax())
            if gain[other] <= 0:
                continue
            change = agreeing[other] - agreeing[bit]
            sums[band] += change
            sums[band_of[other]] -= change
            band_of[bit], band_of[other] = band_of[other], band
        if (before == band_of).all():
            break
    return band_of


def reordered(codes: Codes, order: Order) -> Codes:
    """(n, 4) uint64 codes with their bits in another order."""
    if not len(order):
        return codes
    if not COMPILED:
        return _reordered_numpy(codes, order)
    images, result = _images(order.tobytes()), np.empty_like(codes)
    if len(codes) <= _AT_ONCE:
        reorder_compiled(codes, images, result)
        return result
    cuts = [slice(begin, begin + _AT_ONCE) for begin in range(0, len(codes), _AT_ONCE)]
    with ThreadPoolExecutor(os.cpu_count()) as pool:
        list(pool.map(lambda cut: reorder_compiled(codes[cut], images, result[cut]), cuts))
    return result


def _reordered_numpy(codes: Codes, order: Order) -> Codes:
    result = np.empty_like(codes)
    for begin in range(0, len(codes), _AT_ONCE):
        bits = np.unpackbits(codes[begin : begin + _AT_ONCE].astype(">u8").view(np.uint8), axis=1)
        result[begin : begin + _AT_ONCE] = np.packbits(bits.take(order, axis=1), axis=1).view(">u8")
    return result


@lru_cache(maxsize=16)
def _images(order: bytes) -> Codes:
    """(32 · 256, 4) what each byte of a code becomes at each place, all other bits being 0."""
    alone = np.zeros((32, 256, 32), np.uint8)
    alone[np.arange(32), :, np.arange(32)] = np.arange(256, dtype=np.uint8)
    codes = alone.reshape(-1, 32).view(">u8").astype(np.uint64)
    return _reordered_numpy(codes, np.frombuffer(order, np.uint8))

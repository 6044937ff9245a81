"""The loops of bringing bits in order and of building a band's table, in compiled code."""

from __future__ import annotations

from typing import Final

import numpy as np

from havenwall.match.compiled import njit

_HIGH: Final = 11
"""Rows of a band are first parted by so many bits: as many places written to as caches hold."""


@njit(cache=True, nogil=True)
def band_value(codes, row, start, width):  # type: ignore[no-untyped-def]
    """In compiled code: bits start … start + width - 1 of a row of codes as a number."""
    word, shift = start >> 6, start & 63
    value = codes[row, word] << np.uint64(shift)
    if shift + width > 64:
        value |= codes[row, word + 1] >> np.uint64(64 - shift)
    return np.int64(value >> np.uint64(64 - width))


@njit(cache=True, nogil=True)
def _split(codes, start, width, low):  # type: ignore[no-untyped-def]
    """Rows by the high bits of their values: (n,) low bits << 32 | row, and where each part begins."""
    values, begins = np.empty(len(codes), np.uint32), np.zeros((1 << (width - low)) + 1, np.int64)
    for row in range(len(codes)):
        value = band_value(codes, row, start, width)
        values[row] = value
        begins[(value >> low) + 1] += 1
    begins = np.cumsum(begins)
    after, rows = begins.copy(), np.empty(len(codes), np.uint64)
    for row in range(len(codes)):
        value = np.int64(values[row])
        part = value >> low
        rows[after[part]] = np.uint64((value & ((1 << low) - 1)) << 32 | row)
        after[part] += 1
    return rows, begins


@njit(cache=True, nogil=True)
def fill_compiled(codes, start, width, offsets, places):  # type: ignore[no-untyped-def]
    """In compiled code: one band's offsets, and its places unless there is no room for them."""
    # In two steps, so that each works on counters that stay near the processor.
    low = max(0, width - _HIGH)
    rows, begins = _split(codes, start, width, low)
    counts = np.empty(1 << low, np.int64)
    for part in range(len(begins) - 1):
        counts[:] = 0
        for at in range(begins[part], begins[part + 1]):
            counts[np.int64(rows[at] >> np.uint64(32))] += 1
        total = np.int64(begins[part])
        for value in range(len(counts)):
            offsets[(part << low) + value] = total
            total, counts[value] = total + np.int64(counts[value]), total
        if len(places):
            for at in range(begins[part], begins[part + 1]):
                low_bits = np.int64(rows[at] >> np.uint64(32))
                places[counts[low_bits]] = rows[at] & np.uint64(0xFFFFFFFF)
                counts[low_bits] += 1
    offsets[len(offsets) - 1] = len(codes)


@njit(cache=True, nogil=True)
def reorder_compiled(codes, images, result):  # type: ignore[no-untyped-def]
    """In compiled code: each code is put together from the images of its bytes."""
    for row in range(len(codes)):
        first = second = third = fourth = np.uint64(0)
        for byte in range(32):
            shift = np.uint64(56 - 8 * (byte & 7))
            at = (byte << 8) + np.int64((codes[row, byte >> 3] >> shift) & np.uint64(255))
            first |= images[at, 0]
            second |= images[at, 1]
            third |= images[at, 2]
            fourth |= images[at, 3]
        result[row, 0], result[row, 1], result[row, 2], result[row, 3] = first, second, third, fourth

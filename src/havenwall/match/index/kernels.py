"""The loops of a search, in compiled code.

It probes buckets, gathers candidates, measures distances. These loops are kept apart because each is
bound by memory: a loop of independent reads lets the processor wait for many at once. A hash that several
bands lead to is given by the first of them only, which its distance in the bands before tells; so no list of
what was seen is kept. A query whose buckets hold so many candidates (flat pictures) that reading all hashes
in order is faster does that instead.
"""

from __future__ import annotations

from typing import Final

import numpy as np

from havenwall.match.compiled import njit, prefetch
from havenwall.match.index.filling import band_value

START, WIDTH, TABLE, MASKS, PROBES, FLIPS = 0, 1, 2, 3, 4, 5
_STEP: Final = 1024


@njit(cache=True, nogil=True)
def _ones(word):  # type: ignore[no-untyped-def]
    # The compiler knows this for a population count and emits one instruction.
    word = word - ((word >> np.uint64(1)) & np.uint64(0x5555555555555555))
    word = (word & np.uint64(0x3333333333333333)) + ((word >> np.uint64(2)) & np.uint64(0x3333333333333333))
    word = (word + (word >> np.uint64(4))) & np.uint64(0x0F0F0F0F0F0F0F0F)
    return np.int64((word * np.uint64(0x0101010101010101)) >> np.uint64(56))


@njit(cache=True, nogil=True)
def _apart(codes, place, queries, number):  # type: ignore[no-untyped-def]
    # Whole arrays and row numbers: a view of a row would be counted in and out each time.
    near = _ones(codes[place, 0] ^ queries[number, 0]) + _ones(codes[place, 1] ^ queries[number, 1])
    far = _ones(codes[place, 2] ^ queries[number, 2]) + _ones(codes[place, 3] ^ queries[number, 3])
    return near + far


@njit(cache=True, nogil=True)
def _room(found, count, more):  # type: ignore[no-untyped-def]
    if count + more <= len(found):
        return found
    wider = np.empty((2 * (count + more), 3), np.int64)
    wider[:count] = found[:count]
    return wider


@njit(cache=True, nogil=True)
def _scan(codes, begin, end, queries, number, radius, found, count):  # type: ignore[no-untyped-def]
    for place in range(begin, end):
        distance = _apart(codes, place, queries, number)
        if distance <= radius:
            found[count, 0], found[count, 1], found[count, 2] = number, place, distance
            count += 1
    return count


@njit(cache=True, nogil=True)
def _scan_all(codes, queries, number, radius, found, count):  # type: ignore[no-untyped-def]
    # The loop that measures never makes room itself: that alone would make it eight times slower.
    for begin in range(0, len(codes), _STEP):
        found = _room(found, count, _STEP)
        end = min(begin + _STEP, len(codes))
        count = _scan(codes, begin, end, queries, number, radius, found, count)
    return found, count


@njit(cache=True, nogil=True)
def scan_compiled(codes, queries, radius):  # type: ignore[no-untyped-def]
    """In compiled code: (k, 3) query, place, distance of every pair within the radius."""
    found, count = np.empty((2 * _STEP, 3), np.int64), 0
    for number in range(len(queries)):
        found, count = _scan_all(codes, queries, number, radius, found, count)
    return found[:count]


@njit(cache=True, nogil=True)
def _is_first(codes, place, queries, number, bands, flips, band):  # type: ignore[no-untyped-def]
    for before in range(band):
        start, width = bands[before, START], bands[before, WIDTH]
        differ = band_value(codes, place, start, width) ^ band_value(queries, number, start, width)
        if _ones(np.uint64(differ)) <= flips[before]:
            return False
    return True


@njit(cache=True, nogil=True)
def _probe(queries, number, bands, levels, band, level, masks, offsets, lows, highs, filled):  # type: ignore[no-untyped-def]
    """Append the filled buckets of a band with `level` bits flipped; returns how many buckets there are now,
    and how many candidates came with these.
    """
    total = np.int64(0)
    value = band_value(queries, number, bands[band, START], bands[band, WIDTH])
    table, mask = bands[band, TABLE], bands[band, MASKS]
    for probe in range(mask + levels[band, level], mask + levels[band, level + 1]):
        bucket = table + (value ^ np.int64(masks[probe]))
        low, high = np.int64(offsets[bucket]), np.int64(offsets[bucket + 1])
        lows[filled], highs[filled] = low, high
        filled += np.int64(high > low)
        total += high - low
    return filled, total


@njit(cache=True, nogil=True)
def _balance(size, bands, levels, counts, flips):  # type: ignore[no-untyped-def]
    """Flip fewer bits where the query's buckets are full, and one more in another band for each.

    What is looked up is exact as long as the sum stays. A probe costs about as much as a candidate; how many
    one bit more brings is guessed from the bits before.
    """
    while True:
        top, most = -1, np.int64(0)
        for band in range(len(bands)):
            if 0 <= flips[band] <= bands[band, FLIPS] and counts[band, flips[band]] > most:
                top, most = band, counts[band, flips[band]]
        best, least = -1, most
        for band in range(len(bands)):
            flip, width = bands[band, FLIPS], bands[band, WIDTH]
            probes = levels[band, flip + 2] - levels[band, flip + 1]
            if band == top or flips[band] != flip or probes == 0:
                continue
            more = size * probes >> width
            if flip >= 0:
                more = max(more, counts[band, flip] * (width - flip) // (flip + 1))
            if probes + more < least:
                best, least = band, probes + more
        if best < 0:
            return
        flips[top] -= 1
        flips[best] += 1


@njit(cache=True, nogil=True)
def _gather(codes, places, band, lows, highs, bucket, at, end, batch):  # type: ignore[no-untyped-def]
    """Fill the batch with candidates from a bucket's place `at` on; returns how many, bucket and place."""
    size = 0
    while bucket < end:
        high = min(np.int64(highs[bucket]), at + len(batch) - size)
        for nth in range(at, high):
            place = np.int64(places[band - 1, nth]) if band else nth
            prefetch(codes, place)
            batch[size] = place
            size += 1
        if size == len(batch):
            return size, bucket, high
        bucket += 1
        at = np.int64(lows[bucket])
    return size, bucket, at


@njit(cache=True, nogil=True)
def _measure(codes, queries, number, radius, bands, flips, band, batch, size, found, count):  # type: ignore[no-untyped-def]
    near = np.int64(0)
    for nth in range(size):
        place = batch[nth]
        batch[near] = place
        near += np.int64(_apart(codes, place, queries, number) <= radius)
    for nth in range(near):
        place = batch[nth]
        if _is_first(codes, place, queries, number, bands, flips, band):
            found[count, 0], found[count, 1] = number, place
            found[count, 2] = _apart(codes, place, queries, number)
            count += 1
    return count


@njit(cache=True, nogil=True)
def probe_compiled(codes, offsets, places, bands, levels, masks, queries, radius, heavy):  # type: ignore[no-untyped-def]
    """In compiled code: as `scan_compiled`, by the tables."""
    found, count = np.empty((2 * _STEP, 3), np.int64), 0
    room = np.sum(levels[:, levels.shape[1] - 1]) + 1
    lows, highs = np.empty(room, np.uint32), np.empty(room, np.uint32)
    # Where each level's buckets begin and end, and their candidates.
    begins, ends, counts = np.empty_like(levels), np.empty_like(levels), np.empty_like(levels)
    flips, batch = np.empty(len(bands), np.int64), np.empty(_STEP, np.int64)
    for number in range(len(queries)):
        filled = np.int64(0)
        for band in range(len(bands)):
            flips[band] = bands[band, FLIPS]
            for level in range(flips[band] + 1):
                begins[band, level] = filled
                filled, counts[band, level] = _probe(
                    queries, number, bands, levels, band, level, masks, offsets, lows, highs, filled
                )
                ends[band, level] = filled
        _balance(len(codes), bands, levels, counts, flips)
        total = np.int64(0)
        for band in range(len(bands)):
            level = flips[band]
            if level > bands[band, FLIPS]:
                begins[band, level] = filled
                filled, counts[band, level] = _probe(
                    queries, number, bands, levels, band, level, masks, offsets, lows, highs, filled
                )
                ends[band, level] = filled
            total += np.sum(counts[band, : level + 1])
        if total * heavy > len(codes):
            found, count = _scan_all(codes, queries, number, radius, found, count)
            continue
        for band in range(len(bands)):
            # Buckets of a band stand one after the other, but for those of one bit more than planned.
            most = min(flips[band], bands[band, FLIPS])
            for first, last in ((0, most), (most + 1, flips[band])):
                bucket, end = begins[band, first], ends[band, last]
                if first > last:
                    continue
                at = np.int64(lows[bucket])
                while bucket < end:
                    size, bucket, at = _gather(codes, places, band, lows, highs, bucket, at, end, batch)
                    found = _room(found, count, size)
                    count = _measure(
                        codes, queries, number, radius, bands, flips, band, batch, size, found, count
                    )
    return found[:count]


COMPILED: Final = hasattr(scan_compiled, "py_func")
"""Whether there is a compiler. Without one numpy does the same."""

"""Compiled loops, the same loops interpreted, and numpy give equal answers."""

from __future__ import annotations

import numpy as np
import pytest

from havenwall.match.index import kernels
from havenwall.match.index.build import band_values, build_tables, fill_numpy
from havenwall.match.index.filling import band_value, fill_compiled
from havenwall.match.index.plan import Plan
from havenwall.match.index.search import flip_masks, layout, probe_numpy, scan_numpy

WIDTHS = (24, 10, *(12,) * 18, 6)
FLIPS = (1, 2, *(1,) * 18, -1)


@pytest.mark.parametrize(("start", "width"), [(0, 24), (24, 10), (52, 24), (60, 12), (64, 16), (232, 24)])
def test_a_band_is_cut_out_alike(crowd: np.ndarray, start: int, width: int) -> None:
    bits = np.unpackbits(crowd.astype(">u8").view(np.uint8), axis=1)[:, start : start + width]
    expected = bits.astype(np.int64) @ (1 << np.arange(width - 1, -1, -1))
    assert np.array_equal(band_values(crowd, start, width), expected)
    assert [band_value(crowd, row, start, width) for row in range(50)] == expected[:50].tolist()


@pytest.mark.parametrize(("start", "width"), [(0, 14), (57, 13), (20, 5)])
def test_tables_are_filled_alike(crowd: np.ndarray, start: int, width: int) -> None:
    results = []
    for fill in (fill_compiled, interpreted(fill_compiled), fill_numpy):
        offsets = np.zeros((1 << width) + 1, np.uint32)
        places = np.zeros(len(crowd), np.uint32)
        with np.errstate(over="ignore"):
            fill(crowd, start, width, offsets, places)
        results.append((offsets.tolist(), places.tolist()))
    assert results[0] == results[1] == results[2]


def interpreted(kernel):  # type: ignore[no-untyped-def]
    return getattr(kernel, "py_func", kernel)


@pytest.mark.parametrize("heavy", [0, 8])
def test_searches_are_alike(crowd: np.ndarray, heavy: int) -> None:
    codes = np.unique(crowd, axis=0)
    bands, levels, masks = layout(WIDTHS, FLIPS)
    offsets, places = build_tables(codes, Plan(widths=WIDTHS))
    tables, given = (codes, offsets, places, bands), (masks, codes[:6].copy(), 31, heavy)
    plain = rows(scan_numpy(codes, codes[:6], 31))
    assert rows(kernels.probe_compiled(*tables, levels, *given)) == plain
    assert rows(probe_numpy(*tables, *given)) == plain
    with np.errstate(over="ignore"):
        assert rows(interpreted(kernels.probe_compiled)(*tables, levels, *given)) == plain


def rows(found: np.ndarray) -> list[list[int]]:
    return sorted(found.tolist())


def test_far_more_matches_than_there_was_room_for(crowd: np.ndarray) -> None:
    found = kernels.scan_compiled(crowd, crowd[:3].copy(), 256)
    assert len(found) == 3 * len(crowd)
    assert rows(found) == rows(scan_numpy(crowd, crowd[:3], 256))


def test_masks_are_all_values_with_few_bits() -> None:
    masks = flip_masks(10, 2)
    assert sorted(masks.tolist()) == [n for n in range(1024) if n.bit_count() <= 2]
    assert masks[0] == 0
    assert len(flip_masks(10, -1)) == 0

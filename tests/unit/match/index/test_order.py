"""Bits that agree go into different bands, nothing else changes, and it is the same every time."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.unit.match.index.conftest import flipped

from havenwall.match.index import build, filling, order, scan
from havenwall.match.index.order import bit_order, reordered
from havenwall.match.index.plan import Plan

WIDTHS = (16,) * 16
permutations = st.permutations(range(256)).map(lambda bits: np.array(bits, np.uint8))


@pytest.fixture(scope="module")
def alike() -> np.ndarray:
    """(6000, 4) where bits come in runs of eight that mostly agree, as neighbouring frequencies do."""
    rng = np.random.default_rng(7)
    bits = np.repeat(rng.integers(0, 2, (6000, 32)), 8, axis=1) ^ (rng.random((6000, 256)) < 0.2)
    return np.packbits(bits.astype(np.uint8), axis=1).view(">u8").astype(np.uint64)


@given(permutations)
@settings(max_examples=10)
def test_bits_move_to_their_place_in_every_way(crowd: np.ndarray, bits: np.ndarray) -> None:
    codes = crowd[:20].copy()
    before = np.unpackbits(codes.astype(">u8").view(np.uint8), axis=1)
    moved = reordered(codes, bits)
    assert (np.unpackbits(moved.astype(">u8").view(np.uint8), axis=1) == before[:, bits]).all()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(order, "COMPILED", False)
        assert (reordered(codes, bits) == moved).all()
    loop = getattr(filling.reorder_compiled, "py_func", filling.reorder_compiled)
    plain = np.empty_like(codes)
    loop(codes, order._images(bits.tobytes()), plain)
    assert (plain == moved).all()


def test_many_codes_are_cut_into_parts(alike: np.ndarray, monkeypatch: pytest.MonkeyPatch) -> None:
    bits = np.arange(256, dtype=np.uint8)[::-1].copy()
    whole = reordered(alike, bits)
    monkeypatch.setattr(order, "_AT_ONCE", 700)
    assert (reordered(alike, bits) == whole).all()


def test_bits_that_agree_are_parted(alike: np.ndarray) -> None:
    bits = bit_order(alike, WIDTHS)
    assert sorted(bits.tolist()) == list(range(256))
    runs = bits.reshape(16, 16) // 8
    # 32 runs of eight over 16 bands of 16: nowhere more than one bit of a run.
    assert all(len(set(band)) == 16 for band in runs.tolist())
    assert (bit_order(alike, WIDTHS) == bits).all()


@pytest.mark.parametrize("widths", [WIDTHS, (24, 10, *(12,) * 18, 6)])
def test_spread_out_hashes_stay_as_they_are(widths: tuple[int, ...]) -> None:
    codes = np.random.default_rng(8).integers(0, 1 << 64, (30_000, 4), dtype=np.uint64)
    assert len(bit_order(codes, widths)) == 0


@pytest.mark.parametrize("count", [0, 1, 2, 3])
def test_hardly_any_hashes_have_some_order(alike: np.ndarray, count: int) -> None:
    assert len(bit_order(alike[:count], WIDTHS)) in (0, 256)
    assert len(bit_order(alike, ())) == 0


@given(seed=st.integers(0, 1 << 32), radius=st.sampled_from([0, 7, 31, 33]))
@settings(max_examples=12)
def test_a_segment_in_order_finds_what_looking_at_all_finds(
    alike: np.ndarray, seed: int, radius: int
) -> None:
    rng = np.random.default_rng(seed)
    segment = build(alike, np.arange(len(alike)), bands=Plan(widths=WIDTHS))
    assert len(segment.order) == 256
    queries = flipped(alike[rng.integers(0, len(alike), 32)], np.arange(32) * (radius + 3) // 31, rng)
    found = segment.search(queries, radius)
    pairs = sorted(zip(*(column.tolist() for column in found), strict=True))
    assert pairs == sorted(map(tuple, scan(alike, queries, radius).tolist()))


@pytest.mark.parametrize("distance", range(32))
def test_every_planted_distance_is_found_in_order(alike: np.ndarray, distance: int) -> None:
    rng = np.random.default_rng(distance)
    rows = rng.integers(0, len(alike), 20)
    segment = build(np.tile(alike, (5, 1)), np.arange(5 * len(alike)), bands=Plan(widths=WIDTHS))
    found = segment.search(flipped(alike[rows], np.full(20, distance), rng))
    seen = set(zip(*(column.tolist() for column in found), strict=True))
    assert all((nth, int(row), distance) in seen for nth, row in enumerate(rows))

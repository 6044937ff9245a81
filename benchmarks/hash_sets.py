"""Sets of 256-bit hashes to search: uniform, of real photos, and a made one, more skewed than they are."""

from __future__ import annotations

import os
from collections.abc import Callable

import numpy as np

from crops import crops

REAL = "photos"


def flipped(codes: np.ndarray, counts: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """Each code with exactly so many bits turned."""
    turned = codes.copy()
    for begin in range(0, len(codes), 50_000):
        part = slice(begin, begin + 50_000)
        order = rng.random((len(codes[part]), 256), dtype=np.float32).argsort(axis=1)
        bits = np.packbits(order < counts[part, None], axis=1)
        turned[part] ^= bits.view(">u8").astype(np.uint64)
    return turned


def uniform(size: int, rng: np.random.Generator) -> np.ndarray:
    return rng.integers(0, 1 << 64, (size, 4), dtype=np.uint64)


def pictures(size: int, rng: np.random.Generator) -> np.ndarray:
    """Half singles, three tenths near them, a tenth copies, a tenth singles, 0.2 % flat pictures.

    In 16 bands of 16 bits its pairs share a bucket about 9 times as often as uniform ones. On 8,106 clip-art
    pictures and 13,778 tiles of wallpapers, copies among them, 2.9 to 6.0 times the candidates were measured.
    """
    singles = of_kinds(size // 2, rng)
    ranks = rng.zipf(1.3, 4 * size // 10) % len(singles)
    # A popular picture comes back a few hundred times in a list, not a million times.
    spread = singles[(ranks * 7919 + rng.integers(0, 1 + size // 2000, len(ranks))) % len(singles)]
    copies, near = spread[: size // 10], spread[size // 10 :]
    near = flipped(near, rng.integers(0, 41, len(near)), rng)
    flats = size - len(singles) - len(spread)
    flat = flats // 50
    centres = uniform(20, np.random.default_rng(4))
    level = flipped(centres[rng.integers(0, 20, flat)], rng.integers(0, 13, flat), rng)
    rest = of_kinds(flats - flat, rng)
    return rng.permutation(np.concatenate((singles, copies, near, level, rest)))


def of_kinds(size: int, rng: np.random.Generator) -> np.ndarray:
    """Codes whose bits are more or less likely by their kind of picture, the same kinds each time."""
    likely = (np.random.default_rng(3).beta(1.1, 1.1, (8, 256)) * 255).astype(np.uint8)
    codes = np.empty((size, 4), np.uint64)
    for begin in range(0, size, 50_000):
        part = codes[begin : begin + 50_000]
        bits = rng.integers(0, 255, (len(part), 256), dtype=np.uint8) < likely[rng.integers(0, 8, len(part))]
        part[:] = np.packbits(bits, axis=1).view(">u8")
    return codes


def photos(size: int, rng: np.random.Generator) -> np.ndarray:
    """PDQ hashes of windows of real photos, other windows for other generators; never made up or repeated."""
    return crops(size, seed=rng.bit_generator.seed_seq.entropy)


def missing() -> str:
    """Why there are no real hashes; empty when there are."""
    return "" if os.environ.get("HAVENWALL_PHOTOS") else "HAVENWALL_PHOTOS names no folder for photos"


def skew(codes: np.ndarray) -> str:
    """How far from uniform: shares of ones, distances of pairs, and how full the buckets of bands are."""
    rng = np.random.default_rng(2)
    sample = codes[rng.permutation(len(codes))[: min(200_000, len(codes) // 2 * 2)]]
    ones = np.unpackbits(sample[:20_000].view(np.uint8), axis=1).mean(axis=0)
    apart = np.bitwise_count(sample[::2] ^ sample[1::2]).sum(axis=1)
    bands = sample.view(np.uint16)
    # Pairs that share a bucket of 16 bits, for each that would among uniform hashes.
    squares = [float(np.square(np.bincount(band).astype(float)).sum()) for band in bands.T]
    crowded = [(square / len(bands) - 1) / len(bands) * (1 << 16) for square in squares]
    return (
        f"shares of ones {ones.min():.2f} to {ones.max():.2f}, pairs {apart.mean():.1f} ± {apart.std():.1f} "
        f"bits apart, in 16 bands {np.mean(crowded):.2f} times as many candidates (worst {max(crowded):.2f})"
    )


KINDS: dict[str, Callable[[int, np.random.Generator], np.ndarray]] = {
    "uniform": uniform,
    REAL: photos,
    "made": pictures,
}


def known(kind: str, size: int) -> np.ndarray:
    return KINDS[kind](size, np.random.default_rng(11))

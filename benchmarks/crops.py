"""Real PDQ hashes by the million: windows of 64 × 64 pixels of everyday photos at many zooms.

PDQ takes a picture of 64 × 64 as it is, so the hash of such a window is two small products and a median: ten
million take minutes. Photos are those of `photos.py`, each file once. Windows differ in place, in zoom (from
a fifteenth to four tenths of a photo's shorter side, as many windows for each of `LEVELS` zooms) and in
stretch (up to a tenth). Those too plain to tell apart (quality below 50) are left out: an index takes none.
"""

from __future__ import annotations

import multiprocessing
import os
import sys
from pathlib import Path

import numpy as np
from PIL import Image

from havenwall.match.image import LEAST_QUALITY, pdq
from havenwall.match.image.transform import COSINES
from photos import photo_files

SIDE, LEVELS, AT_ONCE = 64, 24, 256
LARGEST, NARROWEST = 960, 160
"""Pixels of the shorter side of a photo: as read, and where a window is four tenths of it."""


def files() -> list[Path]:
    """Photos, each content once; none without HAVENWALL_PHOTOS."""
    return sorted({path.resolve() for path in photo_files()})


def crops(size: int, seed: int) -> np.ndarray:
    """(size, 4) uint64 hashes, the same each time; kept in the cache folder."""
    cache = Path(os.environ["HAVENWALL_PHOTOS"]) / f"crops-{size}-{seed}.npy"
    if not cache.exists():
        # More windows than hashes, as some photos are plain at every zoom.
        share = 1 + 13 * size // (10 * LEVELS * len(files()))
        with multiprocessing.get_context("spawn").Pool() as pool:
            parts = pool.starmap(of_photo, [(path, share, seed) for path in files()], chunksize=1)
        found = np.concatenate(parts)
        if len(found) < size:
            raise SystemExit(f"{len(found):,} hashes come from these photos, not {size:,}: add photos")
        np.save(cache, np.random.default_rng(seed).permutation(found)[:size])
    return np.load(cache)


def of_photo(path: Path, windows: int, seed: int) -> np.ndarray:
    """(k, 4) hashes of so many windows that are not plain at each zoom."""
    with Image.open(path) as image:
        image.draft("L", (2 * LARGEST, 2 * LARGEST))
        grey = image.convert("RGB").convert("L")
    grey.thumbnail(scaled(grey, LARGEST), reducing_gap=2)
    rng = np.random.default_rng([seed, *path.name.encode()])
    parts = []
    for _ in range(LEVELS):
        shorter = NARROWEST * (min(grey.size) / NARROWEST) ** rng.random()
        width, height = scaled(grey, shorter)
        wide = rng.uniform(0.9, 1.1)
        size = max(SIDE + 1, round(width * wide)), max(SIDE + 1, round(height / wide))
        plane = np.asarray(grey.resize(size, Image.Resampling.BOX), np.float32)
        good = qualities(plane) >= LEAST_QUALITY
        places = np.flatnonzero(good)
        for begin in range(0, windows if len(places) else 0, AT_ONCE):
            some = places[rng.integers(0, len(places), min(AT_ONCE, windows - begin))]
            parts.append(hashed(every(plane)[np.unravel_index(some, good.shape)]))
    return np.concatenate((np.empty((0, 4), np.uint64), *parts))


def scaled(image: Image.Image, shorter: float) -> tuple[int, int]:
    scale = shorter / min(image.size)
    return round(image.width * scale), round(image.height * scale)


def every(plane: np.ndarray) -> np.ndarray:
    """(h, w, 64, 64) all windows of a plane, without copying."""
    return np.lib.stride_tricks.sliding_window_view(plane, (SIDE, SIDE))


def qualities(plane: np.ndarray) -> np.ndarray:
    """(h, w) PDQ's quality of each window, from sums over rectangles."""
    total = np.zeros((len(plane) - SIDE + 1, plane.shape[1] - SIDE + 1), np.int32)
    for axis, shape in ((0, (SIDE - 1, SIDE)), (1, (SIDE, SIDE - 1))):
        steps = np.abs(np.diff(plane, axis=axis)) * np.float32(100) / np.float32(255)
        sums = np.pad(steps.astype(np.int32).cumsum(0, np.int32).cumsum(1, np.int32), ((1, 0), (1, 0)))
        tall = sums[shape[0] :] - sums[: -shape[0]]
        total += tall[:, shape[1] :] - tall[:, : -shape[1]]
    return np.minimum(total // 90, 100)


def hashed(windows: np.ndarray) -> np.ndarray:
    """(n, 4) hashes of (n, 64, 64) windows: bit for bit what `pdq` gives but for ties of rounding."""
    rows = (windows.reshape(-1, SIDE) @ COSINES.T).reshape(-1, SIDE, len(COSINES))
    flat = np.matmul(COSINES, rows).reshape(len(windows), 256)
    above = flat > np.partition(flat, 127, axis=1)[:, 127:128]
    return np.packbits(above[:, ::-1], axis=1).view(">u8").astype(np.uint64)


def agreement(count: int = 300) -> float:
    """Share of windows whose hash is that of `pdq` itself and whose quality is too."""
    alike = []
    rng = np.random.default_rng(0)
    paths = files()
    for path in paths[:: max(1, len(paths) // 6)]:
        with Image.open(path) as image:
            plane = np.asarray(image.convert("L").resize((400, 300)), np.uint8)
        points, codes = qualities(plane.astype(np.float32)), every(plane)
        for top, left in rng.integers(0, points.shape, (count // 6, 2)):
            own = pdq(np.ascontiguousarray(codes[top, left]))
            same = (hashed(codes[top : top + 1, left].astype(np.float32))[0] == own.words).all()
            alike.append(same and points[top, left] == own.quality)
    return float(np.mean(alike))


if __name__ == "__main__":
    print(len(files()), agreement(), len(crops(int(float(sys.argv[1])), 11)))

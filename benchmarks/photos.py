"""Everyday photos for the picture benchmarks, and drawn ones where there are none.

HAVENWALL_PHOTOS names a cache folder. The first time, wallpaper packages of Debian are downloaded into it
(freely licensed: GPL-2+, CC-BY, CC-BY-SA); any photo put there counts too.
"""

from __future__ import annotations

import os
import subprocess
from collections.abc import Iterator
from pathlib import Path

import numpy as np
from PIL import Image

from havenwall.match.image import LEAST_QUALITY, codes_of, dihedral, distances

PACKAGES = (
    "plasma-workspace-wallpapers",
    "gnome-backgrounds",
    "mate-backgrounds",
    "ukui-wallpapers",
    "lomiri-wallpapers-20.04",
)
SIDE = 800
TILES = 8
APART = 60
"""Two pictures whose hashes, in any position, are nearer than this count as one and the same."""


def photos(most: int) -> list[Image.Image]:
    """Up to `most` RGB pictures of at most 800 pixels a side, none like another, none plain."""
    found: list[Image.Image] = []
    known = np.zeros((0, 4), np.uint64)
    for image in _candidates():
        ways = list(dihedral(np.ascontiguousarray(image)).values())
        if ways[0].quality < LEAST_QUALITY:
            continue
        codes = codes_of(way.value for way in ways)
        if len(known) and min(int(distances(code, known).min()) for code in codes) < APART:
            continue
        known = np.concatenate((known, codes[:1]))
        found.append(image)
        if len(found) == most:
            break
    return found


def _candidates() -> Iterator[Image.Image]:
    files = photo_files()
    for path in files:
        with Image.open(path) as image:
            image.draft("RGB", (4 * SIDE, 4 * SIDE))
            whole = image.convert("RGB")
        small = whole.copy()
        small.thumbnail((SIDE, SIDE))
        yield small
        yield from _tiles(whole)
    seed = 0
    while not files:
        seed += 1
        yield drawn(seed)


def _tiles(whole: Image.Image) -> Iterator[Image.Image]:
    rng = np.random.default_rng(9)
    width, height = whole.size
    for _ in range(TILES if min(whole.size) > 2 * SIDE else 0):
        left, top = int(rng.integers(0, width - SIDE)), int(rng.integers(0, height - 600))
        yield whole.crop((left, top, left + SIDE, top + 600))


def photo_files() -> list[Path]:
    """Photos in the cache folder, filling it when it is empty."""
    named = os.environ.get("HAVENWALL_PHOTOS")
    if not named:
        return []
    folder = Path(named)
    folder.mkdir(parents=True, exist_ok=True)
    if not (found := _pictures(folder)):
        subprocess.run(["apt-get", "download", *PACKAGES], cwd=folder, check=True)
        for package in folder.glob("*.deb"):
            subprocess.run(["dpkg-deb", "-x", package, folder / "x"], check=True)
        found = _pictures(folder)
    return found


def _pictures(folder: Path) -> list[Path]:
    kinds = {".jpg", ".jpeg", ".png", ".webp"}
    return sorted(
        path
        for path in folder.rglob("*")
        if path.suffix.lower() in kinds and path.is_file() and path.stat().st_size > 150_000
    )


def drawn(seed: int) -> Image.Image:
    """A picture with detail of every size, as photos have: random grids drawn out and added."""
    rng = np.random.default_rng(seed)
    total = np.zeros((600, SIDE, 3))
    for fine in (3, 6, 12, 25, 50, 100):
        grid = Image.fromarray(rng.integers(0, 256, (fine, fine, 3), dtype=np.uint8))
        total += np.asarray(grid.resize((SIDE, 600), Image.Resampling.BICUBIC), float) / fine**0.7
    low, high = total.min(), total.max()
    return Image.fromarray(((total - low) / (high - low) * 255).astype(np.uint8))

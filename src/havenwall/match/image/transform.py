"""Frequencies, quality and bits of the 64 × 64 picture, and how far rounding can carry each.

A bit says whether a frequency is above the median one. It is certain when the values on both sides of the
median lie further apart than rounding can move them.
"""

from __future__ import annotations

from functools import lru_cache
from typing import Final

import numpy as np
from numpy.typing import NDArray

from havenwall.match.image.shrink import SIDE, Plane

KEPT: Final = 16
HIGHEST_QUALITY: Final = 100
_PER_QUALITY_POINT: Final = 90


def _basis() -> Plane:
    frequency, pixel = np.arange(1, KEPT + 1)[:, None], np.arange(SIDE)[None]
    scale = np.float32(np.sqrt(2 / SIDE))
    basis = (float(scale) * np.cos(np.pi / 2 / SIDE * frequency * (2 * pixel + 1))).astype(np.float32)
    basis.setflags(write=False)
    return basis


COSINES: Final = _basis()
"""Rows 1 to 16 of the 64-point cosine transform; (16, 64). Row 0, the mean, is left out."""


def cosines(small: Plane) -> Plane:
    """The 16 × 16 lowest frequencies of (64, 64)."""
    return np.asarray(COSINES @ small @ COSINES.T, np.float32)


@lru_cache(maxsize=512)
def slack(longest: int, brightest: float = 255.0) -> tuple[float, Plane]:
    """How far rounding moves a pixel of the 64 × 64 picture, and each frequency; a number and (16, 16).

    The reference keeps a running sum along each line, so its error grows with the root of the length and
    shows in the lowest frequencies of either axis most. The shape and twice the height of the largest errors
    seen on photos, noise and drawings with a side above 128 pixels.

    Args:
        longest: the longer side in pixels.
        brightest: the largest luma.
    """
    unit = float(np.sqrt(longest)) * brightest / 255
    down, across = np.arange(1, KEPT + 1)[:, None], np.arange(1, KEPT + 1)[None]
    shape = 1e-3 / across**3 + 3e-4 / down**3 + 6e-4 / (down + across)
    within = (shape * unit).astype(np.float32)
    within.setflags(write=False)
    return 6e-5 * unit, within


def quality(small: Plane, within: float) -> int | None:
    """0 … 100 from the steps between neighbours of (64, 64); None when roundings of `within` change it."""
    steps = np.concatenate(((small[:-1] - small[1:]).ravel(), (small[:, :-1] - small[:, 1:]).ravel()))
    strength = np.abs(steps * np.float32(100) / np.float32(255))
    least = _points(strength - np.float32(within * 200 / 255))
    most = _points(strength + np.float32(within * 200 / 255)) if within else least
    return least if least == most else None


def _points(strength: Plane) -> int:
    return min(int(np.maximum(strength, 0).astype(np.int64).sum()) // _PER_QUALITY_POINT, HIGHEST_QUALITY)


def bits(frequencies: Plane, within: Plane | None = None) -> NDArray[np.bool_] | None:
    """Which of (16, 16) are above the lower median; (256,).

    None when values on both sides of the median come closer than the roundings `within`, (16, 16), allow.
    """
    flat = frequencies.ravel()
    middle = flat.size // 2
    above = flat > np.partition(flat, middle - 1)[middle - 1]
    if within is None:
        return above
    reach = np.abs(within).ravel()
    certain = above.any() and (flat + reach)[~above].max() < (flat - reach)[above].min()
    return above if certain else None

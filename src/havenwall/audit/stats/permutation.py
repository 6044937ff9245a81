"""The paired sign-flip test: could arms that do not differ give this difference?"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

_EXACT_UP_TO = 12
"""Up to this many units all sign patterns are enumerated (4,096)."""
_BLOCK = 2_000_000
"""Random signs held at once: 16 MB."""
_SLACK = 1e-9
"""Sums of the same numbers in another order differ in the last bits; equal patterns must count."""


def sign_flip_p(differences: NDArray[np.float64], rng: np.random.Generator, draws: int = 9_999) -> float:
    """Two-sided p of paired differences (units,) under sign flips, for the mean.

    Give platforms' mean differences to ask about other platforms, accounts' to ask about these.
    All patterns are tried up to twelve units, so the smallest possible p is 2 ** (1 - units). Beyond,
    `draws` random patterns and (1 + hits) / (1 + draws), which is never zero: Phipson and Smyth,
    Permutation P-values Should Never Be Zero (2010).
    """
    if differences.size <= _EXACT_UP_TO:
        signs = _all_signs(differences.size)
        return _hits(signs, differences) / len(signs)
    step = max(1, _BLOCK // differences.size)
    sizes = [min(step, draws - at) for at in range(0, draws, step)]
    hits = sum(_hits(_some_signs(size, differences.size, rng), differences) for size in sizes)
    return (1 + hits) / (1 + draws)


def _hits(signs: NDArray[np.float64], differences: NDArray[np.float64]) -> int:
    return int((np.abs(signs @ differences) >= abs(float(differences.sum())) - _SLACK).sum())


def _all_signs(units: int) -> NDArray[np.float64]:
    bits = (np.arange(2**units)[:, None] >> np.arange(units)) & 1
    return (bits * 2 - 1).astype(np.float64)


def _some_signs(patterns: int, units: int, rng: np.random.Generator) -> NDArray[np.float64]:
    packed = rng.integers(256, size=(patterns, -(-units // 8)), dtype=np.uint8)
    bits = np.unpackbits(packed, axis=1, count=units)
    return bits.astype(np.float64) * 2 - 1

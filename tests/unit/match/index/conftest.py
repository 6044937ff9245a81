"""Hashes to search: spread out, crowded together, and the same again."""

from __future__ import annotations

import numpy as np
import pytest


def flipped(codes: np.ndarray, counts: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """Each code with so many different bits turned."""
    order = rng.random((len(codes), 256)).argsort(axis=1)
    turn = order < np.asarray(counts)[:, None]
    return codes ^ np.packbits(turn, axis=1).view(">u8").astype(np.uint64)


@pytest.fixture(scope="session")
def crowd() -> np.ndarray:
    """(4000, 4): half spread out, a quarter within 40 bits of 5 centres, a quarter of only 3 codes."""
    rng = np.random.default_rng(5)
    spread = rng.integers(0, 1 << 64, (2000, 4), dtype=np.uint64)
    near = flipped(np.tile(spread[:5], (200, 1)), rng.integers(0, 41, 1000), rng)
    return rng.permutation(np.concatenate((spread, near, np.tile(spread[10:14], (250, 1)))))

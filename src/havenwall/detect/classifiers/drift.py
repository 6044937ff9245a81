"""Whether a classifier gives other scores than when it was calibrated."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable
from typing import Final

import numpy as np
from numpy.typing import NDArray

WINDOW: Final = 2_000
"""Newest scores that are compared."""
ALARM: Final = 0.25
"""PSI from which a distribution has shifted for sure, by the usual rule of thumb (below .1 it has not)."""
_BINS: Final = 10
_LEAST: Final = 500
"""Scores before anything is said: the noise of the index is about bins / scores."""
_FLOOR: Final = 1e-3
"""Least share of a bin: an empty one must not make the index infinite."""


class Drift:
    """Population stability index of the newest scores against those of the labelled file."""

    def __init__(self, reference: NDArray[np.float64], window: int = WINDOW) -> None:
        edges = np.unique(np.quantile(reference, np.linspace(0, 1, _BINS + 1)[1:-1]))
        self._edges = edges
        self._expected = self._shares(reference)
        self._newest: deque[float] = deque(maxlen=window)

    def add(self, scores: Iterable[float]) -> None:
        """Take in new scores."""
        self._newest.extend(scores)

    @property
    def psi(self) -> float | None:
        """The index, 0 for no shift; None while there are too few scores."""
        if len(self._newest) < _LEAST:
            return None
        # Another thread may add meanwhile: a copy is made in one go.
        seen = self._shares(np.array(self._newest.copy()))
        return float(((seen - self._expected) * np.log(seen / self._expected)).sum())

    def _shares(self, scores: NDArray[np.float64]) -> NDArray[np.float64]:
        places = np.searchsorted(self._edges, scores, side="right")
        shares = np.bincount(places, minlength=len(self._edges) + 1) / len(scores)
        return np.maximum(shares, _FLOOR)

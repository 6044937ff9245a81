"""`njit`, or a stand-in without numba: the same loops interpreted, slower and with the same answers."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

try:
    from numba import njit
except ImportError:  # pragma: no cover
    import numpy as np

    def njit(**options: Any) -> Callable[[Any], Any]:
        """Leave the function as it is, but let numbers wrap around in silence as compiled ones do."""
        return np.errstate(over="ignore")


__all__ = ["njit"]

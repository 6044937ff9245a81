"""How compiled loops are run: on all cores, with arrays they need no second compilation for."""

from __future__ import annotations

import os
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any, TypeVar

import numpy as np
from numpy.typing import NDArray

Scalar = TypeVar("Scalar", bound=np.generic)

_SMALL = 2**15
"""Less work than this is done sooner than threads are started."""
_TURNS = 4
"""Spans for each core, so that one that has the busier rows does not hold up the others."""


def on_all_cores(work: Callable[[int, int], None], size: int, cost: int) -> None:
    """Call `work(begin, end)` for spans that make up 0..size-1, side by side in threads.

    Plain threads over loops that let go of Python's lock; numba's own would not survive a fork under GNU
    OpenMP, nor two callers at once without it.

    Args:
        work: writes nothing that another span reads.
        size: end of the last span.
        cost: about how many steps there are in all; a few are not worth a thread.
    """
    cores = os.cpu_count() or 1
    spans = min(size, cores * _TURNS) if cost > _SMALL and cores > 1 else 1
    if spans <= 1:
        work(0, size)
        return
    edges = [size * span // spans for span in range(spans + 1)]
    with ThreadPoolExecutor(cores) as pool:
        list(pool.map(work, edges[:-1], edges[1:]))


def sealed(array: NDArray[Any], kind: type[Scalar]) -> NDArray[Scalar]:
    """The array read-only, contiguous and of a type; copied only where it is not so already.

    Numba compiles a loop anew for every mix of writable and read-only arguments; inputs given like this,
    memory maps among them, need it once.
    """
    view = np.ascontiguousarray(array, kind).view(np.ndarray)[:]
    view.flags.writeable = False
    return view

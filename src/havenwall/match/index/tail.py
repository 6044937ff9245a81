"""Looking at every hash: right for the newest few thousand, which have no tables yet."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from havenwall.match.index.codes import Codes
from havenwall.match.index.kernels import COMPILED, scan_compiled
from havenwall.match.index.search import scan_numpy


def scan(codes: Codes, queries: Codes, radius: int) -> NDArray[np.int64]:
    """(k, 3) int64: number of the query, place of the hash, distance, for every pair within `radius` bits.

    `codes` (n, 4) and `queries` (q, 4) uint64. Rows rise by query, then place.
    """
    if COMPILED:
        return scan_compiled(codes, queries, radius)
    return scan_numpy(codes, queries, radius)

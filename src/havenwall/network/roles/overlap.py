"""Counts over the accounts that follow an account and are followed by it."""

from __future__ import annotations

import numpy as np
from numba import njit
from numpy.typing import NDArray

from havenwall.network.graph import Csr

FloatArray = NDArray[np.float32]


def mutual_sums(to: Csr, by: Csr, values: FloatArray) -> FloatArray:
    """(rows, f) for each row the sum of `values` (columns, f) over the columns that both matrices have there.

    With `to` the follows and `by` the followers of some accounts these are sums over mutual follows.
    """
    out = np.zeros((to.rows, values.shape[1]), np.float32)
    _mutual(to.indptr, to.indices, by.indptr, by.indices, np.ascontiguousarray(values, np.float32), out)
    return out


@njit(cache=True, nogil=True)
def _mutual(to_at, to, by_at, by, values, out):  # type: ignore[no-untyped-def]
    for row in range(len(to_at) - 1):
        left, right = to_at[row], by_at[row]
        while left < to_at[row + 1] and right < by_at[row + 1]:
            one, other = to[left], by[right]
            if one == other:
                for column in range(values.shape[1]):
                    out[row, column] += values[one, column]
            left += one <= other
            right += other <= one

"""Bottom-k samples of sets, weighted by rarity: a few dozen numbers that tell how alike two large sets are.

Each element gets one random rank, exponential with its weight as the rate, the same in every set; a sketch
keeps the k elements of lowest rank. Like sets therefore keep like elements, and an element of weight 0, such
as a celebrity, is never kept. From two sketches the weighted Jaccard similarity and the shared weight are
estimated without seeing the sets again (E. Cohen, H. Kaplan: Summarizing data using bottom-k sketches, PODC
2007; rank conditioning estimator). Sets no larger than k are kept whole, so for the small it is exact.

A banded MinHash finds only pairs whose Jaccard similarity is high; an account that came back yesterday has
five followers where its former had three hundred. Elements kept by both sides find that pair too.
"""

from __future__ import annotations

from functools import cached_property

import msgspec
import numpy as np
from numba import njit
from numpy.typing import NDArray

from havenwall.errors import BadConfig, BadGraph
from havenwall.network.graph import Csr

Rows = NDArray[np.int64]
Values = NDArray[np.float64]


class Sketch(msgspec.Struct, frozen=True, eq=False, dict=True):
    """Samples of the sets that are the rows of a matrix."""

    indptr: Rows
    """(rows + 1,) bounds of each row's sample."""
    elements: NDArray[np.uint32]
    """(kept,) the elements, ascending within a row, at most `size` of them."""
    ranks: Values
    """(kept,) their ranks."""
    bound: Values
    """(rows,) lowest rank that was not kept; infinite where the whole set was kept."""
    weight: Values
    """(columns,) weight of each element."""
    size: int
    """At most this many elements of a set are kept."""

    @property
    def rows(self) -> int:
        """How many sets there are."""
        return len(self.indptr) - 1

    @cached_property
    def holders(self) -> Csr:
        """(columns, rows) in whose sample each element is."""
        return Csr(self.indptr, self.elements, len(self.weight)).flipped


def rarity(sets: Csr, hub: int) -> Values:
    """(columns,) weight of each element: log of `hub` / sets that have it; 0 from `hub` sets on, or for none.

    What half a platform shares says nothing. This is the usual weight of a term in a document (K. Spärck
    Jones, 1972) with the number of documents replaced by that of a hub: it falls to 0 without a jump, and
    does not change when the platform grows elsewhere.

    Raises:
        BadConfig: `hub` is below 3: nothing that two share could count.
    """
    if hub < 3:
        raise BadConfig("what two sets share would not count", field="hub", hint="use 3 or more")
    count = np.bincount(sets.indices, minlength=sets.columns)
    return np.where(count > 0, np.log(np.maximum(hub / np.maximum(count, 1), 1)), 0.0)


def sketch(sets: Csr, weight: Values, size: int = 64, salt: int = 0) -> Sketch:
    """Sample every row of a matrix.

    Args:
        sets: (rows, columns).
        weight: (columns,) weight of each element, 0 or more; elements of weight 0 are left out.
        size: elements to keep per row; the standard error of an estimate is about 1 / sqrt(size).
        salt: another salt draws other ranks; only sketches of the same salt and weights can be compared.

    Raises:
        BadGraph: not one weight per column, or one below 0.
        BadConfig: size below 1.
    """
    if len(weight) != sets.columns or (len(weight) and weight.min() < 0):
        raise BadGraph("needs a weight of 0 or more for each column", field="weight")
    if size < 1:
        raise BadConfig("must be 1 or more", field="size")
    rank = ranks(weight, salt)
    indptr, elements, kept, bound = _smallest(sets.indptr, sets.indices, rank, size)
    return Sketch(indptr, elements, kept, bound, weight, size)


def ranks(weight: Values, salt: int = 0) -> Values:
    """(columns,) the rank of each element: exponential with rate `weight`; infinite for weight 0."""
    with np.errstate(divide="ignore"):
        return -np.log(_uniform(len(weight), salt)) / weight


def jaccard(left: Sketch, right: Sketch, pairs: Rows) -> tuple[Values, Values]:
    """Estimate how alike sets are.

    Args:
        left: sketches of some sets.
        right: sketches of others, with the same weights and salt.
        pairs: (m, 2) row of `left`, row of `right`.

    Returns:
        (m,) weighted Jaccard similarity, 0..1, and (m,) weight of the shared elements.

    Raises:
        BadGraph: the sketches are of different weights.
    """
    if len(left.weight) != len(right.weight):
        raise BadGraph("sketches of different columns", field="sketch")
    shared, union = _estimate(
        *(left.indptr, left.elements, left.ranks, left.bound),
        *(right.indptr, right.elements, right.ranks, right.bound),
        *(left.weight, np.asarray(pairs, np.int64)),
    )
    return np.divide(shared, union, out=np.zeros(len(pairs)), where=union > 0), shared


def _uniform(count: int, salt: int) -> Values:
    """(count,) a fixed pseudo-random number in (0, 1) for each number below `count`: SplitMix64's mixer."""
    with np.errstate(over="ignore"):
        x = np.arange(1, count + 1, dtype=np.uint64) + np.uint64(salt) * np.uint64(0xD1B54A32D192ED03)
        x *= np.uint64(0x9E3779B97F4A7C15)
        x = (x ^ (x >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
        x = (x ^ (x >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
        x ^= x >> np.uint64(31)
    return ((x >> np.uint64(11)).astype(np.float64) + 0.5) * 2.0**-53


@njit(cache=True, nogil=True)
def _smallest(indptr, indices, rank, size):  # type: ignore[no-untyped-def]
    rows = len(indptr) - 1
    bounds, bound = np.zeros(rows + 1, np.int64), np.full(rows, np.inf)
    elements, kept = np.empty(len(indices), np.uint32), np.empty(len(indices))
    drawn = np.empty(np.max(np.diff(indptr)) if rows else 0)
    place = 0
    for row in range(rows):
        count = 0
        for at in range(indptr[row], indptr[row + 1]):
            if rank[indices[at]] < np.inf:
                drawn[count] = rank[indices[at]]
                count += 1
        if count > size:
            bound[row] = np.partition(drawn[:count], size)[size]
        for at in range(indptr[row], indptr[row + 1]):
            if rank[indices[at]] < bound[row]:
                elements[place], kept[place] = indices[at], rank[indices[at]]
                place += 1
        bounds[row + 1] = place
    return bounds, elements[:place].copy(), kept[:place].copy(), bound


@njit(cache=True, nogil=True)
def _estimate(bounds, items, ranks, bound, bounds2, items2, ranks2, bound2, weight, pairs):  # type: ignore[no-untyped-def]
    shared, union = np.zeros(len(pairs)), np.zeros(len(pairs))
    for k in range(len(pairs)):
        i, j = pairs[k]
        # Below both bounds each sketch holds all there is, so presence and absence are certain.
        limit = min(bound[i], bound2[j])
        a, b = bounds[i], bounds2[j]
        while a < bounds[i + 1] or b < bounds2[j + 1]:
            left = b == bounds2[j + 1] or (a < bounds[i + 1] and items[a] <= items2[b])
            right = a == bounds[i + 1] or (b < bounds2[j + 1] and items2[b] <= items[a])
            element = items[a] if left else items2[b]
            rank = ranks[a] if left else ranks2[b]
            a, b = a + left, b + right
            if rank < limit:
                part = weight[element] / -np.expm1(-weight[element] * limit)
                union[k] += part
                if left and right:
                    shared[k] += part
    return shared, union

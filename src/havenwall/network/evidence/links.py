"""The matrices that features share, each made when first asked for."""

from __future__ import annotations

from functools import cached_property

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array, diags_array

from havenwall.model import LinkKind
from havenwall.network.graph import Csr, Graph, from_pairs
from havenwall.network.walk import Direction, pagerank

FloatArray = NDArray[np.float32]
IntArray = NDArray[np.int64]


class Links:
    """A graph's ties, by who acts and who is acted upon."""

    def __init__(self, graph: Graph, hub: int, arriving: FloatArray | None = None) -> None:
        self.graph = graph
        self.hub = hub
        self.arriving = arriving
        """(n,) factor on what a walk carries to an account; None for 1 everywhere."""

    @property
    def n(self) -> int:
        """How many accounts there are."""
        return self.graph.n

    @property
    def along(self) -> Csr:
        """(n, n) follower by followed."""
        return self.graph.follows

    @property
    def against(self) -> Csr:
        """(n, n) followed by follower."""
        return self.graph.follows.flipped

    @cached_property
    def mutual(self) -> Csr:
        """(n, n) where both follow each other."""
        forth, back = self.along.sources(), self.along.indices.astype(np.int64)
        both = np.intersect1d(forth * self.n + back, back * self.n + forth, assume_unique=True)
        return from_pairs(both // self.n, both % self.n, (self.n, self.n))

    @cached_property
    def either(self) -> Csr:
        """(n, n) where one follows the other."""
        forth, back = self.along.sources(), self.along.indices
        pairs = np.concatenate([forth, back]), np.concatenate([back, forth])
        return from_pairs(*pairs, (self.n, self.n))

    @cached_property
    def following(self) -> FloatArray:
        """(n, 1) how many each account follows."""
        return self.along.degree.astype(np.float32)[:, None]

    @cached_property
    def followers(self) -> FloatArray:
        """(n, 1) how many follow each account."""
        return self.against.degree.astype(np.float32)[:, None]

    @cached_property
    def selective(self) -> FloatArray:
        """(n, 1) 1 for accounts that follow few enough to say something by it."""
        return (self.following <= self.hub).astype(np.float32)

    @cached_property
    def ordinary(self) -> FloatArray:
        """(n, 1) 1 for accounts that few enough follow."""
        return (self.followers <= self.hub).astype(np.float32)

    @cached_property
    def closed(self) -> csr_array:
        """(n, n) ties weighted by the number of neighbours both ends share, hubs not counted."""
        either = as_scipy(self.either)
        few = (self.either.degree <= self.hub).astype(np.float32)
        near = (either @ diags_array(few)).tocsr()
        return (near @ near.T).multiply(either).tocsr()

    def things(self, kind: LinkKind) -> Csr:
        """(n, t) who uses which thing of a kind; no columns if there are none."""
        return self.graph.uses.get(kind) or Csr(np.zeros(self.n + 1, np.int64), np.empty(0, np.uint32), 0)

    def walk(self, direction: Direction, seeds: FloatArray) -> FloatArray:
        """(n, f) PageRank times n: 1 is the share of an account that the walk has no preference for."""
        return self.n * pagerank(self.along, seeds, direction, arriving=self.arriving)


def as_scipy(matrix: Csr) -> csr_array:
    """The matrix as scipy knows it, ones as float32."""
    ones = np.ones(matrix.links, np.float32)
    return csr_array(
        (ones, matrix.indices.astype(np.int64), matrix.indptr), shape=(matrix.rows, matrix.columns)
    )

import numpy as np
import pytest
from scipy.sparse import csr_array, diags_array

from havenwall.network.graph import from_edges
from havenwall.network.walk import Direction


@pytest.fixture(scope="session")
def graph():
    """40 accounts; 3 follow nobody, 2 are followed by nobody, account 7 has no link at all."""
    rng = np.random.default_rng(1)
    src, dst = rng.integers(0, 37, 260), rng.integers(2, 40, 260)
    kept = (src != 7) & (dst != 7)
    return from_edges(src[kept], dst[kept], 40)


@pytest.fixture(scope="session")
def moves():
    """A function of follows and a direction: the (n, n) column-stochastic step of the walk, float64.

    Columns of accounts without a way on are zero.
    """

    def step(follows, direction):
        shape = (follows.rows, follows.columns)
        matrix = csr_array((np.ones(follows.links), follows.indices.astype(np.int64), follows.indptr), shape)
        oriented = {
            Direction.ALONG: matrix,
            Direction.AGAINST: matrix.T,
            Direction.SYMMETRIC: matrix + matrix.T,
        }[direction].tocsr()
        return (diags_array(1 / np.maximum(oriented.sum(axis=1), 1)) @ oriented).T.tocsr()

    return step


@pytest.fixture(scope="session")
def ends(moves):
    """A function: (n, n) where a walker that ends with chance `teleport` ends (rows), by seed (columns)."""

    def solve(follows, direction, teleport):
        unit = np.eye(follows.rows)
        return teleport * np.linalg.inv(unit - (1 - teleport) * moves(follows, direction).toarray())

    return solve

import numpy as np
import pytest

from havenwall.network import from_edges


@pytest.fixture(scope="session")
def planted():
    """A graph of 1,200 accounts, and the rows of 120 that follow each other more than others do."""
    rng = np.random.default_rng(0)
    n, members = 1200, 120
    rows = rng.permutation(n)[:members]
    src = np.concatenate([rng.integers(0, n, 12 * n), rng.choice(rows, 10 * members)])
    dst = np.concatenate([rng.integers(0, n, 12 * n), rng.choice(rows, 10 * members)])
    return from_edges(src, dst, n, names=[f"account:{row:05}" for row in range(n)]), rows

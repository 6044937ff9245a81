import numpy as np
import pytest

from havenwall.model import LinkKind
from havenwall.network.graph import Graph, Names, from_pairs


@pytest.fixture(scope="session")
def small():
    """A function of a seed: a dated graph of 9 accounts with follows, likes and tags; 2 accounts are bare."""

    def make(seed=0):
        rng = np.random.default_rng(seed)
        names = Names.from_list([f"account:{row}" for row in range(9)])
        tags = Names.from_list([f"tag:{row}" for row in range(4)])

        def pairs(m, columns, **more):
            since = rng.integers(1_000, 2_000, m)
            shape = (9, columns)
            return from_pairs(
                rng.integers(0, 7, m), rng.integers(0, min(columns, 7), m), shape, since=since, **more
            )

        between = {kind: pairs(m, 9, loops=False) for kind, m in ((LinkKind.FOLLOW, 18), (LinkKind.LIKE, 6))}
        return Graph(names, between, {LinkKind.TAG_USE: pairs(10, 4)}, {LinkKind.TAG_USE: tags})

    return make

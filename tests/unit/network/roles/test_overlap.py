import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from havenwall.network.graph import from_pairs
from havenwall.network.roles.overlap import mutual_sums

EDGES = st.lists(st.tuples(st.integers(0, 11), st.integers(0, 11)), max_size=80)


@settings(max_examples=50)
@given(edges=EDGES, rows=st.lists(st.integers(0, 11), max_size=5))
def test_equals_the_dense_product(edges, rows):
    src, dst = np.array(edges, dtype=int).reshape(-1, 2).T
    follows = from_pairs(src, dst, (12, 12), loops=False)
    dense = np.zeros((12, 12))
    dense[src, dst] = 1
    np.fill_diagonal(dense, 0)
    values = np.arange(24, dtype=np.float32).reshape(12, 2)
    wanted = (dense * dense.T)[rows] @ values
    some = np.array(rows, np.int64)
    assert np.allclose(mutual_sums(follows.take(some), follows.flipped.take(some), values), wanted)

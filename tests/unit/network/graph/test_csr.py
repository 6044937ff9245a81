import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.sparse import coo_array

from havenwall.errors import BadGraph
from havenwall.network.graph import Csr, beside, flip, from_pairs, union


def dense(matrix):
    out = np.zeros((matrix.rows, matrix.columns), int)
    out[matrix.sources(), matrix.indices] = 1
    return out


def dates(matrix):
    pairs = zip(matrix.sources().tolist(), matrix.indices.tolist(), strict=True)
    return dict(zip(pairs, matrix.since.tolist(), strict=True))


@st.composite
def dated_pairs(draw):
    shape = draw(st.tuples(st.integers(1, 9), st.integers(1, 9)))
    pair = st.tuples(st.integers(0, shape[0] - 1), st.integers(0, shape[1] - 1), st.integers(0, 3))
    return shape, np.array(draw(st.lists(pair, max_size=40)), np.int64).reshape(-1, 3)


@settings(max_examples=60)
@given(case=dated_pairs(), loops=st.booleans())
def test_small_matrices_are_those_of_a_dictionary(case, loops):
    shape, pairs = case
    expected = {}
    for row, column, when in pairs.tolist():
        if loops or row != column:
            known = [w for w in (expected.get((row, column), 0), when) if w]
            expected[row, column] = min(known, default=0)
    matrix = from_pairs(pairs[:, 0], pairs[:, 1], shape, since=pairs[:, 2], loops=loops)
    assert dates(matrix) == expected
    assert list(dates(matrix)) == sorted(expected)
    assert dates(flip(matrix)) == {(column, row): when for (row, column), when in expected.items()}


@pytest.mark.parametrize("links", [10, 200_000])
@pytest.mark.parametrize("shape", [(1, 1), (3, 70_000), (70_000, 3), (5000, 6000)])
def test_matrices_are_those_of_scipy(links, shape):
    rng = np.random.default_rng(links)
    # Squares of uniform numbers give a few busy rows and many that are nearly empty.
    rows, columns = (np.int64(rng.random(links) ** 2 * size) for size in shape)
    peer = coo_array((np.ones(links), (rows, columns)), shape=shape).tocsr()
    matrix = from_pairs(rows, columns, shape)
    assert np.array_equal(matrix.indptr, peer.indptr)
    assert np.array_equal(matrix.indices, peer.indices)
    back = peer.T.tocsr()
    back.sort_indices()
    assert np.array_equal(matrix.flipped.indptr, back.indptr)
    assert np.array_equal(matrix.flipped.indices, back.indices)
    values = rng.random((shape[1], 3)).astype(np.float32)
    peer.data[:] = 1
    for width in (1, 3):
        assert np.allclose(matrix.gather(values[:, :width]), peer @ values[:, :width], rtol=1e-4)


def test_dates_of_a_large_matrix_follow_their_ties():
    rng = np.random.default_rng(1)
    rows, columns = rng.integers(0, 3000, (2, 150_000))
    when = rng.integers(1, 2**32, 150_000)
    matrix = from_pairs(rows, columns, (3000, 3000), since=when)
    first = {}
    for pair, at in zip(zip(rows.tolist(), columns.tolist(), strict=True), when.tolist(), strict=True):
        first[pair] = min(at, first.get(pair, at))
    assert dates(matrix) == first
    assert dates(matrix.flipped) == {pair[::-1]: at for pair, at in first.items()}


def test_the_largest_numbers_fit():
    top = 2**32 - 1
    matrix = from_pairs(np.array([1, 1, 0]), np.array([top, 0, top]), (2, 2**32), since=np.array([top, 1, 1]))
    assert matrix.row(0).tolist() == [top]
    assert matrix.row(1).tolist() == [0, top]
    assert matrix.since.tolist() == [1, 1, top]


@pytest.mark.parametrize("shape", [(0, 0), (3, 0), (0, 3), (3, 3)])
def test_nothing_makes_an_empty_matrix(shape):
    none = np.empty(0, np.int64)
    matrix = from_pairs(none, none, shape)
    assert (matrix.rows, matrix.columns, matrix.links) == (*shape, 0)
    assert matrix.gather(np.ones((shape[1], 2), np.float32)).shape == (shape[0], 2)
    assert (matrix.flipped.rows, matrix.flipped.columns) == shape[::-1]


def test_take_gives_rows_in_the_order_asked_for():
    matrix = from_pairs(np.array([0, 2, 2]), np.array([1, 0, 2]), (3, 3), since=np.array([5, 6, 7]))
    taken = matrix.take(np.array([2, 0, 1, 2]))
    assert [taken.row(row).tolist() for row in range(4)] == [[0, 2], [1], [], [0, 2]]
    assert taken.since.tolist() == [6, 7, 5, 6, 7]
    assert taken.degree.tolist() == [2, 1, 0, 2]


def test_union_and_beside():
    left = from_pairs(np.array([0, 1]), np.array([1, 0]), (2, 2), since=np.array([5, 6]))
    right = from_pairs(np.array([0, 0]), np.array([0, 1]), (2, 2), since=np.array([4, 3]))
    undated = Csr(right.indptr, right.indices, 2)
    assert dates(union([left, right], (2, 2))) == {(0, 0): 4, (0, 1): 3, (1, 0): 6}
    assert dates(union([left, undated], (2, 2))) == {(0, 0): 0, (0, 1): 5, (1, 0): 6}
    assert union([undated, undated], (2, 2)).since is None
    assert dates(beside([left, right], 2)) == {(0, 1): 5, (0, 2): 4, (0, 3): 3, (1, 0): 6}
    assert dense(union([], (2, 3))).tolist() == [[0] * 3] * 2
    assert beside([], 4).rows == 4


def test_what_is_given_stays_as_it_is():
    rows, columns = np.array([1, 0, 0], np.uint32), np.array([0, 1, 1], np.uint32)
    when = np.array([3, 2, 1], np.uint32)
    matrix = from_pairs(rows, columns, (2, 2), since=when)
    flip(matrix)
    assert [part.tolist() for part in (rows, columns, when)] == [[1, 0, 0], [0, 1, 1], [3, 2, 1]]
    assert matrix.since.tolist() == [1, 3]


def test_read_only_arrays_will_do():
    rows = np.array([1, 0, 0], np.uint32)
    rows.flags.writeable = False
    matrix = from_pairs(rows, rows[::-1], (2, 2))
    for part in (matrix.indptr, matrix.indices):
        part.flags.writeable = False
    assert matrix.gather(np.array([[1], [10]], np.float32)).tolist() == [[11], [1]]
    assert dense(matrix.flipped).tolist() == dense(matrix).T.tolist()


@pytest.mark.parametrize(
    ("rows", "columns", "since", "message"),
    [
        ([0], [0, 1], None, "1 sources"),
        ([0], [0], [1, 2], "1 sources"),
        ([2], [0], None, r"source outside 0\.\.1"),
        ([0], [3], None, r"target outside 0\.\.2"),
        ([0], [-1], None, "target outside"),
    ],
)
def test_what_is_wrong_is_named(rows, columns, since, message):
    when = None if since is None else np.array(since)
    with pytest.raises(BadGraph, match=message):
        from_pairs(np.array(rows), np.array(columns), (2, 3), since=when)

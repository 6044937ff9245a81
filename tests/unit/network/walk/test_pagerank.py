import numpy as np
import pytest

from havenwall.errors import BadInput
from havenwall.network.graph import from_edges
from havenwall.network.walk import Direction, pagerank

N = 40


def iterated(step, seeds, *, restart=0.15, tol=1e-4, sweeps=60, arriving=1.0):
    """PageRank by scipy as the product had it before: one multiplication per sweep."""
    start = seeds / np.maximum(seeds.sum(axis=0), 1e-12)
    rank = start
    for _ in range(sweeps):
        moved = (1 - restart) * (step @ rank) * np.reshape(arriving, (-1, 1))
        moved += start * (1 - moved.sum(axis=0))
        change = np.abs(moved - rank).sum(axis=0).max(initial=0)
        rank = moved
        if change < tol:
            break
    return rank


def some_seeds(columns, seed=0):
    rng = np.random.default_rng(seed)
    return (rng.random((N, columns)) * (rng.random((N, columns)) < 0.2)).astype(np.float32)


@pytest.mark.parametrize("columns", [1, 2, 4, 5, 16, 17, 35])
@pytest.mark.parametrize("direction", list(Direction))
def test_agrees_with_the_plain_iteration(graph, moves, direction, columns):
    seeds = some_seeds(columns)
    rank = pagerank(graph, seeds, direction, tol=0, sweeps=12)
    wanted = iterated(moves(graph.follows, direction), seeds.astype(float), tol=0, sweeps=12)
    assert rank.shape == (N, columns)
    assert rank.dtype == np.float32
    np.testing.assert_allclose(rank, wanted, atol=1e-6)


@pytest.mark.parametrize("direction", list(Direction))
def test_agrees_with_solving_the_equations(graph, moves, direction):
    start = np.zeros((N, 2), np.float32)
    start[3, 0] = start[[5, 9], 1] = 1
    rank = pagerank(graph, start, direction, tol=1e-9, sweeps=400)
    scaled = start / start.sum(axis=0)
    # Where the walker cannot go on it restarts, which only scales the solution.
    exact = np.linalg.solve(np.eye(N) - 0.85 * moves(graph.follows, direction).toarray(), scaled)
    np.testing.assert_allclose(rank, exact / exact.sum(axis=0), atol=1e-5)


def test_stops_at_the_tolerance_as_the_plain_iteration_does(graph, moves):
    seeds = some_seeds(3)
    rank = pagerank(graph, seeds, Direction.ALONG, tol=1e-3)
    along = moves(graph.follows, Direction.ALONG)
    np.testing.assert_allclose(rank, iterated(along, seeds.astype(float), tol=1e-3), atol=1e-6)
    assert np.abs(rank - iterated(along, seeds.astype(float), tol=1e-12, sweeps=500)).max() > 1e-5


def test_damped_arrivals_send_the_mass_back_to_the_seeds(graph, moves):
    seeds = some_seeds(4)
    seeds[[10, 20, 30]] = 0
    stay = np.ones(N, np.float32)
    stay[[10, 20, 30]] = [0, 0.3, 0.5]
    rank = pagerank(graph, seeds, Direction.ALONG, tol=0, sweeps=20, arriving=stay)
    along = moves(graph.follows, Direction.ALONG)
    wanted = iterated(along, seeds.astype(float), tol=0, sweeps=20, arriving=stay)
    np.testing.assert_allclose(rank, wanted, atol=1e-6)
    np.testing.assert_allclose(rank.sum(axis=0), 1, atol=1e-5)
    assert not rank[10].any()
    freely = pagerank(graph, seeds, Direction.ALONG, tol=0, sweeps=20)
    assert (rank[20] < freely[20]).all()


def test_columns_do_not_disturb_each_other(graph):
    seeds = some_seeds(16)
    together = pagerank(graph, seeds, Direction.SYMMETRIC, tol=0, sweeps=9)
    for column in range(16):
        alone = pagerank(graph, seeds[:, column : column + 1], Direction.SYMMETRIC, tol=0, sweeps=9)
        np.testing.assert_allclose(together[:, column], alone[:, 0], atol=1e-6)


def test_no_seeds_give_zeros_beside_columns_with_seeds(graph):
    seeds = some_seeds(3)
    seeds[:, 1] = 0
    rank = pagerank(graph, seeds, Direction.ALONG)
    assert not rank[:, 1].any()
    np.testing.assert_allclose(rank[:, [0, 2]].sum(axis=0), 1, atol=1e-5)
    assert not pagerank(graph, np.zeros((N, 1), np.float32), Direction.ALONG).any()
    assert pagerank(graph, np.zeros((N, 0), np.float32), Direction.ALONG).shape == (N, 0)


def test_a_seed_without_a_way_on_keeps_the_walker():
    graph = from_edges(np.array([0]), np.array([1]), 3)
    seeds = np.array([[0], [0], [1]], np.float32)
    assert pagerank(graph, seeds, Direction.ALONG).tolist() == [[0], [0], [1]]


def test_takes_a_matrix_whose_arrays_are_read_only(graph):
    seeds = some_seeds(2)
    follows = graph.follows
    wanted = pagerank(graph, seeds, Direction.AGAINST)
    follows.indptr.flags.writeable = follows.indices.flags.writeable = False
    assert np.array_equal(pagerank(follows, seeds, Direction.AGAINST), wanted)


def test_wrong_lengths_are_refused(graph):
    with pytest.raises(BadInput, match="seeds: 39 rows for 40 accounts"):
        pagerank(graph, np.ones((39, 1), np.float32), Direction.ALONG)
    with pytest.raises(BadInput, match="arriving: 3 rows"):
        pagerank(graph, some_seeds(1), Direction.ALONG, arriving=np.ones(3, np.float32))


def test_does_not_change_its_input(graph):
    seeds = some_seeds(16)
    kept = seeds.copy()
    pagerank(graph, seeds, Direction.ALONG)
    assert np.array_equal(seeds, kept)

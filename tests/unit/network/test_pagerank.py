import numpy as np
import pytest

from havenwall.network import Direction, from_edges, pagerank, transition


@pytest.mark.parametrize("direction", list(Direction))
def test_agrees_with_solving_the_equations(direction):
    rng = np.random.default_rng(1)
    graph = from_edges(rng.integers(0, 30, 200), rng.integers(0, 30, 200), 30)
    step = transition(graph.follows, direction)
    start = np.zeros((30, 2), np.float32)
    start[3, 0] = start[[5, 7], 1] = 1
    rank = pagerank(step, start, tol=1e-9, sweeps=400)
    scaled = start / start.sum(axis=0)
    # Where the walker cannot go on it restarts, which only scales the solution.
    exact = np.linalg.solve(np.eye(30) - 0.85 * step.toarray().astype(float), scaled)
    np.testing.assert_allclose(rank, exact / exact.sum(axis=0), atol=1e-5)


def test_no_seeds_give_zeros():
    graph = from_edges(np.array([0]), np.array([1]), 2)
    rank = pagerank(transition(graph.follows, Direction.ALONG), np.zeros((2, 1), np.float32))
    assert rank.tolist() == [[0], [0]]

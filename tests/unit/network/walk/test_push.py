import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from havenwall.errors import BadInput
from havenwall.network.graph import from_edges, from_pairs
from havenwall.network.walk import Direction, Layer, Push, PushConfig, Ways, pagerank, reverse_push

N = 40
ALONG = Direction.ALONG
CONFIG = PushConfig(teleport=0.3, eps=1e-3)


def dense(local, values, n=N):
    """(n,) the values of a sparse vector's rows, zeros elsewhere."""
    whole = np.zeros(n)
    whole[local.rows] = values
    return whole


def broken(push, moves, follows, direction, n=N):
    """(n,) by how much each account's equation of forward push is off."""
    estimate, residual = dense(push, push.estimates, n), dense(push, push.residuals, n)
    teleport = push.config.teleport
    seed = np.zeros(n)
    seed[push.seed] = 1
    carried = (1 - teleport) * (moves(follows, direction) @ estimate)
    return estimate + teleport * residual - teleport * seed - carried


def pairs(layer, n):
    rows = [layer.row(row) for row in range(n)]
    return np.repeat(np.arange(n), [len(row) for row in rows]), np.concatenate(rows)


def ways_of(follows, direction):
    out, into = follows.degree, follows.flipped.degree
    return {Direction.ALONG: out, Direction.AGAINST: into, Direction.SYMMETRIC: out + into}[direction]


@pytest.mark.parametrize("direction", list(Direction))
def test_falls_short_of_the_exact_values_by_its_residuals(graph, moves, ends, direction):
    ways = Ways.of(graph.follows, direction)
    exact = ends(graph.follows, direction, 0.3)
    ways_on = np.maximum(ways_of(graph.follows, direction), 1)
    for seed in range(N):
        push = Push(ways, seed, CONFIG)
        estimate, residual = dense(push, push.estimates), dense(push, push.residuals)
        np.testing.assert_allclose(exact[:, seed], estimate + exact @ residual, atol=1e-12)
        np.testing.assert_allclose(broken(push, moves, graph.follows, direction), 0, atol=1e-12)
        assert (residual >= 0).all()
        assert (residual <= CONFIG.eps * ways_on).all()
        short = exact[:, seed] - estimate
        assert short.min() > -1e-12
        assert short.sum() <= residual.sum() + 1e-12
        if direction is Direction.SYMMETRIC:
            assert (short <= CONFIG.eps * ways_on + 1e-12).all()
        assert push[seed] == estimate[seed] >= 0.3 * (1 - CONFIG.eps)
    assert Push(ways, 0, CONFIG)[7] == 0


def test_estimates_add_up_to_pagerank_of_all_seeds(graph):
    seeds = [1, 4, 9]
    ways = Ways.of(graph.follows, Direction.ALONG)
    exactly = PushConfig(teleport=0.3, eps=1e-9)
    total = sum(dense(push, push.estimates) for push in (Push(ways, seed, exactly) for seed in seeds))
    start = np.zeros((N, 1), np.float32)
    start[seeds] = 1
    rank = pagerank(graph, start, Direction.ALONG, restart=0.3, tol=1e-9, sweeps=200)[:, 0]
    np.testing.assert_allclose(total / total.sum(), rank, atol=1e-6)


def test_work_does_not_grow_with_the_graph():
    def ring(n):
        at = np.arange(n)
        return Ways.of(from_edges(np.repeat(at, 3), (np.repeat(at, 3) + [1, 2, 3] * n) % n, n).follows, ALONG)

    small, large = (Push(ring(n), 5, CONFIG) for n in (1_000, 100_000))
    assert small.rows.tolist() == large.rows.tolist()
    assert np.array_equal(small.estimates, large.estimates)
    assert large.size == small.size < 100_000


changes = st.lists(
    st.tuples(st.integers(0, 7), st.integers(0, 7)).filter(lambda pair: pair[0] != pair[1]), max_size=30
)


@settings(max_examples=60)
@given(st.sampled_from(list(Direction)), changes, changes)
def test_changes_of_the_graph_keep_the_equation(moves, ends, direction, before, events):
    n = 8
    source, target = np.array(before, np.int64).reshape(-1, 2).T
    base = from_pairs(source, target, (n, n))
    out, into = Layer(base), Layer(base.flipped)
    ways = Ways(out, into, direction)
    pushes = [Push(ways, seed, CONFIG) for seed in (0, 3)]
    for follower, followed in events:
        gone = out.has(follower, followed)
        (out.remove if gone else out.add)(follower, followed)
        (into.remove if gone else into.add)(followed, follower)
        for push in pushes:
            (push.unlink if gone else push.link)(ways, follower, followed)
        now = from_pairs(*pairs(out, n), (n, n))
        exact = ends(now, direction, CONFIG.teleport)
        for push in pushes:
            np.testing.assert_allclose(broken(push, moves, now, direction, n), 0, atol=1e-12)
            residual = dense(push, push.residuals, n)
            bound = CONFIG.eps * np.maximum(ways_of(now, direction), 1)
            assert (np.abs(residual) <= bound + 1e-15).all()
            off = np.abs(exact[:, push.seed] - dense(push, push.estimates, n))
            assert (off <= exact @ np.abs(residual) + 1e-12).all()
            fresh = Push(ways, push.seed, CONFIG)
            apart = np.abs(dense(push, push.estimates, n) - dense(fresh, fresh.estimates, n)).sum()
            assert apart <= np.abs(residual).sum() + fresh.residuals.sum() + 1e-12


def test_a_change_far_away_does_not_matter():
    graph = from_edges(np.array([0, 5]), np.array([1, 6]), 9)
    out, into = Layer(graph.follows), Layer(graph.follows.flipped)
    ways = Ways(out, into, ALONG)
    push = Push(ways, 0, CONFIG)
    out.add(5, 7)
    into.add(7, 5)
    assert not push.link(ways, 5, 7)
    assert push.rows.tolist() == [0, 1]
    out.add(1, 8)
    into.add(8, 1)
    assert push.link(ways, 1, 8)
    assert push.rows.tolist() == [0, 1, 8]


def test_an_account_without_a_way_on_loses_what_goes_on():
    push = Push(Ways.of(from_edges(np.array([1]), np.array([0]), 3).follows, ALONG), 0, CONFIG)
    assert push.rows.tolist() == [0]
    assert push.estimates.tolist() == [0.3]
    assert push.residuals.tolist() == [0]


@pytest.mark.parametrize("direction", list(Direction))
def test_reverse_push_tells_which_seeds_reach_an_account(graph, ends, direction):
    ways, exact = Ways.of(graph.follows, direction), ends(graph.follows, direction, 0.3)
    for target in range(N):
        reached = reverse_push(ways, target, CONFIG)
        short = exact[target] - dense(reached, reached.estimates)
        assert short.min() > -1e-12
        assert short.max() <= CONFIG.eps
        assert (reached.residuals <= CONFIG.eps).all()


def test_reverse_push_refuses_hubs():
    star = from_edges(np.arange(1, 30), np.zeros(29, np.int64), 30).follows
    with pytest.raises(BadInput, match="29 ways lead to it, more than 20") as refused:
        reverse_push(Ways.of(star, ALONG), 0, most=20)
    assert refused.value.field == "target"
    assert len(reverse_push(Ways.of(star, ALONG), 0, most=29).rows) == 30
    assert len(reverse_push(Ways.of(star, Direction.AGAINST), 0, most=20).rows) == 1


@pytest.mark.parametrize(("setting", "value"), [("teleport", 0), ("teleport", 1), ("eps", 0)])
def test_settings_out_of_range_are_refused(setting, value):
    with pytest.raises(BadInput, match=setting):
        PushConfig(**{setting: value})

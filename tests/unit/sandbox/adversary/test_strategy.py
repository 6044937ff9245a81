import numpy as np
import pytest

from havenwall.errors import BadInput
from havenwall.sandbox.adversary import MOVES, STRATEGIES, make_strategy

RINGS = 4


@pytest.mark.parametrize("name", STRATEGIES)
def test_each_names_a_move_per_ring_or_none(name: str) -> None:
    chosen = make_strategy(name).choose(RINGS, np.random.default_rng(1))
    assert len(chosen) == (0 if name == "still" else RINGS)
    assert set(chosen) <= set(MOVES)


def test_at_first_every_move_is_tried() -> None:
    assert sorted(make_strategy("adaptive").choose(RINGS, np.random.default_rng(1))) == sorted(MOVES)


def test_what_reached_furthest_is_done_more_often() -> None:
    strategy, rng = make_strategy("adaptive"), np.random.default_rng(1)
    for _ in range(20):
        moves = strategy.choose(RINGS, rng)
        strategy.learn(moves, np.array([0.3 if move == "bridges" else 0.1 for move in moves]))
    later = [move for _ in range(50) for move in strategy.choose(RINGS, rng)]
    assert later.count("bridges") > 0.7 * len(later)
    assert set(later) == set(MOVES)


def test_where_all_reach_alike_nothing_is_learnt() -> None:
    strategy = make_strategy("adaptive")
    strategy.learn([*MOVES], np.full(RINGS, 0.2))
    assert sorted(strategy.choose(RINGS, np.random.default_rng(1))) == sorted(MOVES)


def test_another_name_is_refused() -> None:
    with pytest.raises(BadInput, match="strategy"):
        make_strategy("clever")

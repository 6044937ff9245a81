import numpy as np
import pytest

from havenwall.network.graph import from_edges
from havenwall.network.roles import Hints, find_near
from havenwall.network.roles.near import ties

NOBODY = np.empty(0, np.int64)


@pytest.fixture(scope="module")
def near(village):
    return find_near(village.graph, village.seeds, NOBODY, Hints(), None)


def test_unconfirmed_traders_are_likely_traders(village, near):
    others = np.setdiff1d(village.rows["trader"], village.seeds)
    assert np.median(near.traders[others]) > 0.7


@pytest.mark.parametrize("kind", ["victim", "press", "lookalike", "celebrity", "fan"])
def test_bystanders_are_no_likely_traders(village, near, kind):
    assert near.traders[village.rows[kind]].max() < 0.5


def test_buyers_are_likely_buyers_and_traders_and_press_are_not(village, near):
    mean = {kind: near.buyers[rows, 0].mean() for kind, rows in village.rows.items()}
    assert mean["buyer"] > 0.5
    assert max(mean["trader"], mean["press"], mean["ordinary"]) < 0.15


def test_press_are_watchers_and_buyers_are_not(village, near):
    assert near.watchers[village.rows["press"]].min() > 0.8
    assert near.watchers[village.rows["buyer"]].max() < 0.5


def test_confirmed_accounts_are_traders_whoever_verified_them(village):
    hints = Hints(verified=np.ones(village.n, bool))
    near = find_near(village.graph, village.seeds, NOBODY, hints, None)
    assert near.traders[village.seeds].tolist() == [1] * len(village.seeds)
    assert np.delete(near.traders, village.seeds).max() == 0
    assert near.buyers.max() == 0


def test_the_cleared_are_neither_buyer_nor_trader(village):
    cleared = np.concatenate([village.rows["trader"][10:14], village.rows["buyer"][:5]])
    near = find_near(village.graph, village.seeds, cleared, Hints(), None)
    assert near.traders[cleared].max() == 0
    assert near.buyers[cleared].max() == 0


def test_the_second_column_takes_one_seed_less():
    # 0 and 1 are confirmed; 2 follows both of them, 3 only one. The rest keeps chance low.
    src = np.array([2, 2, 3, *range(4, 60)])
    dst = np.array([0, 1, 0, *range(5, 61)])
    near = find_near(from_edges(src, dst, 61), np.array([0, 1]), NOBODY, Hints(), None)
    assert near.buyers[2, 0] > 0.8
    assert near.buyers[2, 1] == 0
    assert near.buyers[3].max() == 0


def test_who_follows_everybody_is_no_buyer():
    rng = np.random.default_rng(1)
    src, dst = rng.integers(0, 200, 3000), rng.integers(0, 200, 3000)
    seeds = np.arange(20)
    all_of_them = np.arange(200)
    graph = from_edges(np.append(src, np.full(200, 150)), np.append(dst, all_of_them), 200)
    near = find_near(graph, seeds, NOBODY, Hints(), None)
    assert near.buyers[150, 0] < 0.2


def test_a_models_chance_only_adds(village, near):
    chance = np.random.default_rng(2).random(village.n).astype(np.float32)
    with_model = find_near(village.graph, village.seeds, NOBODY, Hints(), np.zeros(village.n, np.float32))
    assert np.array_equal(with_model.traders, near.traders)
    sure = find_near(village.graph, village.seeds, NOBODY, Hints(), np.maximum(chance, 0.9))
    others = np.setdiff1d(village.rows["trader"], village.seeds)
    assert sure.traders[others].mean() >= near.traders[others].mean()


def test_fans_of_the_cleared_are_not_buyers(village):
    cleared = village.rows["lookalike"][:4]
    near = find_near(village.graph, village.seeds, cleared, Hints(), None)
    assert near.fans[village.rows["fan"]].mean() > 0.7
    victims = find_near(village.graph, village.seeds, village.rows["victim"], Hints(), None)
    assert victims.fans[village.rows["buyer"]].mean() < 0.2


def test_what_confirmed_accounts_share_tells(village, near):
    (tells,) = near.tells.values()
    assert tells[0, 0] > 0
    assert tells[1].tolist() == [0, 0]
    assert tells[0, 1] < tells[0, 0]


def test_ties_count_both_ways_only():
    assert ties(np.array([9.0, 40], np.float32), np.array([4.0, 0], np.float32)).tolist() == [6, 0]

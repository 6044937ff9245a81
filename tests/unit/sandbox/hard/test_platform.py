import re

import numpy as np

from havenwall.model import LinkKind
from havenwall.sandbox.hard import HardPart, generate_hard, seeds


def test_same_seed_same_platform(tiny):
    again, other = generate_hard(tiny.config, tiny.seed), generate_hard(tiny.config, tiny.seed + 1)
    assert again.ids == tiny.ids
    assert again.handles == tiny.handles
    assert np.array_equal(again.follows.indices, tiny.follows.indices)
    assert np.array_equal(again.follows.since, tiny.follows.since)
    for kind, things in tiny.catalogues.items():
        assert np.array_equal(again.catalogues[kind].uses.at, things.uses.at)
    assert np.array_equal(again.former.followers.account, tiny.former.followers.account)
    assert np.array_equal(again.hints.reports.at, tiny.hints.reports.at)
    assert other.ids != tiny.ids
    assert not np.array_equal(other.part, tiny.part)


def test_rows_of_the_graph_are_the_accounts(tiny):
    graph = tiny.graph()
    assert list(graph.names) == tiny.ids
    assert np.array_equal(graph.follows.indices, tiny.follows.indices)
    assert set(graph.between) == {LinkKind.FOLLOW, LinkKind.LIKE, LinkKind.COMMENT}
    for kind, things in tiny.catalogues.items():
        assert list(graph.things[kind]) == things.names
        used = np.bincount(things.uses.account, minlength=graph.n) > 0
        assert np.array_equal(graph.uses[kind].degree > 0, used)
        assert np.array_equal(graph.uses[kind].since, things.matrix(graph.n).since)


def test_names_tell_nothing(tiny):
    ids = [*tiny.ids, *tiny.former.ids]
    assert len(set(ids)) == len(ids)
    assert all(re.fullmatch(r"account:[1-9]\d{7}", name) for name in ids)


def test_visible_traders_are_confirmed_first(middle):
    rng = np.random.default_rng(0)
    drawn = np.concatenate([seeds(middle, 10, rng) for _ in range(20)])
    assert (middle.part[drawn] == HardPart.TRADER).all()
    everybody = middle.visible[middle.part == HardPart.TRADER]
    assert middle.visible[drawn].mean() > 1.3 * everybody.mean()


def test_some_seeds_are_mistakes(middle):
    rows = seeds(middle, 40, np.random.default_rng(1), wrong_share=0.3)
    assert np.unique(rows).size == 40
    kinds = np.bincount(middle.part[rows], minlength=len(HardPart))
    assert kinds[HardPart.TRADER] == 28
    assert kinds[HardPart.ORDINARY] == kinds[HardPart.LOOKALIKE] == kinds[HardPart.VICTIM] == 4


def test_hints_are_noisy(middle):
    minor, victim = middle.hints.minor, middle.part == HardPart.VICTIM
    assert 0.4 < minor[victim].mean() < 0.6
    assert 0.04 < minor[~victim].mean() < 0.08
    assert minor[~victim].sum() > minor[victim].sum()
    assert middle.hints.verified[middle.part == HardPart.TRADER].mean() < 0.05


def test_hash_hits_lean_to_visible_traders_and_err(middle):
    traders = middle.part == HardPart.TRADER
    hit = middle.hits
    assert 0.02 < hit[traders].mean() < 0.25
    assert hit[~traders].any()
    assert middle.visible[hit & traders].mean() > middle.visible[traders].mean()


def test_likes_follow_the_same_law(middle):
    likes = middle.engagement[LinkKind.LIKE].flipped.degree / np.maximum(middle.follows.flipped.degree, 1)
    trader, lawful = (likes[middle.part == part].mean() for part in (HardPart.TRADER, HardPart.LOOKALIKE))
    assert 0.7 < trader / lawful < 1.4

import msgspec
import numpy as np
import pytest

from havenwall.network.graph import from_pairs
from havenwall.sandbox.hard import HardPart, generate_hard
from havenwall.sandbox.hard.follows import mutual


def links(platform):
    return platform.follows.sources(), platform.follows.indices.astype(np.int64)


def between(platform, one, other):
    source, target = links(platform)
    return int(((platform.part[source] == one) & (platform.part[target] == other)).sum())


def median(values, platform, kind):
    return np.median(values[platform.part == kind])


def test_the_recipe_is_met(middle):
    follows, config = middle.follows, middle.config
    source, target = links(middle)
    inside, outside = follows.flipped.degree, follows.degree
    assert 17 < follows.links / config.accounts < 23
    assert 0.28 < (mutual(follows) >= 0).mean() < 0.36
    assert 11 <= median(outside, middle, HardPart.ORDINARY) <= 15
    assert 70 <= median(inside, middle, HardPart.TRADER) <= 95
    assert 20 <= median(outside, middle, HardPart.TRADER) <= 32
    assert inside[middle.part == HardPart.CELEBRITY].min() > np.quantile(inside, 0.999)
    community = middle.people.community
    assert 0.3 < (community[source] == community[target]).mean() < 0.7


def test_what_buyers_follow_is_mostly_ordinary(middle):
    source, target = links(middle)
    buyer = middle.part[source] == HardPart.BUYER
    trader = middle.part[target] == HardPart.TRADER
    assert 0.8 < 1 - (buyer & trader).sum() / buyer.sum() < 0.92
    each = np.bincount(source[buyer & trader], minlength=middle.config.accounts)[
        middle.part == HardPart.BUYER
    ]
    assert each.max() > 10 * np.median(each)
    back = between(middle, HardPart.TRADER, HardPart.BUYER) / between(middle, HardPart.BUYER, HardPart.TRADER)
    assert 0.06 < back < 0.14


def test_lookalikes_have_the_shape_of_traders(middle):
    inside, outside = middle.follows.flipped.degree, middle.follows.degree
    for values in (inside, outside):
        ratio = median(values, middle, HardPart.LOOKALIKE) / median(values, middle, HardPart.TRADER)
        assert 0.8 < ratio < 1.4


def test_victims_are_sought_and_seldom_answer(middle):
    sought = between(middle, HardPart.BUYER, HardPart.VICTIM)
    assert sought > 6 * middle.config.victims
    # Some victims follow a buyer anyway, as they would any account.
    assert 0.1 < between(middle, HardPart.VICTIM, HardPart.BUYER) / sought < 0.3


def test_press_watches_and_is_not_watched_by_traders(middle):
    config = middle.config
    watching = between(middle, HardPart.PRESS, HardPart.TRADER)
    assert config.press * config.press_low <= watching <= config.press * config.press_high
    assert between(middle, HardPart.TRADER, HardPart.PRESS) < watching / 10
    assert between(middle, HardPart.PRESS, HardPart.PRESS) > 0


def test_rings_follow_back(middle):
    source, target = links(middle)
    group, part = middle.people.group, middle.part
    ring = (
        (part[source] == HardPart.RING) & (part[target] == HardPart.RING) & (group[source] == group[target])
    )
    pairs = middle.config.rings * middle.config.ring_size * (middle.config.ring_size - 1)
    assert 0.55 < ring.sum() / pairs < 0.66
    assert (mutual(middle.follows)[ring] >= 0).mean() > 0.95


def test_nobody_follows_before_both_exist(tiny):
    source, target = links(tiny)
    born = np.maximum(tiny.created_at[source], tiny.created_at[target]) / 1e6
    assert (tiny.follows.since >= born).all()
    assert tiny.follows.since.max() <= tiny.config.end.timestamp()


def test_answers_come_soon(tiny):
    opposite = mutual(tiny.follows)
    since = tiny.follows.since.astype(np.int64)
    gap = np.abs(since - since[opposite])[opposite >= 0]
    assert np.median(gap) < 5 * 86_400


def test_more_camouflage_changes_only_what_members_do(tiny):
    other = generate_hard(msgspec.structs.replace(tiny.config, camouflage=3.0), tiny.seed)
    assert other.ids == tiny.ids
    assert other.handles == tiny.handles
    assert np.array_equal(other.part, tiny.part)
    assert np.array_equal(other.created_at, tiny.created_at)
    member = np.isin(tiny.part, (HardPart.TRADER, HardPart.BUYER))
    assert standing(other, member) == standing(tiny, member)
    more, less = (p.follows.degree[member].sum() for p in (other, tiny))
    assert 2.0 < more / less < 3.0
    # A trader's cover may be a buyer, who may follow back.
    inner = [between(p, HardPart.BUYER, HardPart.TRADER) for p in (other, tiny)]
    assert inner[0] == pytest.approx(inner[1], rel=0.05)


def standing(platform, member):
    source, target = links(platform)
    outside = ~member[source] & ~member[target]
    return set(zip(source[outside].tolist(), target[outside].tolist(), strict=True))


def test_mutual_finds_the_opposite_link():
    rng = np.random.default_rng(3)
    graph = from_pairs(rng.integers(0, 30, 200), rng.integers(0, 30, 200), (30, 30), loops=False)
    pairs = list(zip(graph.sources().tolist(), graph.indices.tolist(), strict=True))
    place = {pair: number for number, pair in enumerate(pairs)}
    assert mutual(graph).tolist() == [place.get((b, a), -1) for a, b in pairs]

"""Every follow of a hard platform, and when it began."""

from __future__ import annotations

import numpy as np

from havenwall.network.graph.csr import Csr, from_pairs
from havenwall.sandbox.clock import DAY
from havenwall.sandbox.hard import kin, others
from havenwall.sandbox.hard.cast import MEMBERS, Cast, HardPart
from havenwall.sandbox.hard.config import HardConfig
from havenwall.sandbox.hard.moments import SECOND, present
from havenwall.sandbox.hard.ordinary import Ordinary, Pairs
from havenwall.sandbox.hard.scene import joined, scenes
from havenwall.sandbox.sampling import GroupSampler, Ints

_EAGER = 2.0
_ANSWER_DAYS = 4.0


def follow_graph(config: HardConfig, people: Cast, households: Pairs, seed: np.random.SeedSequence) -> Csr:
    """(n, n) dated follows.

    Traders, buyers and promoters draw their ordinary follows last and from a stream of their own, so that
    changing the camouflage leaves all other links as they were.
    """
    *seeds, first, second = seed.spawn(8)
    rngs = [np.random.default_rng(child) for child in seeds]
    ordinary = Ordinary(config, people)
    members = np.isin(people.part, MEMBERS)
    rows = np.flatnonzero(~members)
    trading, lawful = scenes(config, people, rngs[0])
    passing = GroupSampler(np.where(members, 0.0, people.activity), people.community)
    scene = joined(trading.links(passing, first), lawful.links(passing, second))
    wanted = _wanted(config, people, ordinary, scene, rngs[1])
    base = ordinary.follows(rows, wanted[rows], rngs[1])
    followers = np.bincount(base[1], minlength=config.accounts)
    busy = np.where(people.part == HardPart.BUYER, people.activity, 0.0)
    around = joined(
        others.contacts(config, people, busy, rngs[2]),
        others.press(config, people, rngs[2]),
        others.rings(config, people, rngs[3]),
        kin.follows(households, rngs[3]),
    )
    cover = _cover(config, ordinary, np.flatnonzero(members), wanted, rngs[4])
    pairs = joined(
        base,
        ordinary.returned(base, followers, rngs[3]),
        scene,
        around,
        cover,
        ordinary.returned(cover, followers, rngs[4]),
    )
    bare = from_pairs(*pairs, (config.accounts, config.accounts), loops=False)
    return _dated(config, people.created_at, bare, rngs[5])


def _wanted(
    config: HardConfig, people: Cast, ordinary: Ordinary, scene: Pairs, rng: np.random.Generator
) -> Ints:
    """(n,) ordinary follows each account makes: as many as make them most of what an audience follows."""
    wanted = ordinary.wanted(np.arange(config.accounts))
    to_creator = people.pull[scene[1]] > 0
    creators = np.bincount(scene[0][to_creator], minlength=config.accounts)
    share = rng.uniform(config.ordinary_low, config.ordinary_high, config.accounts)
    enough = np.rint(creators * share / (1 - share)).astype(np.int64)
    audience = np.isin(people.part, (HardPart.BUYER, HardPart.AUDIENCE))
    return np.where(audience, np.minimum(enough, config.accounts // 10), wanted)


def _cover(
    config: HardConfig, ordinary: Ordinary, members: Ints, wanted: Ints, rng: np.random.Generator
) -> Pairs:
    much = np.rint(wanted[members] * config.camouflage).astype(np.int64)
    return ordinary.follows(members, np.minimum(much, config.accounts // 5), rng)


def _dated(config: HardConfig, created: Ints, bare: Csr, rng: np.random.Generator) -> Csr:
    """When each follow began: mostly soon after both accounts exist; answers come soon."""
    end = present(config)
    start = np.maximum(created[bare.sources()], created[bare.indices])
    at = start + ((end - start) * rng.random(bare.links) ** _EAGER).astype(np.int64)
    opened = mutual(bare)
    answers = np.flatnonzero(opened >= 0)
    # Of a mutual pair the later one answers the earlier, within days rather than at any time.
    later = answers[at[answers] > at[opened[answers]]]
    delay = (rng.exponential(_ANSWER_DAYS, later.size) * DAY).astype(np.int64)
    at[later] = np.minimum(at[opened[later]] + delay, at[later])
    since = np.minimum(-(-at // SECOND), end // SECOND).astype(np.uint32)
    return Csr(bare.indptr, bare.indices, bare.columns, since)


def mutual(links: Csr) -> Ints:
    """(links,) the place of the opposite link, -1 where there is none."""
    source = links.sources()
    back = from_pairs(links.indices, source, (links.columns, links.rows), since=np.arange(links.links))
    assert back.since is not None
    # Both keys ascend, so that the search runs through memory in order.
    key = source * links.columns + links.indices
    opposite = back.sources() * links.columns + back.indices
    place = np.minimum(np.searchsorted(opposite, key), links.links - 1)
    return np.where(opposite[place] == key, back.since[place].astype(np.int64), -1)

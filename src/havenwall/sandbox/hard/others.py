"""The follows of victims, press and rings."""

from __future__ import annotations

import numpy as np

from havenwall.sandbox.hard.cast import Cast, HardPart
from havenwall.sandbox.hard.config import HardConfig
from havenwall.sandbox.hard.ordinary import Pairs
from havenwall.sandbox.hard.scene import joined
from havenwall.sandbox.sampling import Floats, GroupSampler, counts, distinct_links

_AMONG_PRESS = 0.3
_REACH_SPREAD = 0.8


def contacts(config: HardConfig, people: Cast, busy: Floats, rng: np.random.Generator) -> Pairs:
    """Buyers follow victims, busy ones more of them; a few victims reply by following back.

    Args:
        busy: (n,) weight of each buyer, else 0.
    """
    victims = people.rows(HardPart.VICTIM)
    wanted = counts(config.contacts, _REACH_SPREAD, victims.size, rng)
    sampler = GroupSampler(busy, np.zeros_like(people.group))
    to, by = distinct_links(victims, wanted, lambda row: sampler.anywhere(row.size, rng), config.accounts)
    reply = rng.random(to.size) < config.reply_share
    return joined((by, to), (to[reply], by[reply]))


def press(config: HardConfig, people: Cast, rng: np.random.Generator) -> Pairs:
    """Press follows traders, the visible ones first, and each other."""
    watchers = people.rows(HardPart.PRESS)
    low, high = np.log(config.press_low), np.log(config.press_high)
    wanted = np.rint(np.exp(low + rng.random(watchers.size) * (high - low))).astype(np.int64)
    pull = np.where(people.part == HardPart.TRADER, people.pull, 0.0)
    sampler = GroupSampler(pull, np.zeros_like(people.group))
    watched = distinct_links(watchers, wanted, lambda row: sampler.anywhere(row.size, rng), config.accounts)
    shown = rng.random(watched[0].size) < config.inner_ties
    pair = np.nonzero(rng.random((watchers.size, watchers.size)) < _AMONG_PRESS)
    apart = pair[0] != pair[1]
    return joined(
        (watched[0][shown], watched[1][shown]), (watchers[pair[0][apart]], watchers[pair[1][apart]])
    )


def rings(config: HardConfig, people: Cast, rng: np.random.Generator) -> Pairs:
    """Ring accounts follow each other back."""
    members = people.rows(HardPart.RING)
    grid = members[np.argsort(people.group[members], kind="stable")].reshape(config.rings, config.ring_size)
    left, right = np.triu_indices(config.ring_size, 1)
    ring, pair = np.nonzero(rng.random((config.rings, left.size)) < config.ring_density)
    one, other = grid[ring, left[pair]], grid[ring, right[pair]]
    return joined((one, other), (other, one))

"""Households: pairs of accounts that share a device but are two people. Any account may be in one."""

from __future__ import annotations

import numpy as np

from havenwall.sandbox.hard.cast import Cast, HardPart
from havenwall.sandbox.hard.config import HardConfig
from havenwall.sandbox.hard.ordinary import Pairs
from havenwall.sandbox.hard.scene import joined
from havenwall.sandbox.sampling import GroupSampler

_FOLLOW = 0.6


def households(config: HardConfig, people: Cast, rng: np.random.Generator) -> Pairs:
    """Two accounts each, (pairs,) both; no account is in two. The second one is ordinary.

    Whoever the first is, trader or not: a household tells nothing about either.
    """
    size = round(config.household_share * config.accounts / 2)
    first = rng.permutation(config.accounts)[:size]
    free = np.where(people.part == HardPart.ORDINARY, 1.0, 0.0)
    free[first] = 0.0
    # A trace of weight everywhere keeps every community drawable.
    second = GroupSampler(free, np.zeros_like(people.community)).anywhere(size, rng)
    near = GroupSampler(free + 1e-12, people.community).within(people.community[first], rng)
    second = np.where(free[near] > 0, near, second)
    _, once = np.unique(second, return_index=True)
    once.sort()
    return first[once], second[once]


def follows(pairs: Pairs, rng: np.random.Generator) -> Pairs:
    """Most people follow those they live with."""
    there, back = rng.random((2, pairs[0].size)) < _FOLLOW
    return joined((pairs[0][there], pairs[1][there]), (pairs[1][back], pairs[0][back]))

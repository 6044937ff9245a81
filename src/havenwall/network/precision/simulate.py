"""Made-up scores with known truth, to measure calibration, intervals and alarms against."""

from __future__ import annotations

from enum import StrEnum

import msgspec
import numpy as np
from numpy.typing import NDArray
from scipy.special import expit

Floats = NDArray[np.float64]


class World(StrEnum):
    """What is wrong with the scores. In all of them the model's own probabilities are far off."""

    ORDINARY = "ordinary"
    """About as good as boosted trees on walk features, and far too sure of itself."""
    TIMID = "timid"
    """The same ranking; no probability comes near the truth from below."""
    SKEWED = "skewed"
    """The same ranking; the probabilities follow no logistic shape."""
    WEAK = "weak"
    """Members overlap much more with others."""
    STRONG = "strong"
    """Members stand well apart."""
    BUMPY = "bumpy"
    """A group of others, such as look-alikes, scores above most members."""


class Population(msgspec.Struct, frozen=True, kw_only=True, eq=False):
    """Candidates with their truth, in random order."""

    score: Floats
    """(n,)"""
    probability: Floats
    """(n,) the model's own, badly calibrated."""
    member: NDArray[np.bool_]
    """(n,) the truth."""

    def top(self, count: int) -> NDArray[np.bool_]:
        """(n,) whether an account is among the `count` with the highest scores."""
        chosen = np.zeros(len(self.score), np.bool_)
        chosen[np.argsort(-self.score, kind="stable")[:count]] = True
        return chosen


def simulate(
    rng: np.random.Generator, world: World = World.ORDINARY, *, accounts: int = 200_000, members: int = 700
) -> Population:
    """A population of candidates: most score low with a heavy tail, some look alike, members score high.

    Args:
        rng: source of all chance.
        world: what is wrong with the scores.
        accounts: candidates in all.
        members: hidden members among them; the look-alikes are nine for each seven of these.
    """
    score = rng.normal(0, 1, accounts)
    heavy = rng.random(accounts) < 0.02
    score[heavy] += rng.exponential(1, int(heavy.sum()))
    alike = members * 9 // 7
    score[:members] = 6.5 - 0.9 * rng.gamma(2, 1, members) + rng.normal(0, 0.6, members) + _apart(world)
    score[members : members + alike] = rng.normal(2.5, 1, alike)
    if world is World.BUMPY:
        score[members : members + alike // 7] = rng.normal(6.8, 0.3, alike // 7)
    order = rng.permutation(accounts)
    return Population(
        score=score[order], probability=_probability(score[order], world), member=order < members
    )


def _apart(world: World) -> float:
    return {World.WEAK: -1.3, World.STRONG: 1.5}.get(world, 0.0)


def _probability(score: Floats, world: World) -> Floats:
    if world is World.TIMID:
        return np.asarray(expit(score - 9))
    if world is World.SKEWED:
        return -np.expm1(-np.exp(score - 3))
    return np.asarray(expit(2 * score - 4.5))

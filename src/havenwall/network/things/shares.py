"""The share of members among the users of a thing, from its own users and from the prior."""

from __future__ import annotations

import msgspec
import numpy as np

from havenwall.network.things.likelihood import LOG_ODDS, SHARE, log_likelihood
from havenwall.network.things.prior import Prior
from havenwall.network.things.votes import Counts, Floats, Votes

_ROWS = 2_048


class Shares(msgspec.Struct, frozen=True, eq=False):
    """Posterior of the share of each of some things; all (things,) and 0..1."""

    mean: Floats
    low: Floats
    high: Floats


def shares(votes: Votes, things: Counts, prior: Prior, level: float, most_users: int) -> Shares:
    """Posterior means and equal-tailed intervals.

    The share is the chance that a user of the thing is a member, of the users it has and those to come; so
    few users make a wide interval even if each of them is known.

    Args:
        votes: on all things of a kind.
        things: rows of the things that are wanted.
        prior: of their kind.
        level: probability within the interval.
        most_users: see `ThingConfig`.
    """
    tail = (1 - level) / 2
    parts = [np.empty((0, 3))]
    for start in range(0, len(things), _ROWS):
        mass = posterior(votes, things[start : start + _ROWS], prior, most_users)
        parts.append(np.stack([mass @ SHARE, _quantile(mass, tail), _quantile(mass, 1 - tail)], axis=1))
    mean, low, high = np.concatenate(parts).T
    return Shares(mean, low, high)


def posterior(votes: Votes, things: Counts, prior: Prior, most_users: int) -> Floats:
    """(things, grid) probability of each share of `likelihood.SHARE`; rows sum to 1."""
    return updated(prior, log_likelihood(votes, things, prior.base, most_users))


def updated(prior: Prior, likelihood: Floats) -> Floats:
    """(things, grid) the prior after log-likelihoods (things, grid); rows sum to 1."""
    mass = likelihood + np.log(prior.density + 1e-300)
    mass = np.exp(mass - mass.max(axis=1, keepdims=True))
    return np.asarray(mass / mass.sum(axis=1, keepdims=True), np.float64)


def _quantile(mass: Floats, share: float) -> Floats:
    """(things,) the share below which so much mass is; a point stands for half a step on both sides."""
    below = np.cumsum(mass, axis=1)
    at = np.minimum((below < share).sum(axis=1), mass.shape[1] - 1)
    rows = np.arange(len(mass))
    inside = (share - (below[rows, at] - mass[rows, at])) / np.maximum(mass[rows, at], 1e-300)
    step = LOG_ODDS[1] - LOG_ODDS[0]
    return np.asarray(1 / (1 + np.exp(-(LOG_ODDS[at] + (np.clip(inside, 0, 1) - 0.5) * step))), np.float64)

"""How likely the users of a thing are as they are, for every share of members that it could have."""

from __future__ import annotations

import numpy as np
from numba import njit

from havenwall.network.graph.cores import on_all_cores
from havenwall.network.things.votes import Counts, Floats, Votes

LOG_ODDS = np.linspace(-16.0, 12.0, 1_024)
"""(grid,) log-odds of the shares that are looked at."""
LOG_SHARE, LOG_REST = -np.logaddexp(0.0, -LOG_ODDS), -np.logaddexp(0.0, LOG_ODDS)
"""(grid,) logarithms of those shares and of what is left of 1."""
SHARE = np.exp(LOG_SHARE)


def log_likelihood(votes: Votes, things: Counts, base: float, most_users: int) -> Floats:
    """(things, grid) log-likelihood of each share, up to a constant for each thing.

    A user's probability p was worked out for a platform on which a share `base` are members. On a thing where
    the share is s, the same evidence has likelihood p s / base + (1 - p) (1 - s) / (1 - base) (Saerens,
    Latinne and Decaestecker 2002). So a confirmed user counts as a member, a cleared one as none, and one of
    whom nothing is known (p = base) says nothing; with p only 0 and 1 this is the binomial likelihood.

    Args:
        votes: on all things.
        things: rows of the things that are wanted.
        base: share of members among the accounts for which the probabilities were worked out.
        most_users: votes of larger things are weighted down to this many.
    """
    out = np.empty((len(things), len(LOG_ODDS)))
    words, shrink = one_vote(votes.chances, base), shrinkage(votes, things, most_users)

    def work(begin: int, end: int) -> None:
        _sum(votes.bounds, votes.level, votes.weight, words, things, shrink, out, begin, end)

    entries = int((votes.bounds[things + 1] - votes.bounds[things]).sum())
    on_all_cores(work, len(things), entries * len(LOG_ODDS))
    return out


def one_vote(chances: Floats, base: float) -> Floats:
    """(votes, grid) what single votes of weight 1 add to the log-likelihood."""
    chance = chances[:, None]
    with np.errstate(divide="ignore"):
        member = np.log(chance) + LOG_SHARE - np.log(base)
        other = np.log1p(-chance) + LOG_REST - np.log1p(-base)
    return np.asarray(np.logaddexp(member, other), np.float64)


def shrinkage(votes: Votes, things: Counts, most_users: int) -> Floats:
    """(things,) factor on the weight of each vote."""
    return np.asarray(np.minimum(1.0, most_users / np.maximum(votes.size[things], 1.0)), np.float64)


@njit(cache=True, nogil=True)
def _sum(bounds, level, weight, words, things, shrink, out, begin, end):  # type: ignore[no-untyped-def]
    for at in range(begin, end):
        row = things[at]
        out[at] = 0.0
        for entry in range(bounds[row], bounds[row + 1]):
            scale, line = weight[entry] * shrink[at], words[level[entry]]
            for point in range(len(line)):
                out[at, point] += scale * line[point]

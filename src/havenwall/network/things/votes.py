"""What the users of a thing say about it: one vote per hand, with the chance that the hand is a member's."""

from __future__ import annotations

import msgspec
import numpy as np
from numba import njit
from numpy.typing import NDArray

from havenwall.network.graph import Csr
from havenwall.network.things.hands import Hands

Floats = NDArray[np.float64]
Counts = NDArray[np.int64]

_STEPS = 16.0
_SURE = 1e-9


class Votes(msgspec.Struct, frozen=True, eq=False):
    """The votes on t things, those of equal chance together."""

    bounds: Counts
    """(t + 1,) where the entries of each thing begin."""
    level: Counts
    """(entries,) row of `chances`, ascending within a thing."""
    weight: Floats
    """(entries,) votes of that chance, each weighing 0..1."""
    chances: Floats
    """(levels,) the different chances, ascending; 0 and 1 are exact, others within 3 % of their odds."""
    independent: Counts
    """(t,) hands with a confirmed or likely member."""

    @property
    def size(self) -> Floats:
        """(t,) summed weight of the votes."""
        summed = np.concatenate([[0.0], np.cumsum(self.weight)])
        return summed[self.bounds[1:]] - summed[self.bounds[:-1]]


def cast_votes(users: Csr, probability: Floats, hand: Hands, recency: Floats, likely: float) -> Votes:
    """Count the users of each thing, every hand once.

    A hand has the mean chance of its accounts and the weight of its newest use: one person with many accounts
    moves a thing as one account would.

    Args:
        users: (t, n) the accounts of each thing.
        probability: (n,) chance that each account is a member.
        hand: (n,) label of the hand of each account, 0..n-1.
        recency: (uses,) weight of each use, 0..1.
        likely: probability from which an account counts as a likely member.
    """
    bounds, chance, weight, independent = _by_hand(
        users.indptr, users.indices, probability, hand, recency, likely
    )
    chances, level = np.unique(rounded(chance), return_inverse=True)
    bounds, level, weight = _by_level(bounds, level, weight, len(chances))
    return Votes(bounds, level, weight, chances, independent)


def rounded(chance: Floats) -> Floats:
    """Chances on a grid of log-odds, so that there are few different ones; 0 and 1 stay."""
    inside = np.clip(chance, _SURE, 1 - _SURE)
    odds = np.round(np.log(inside / (1 - inside)) * _STEPS) / _STEPS
    return np.where(chance <= _SURE, 0.0, np.where(chance >= 1 - _SURE, 1.0, 1 / (1 + np.exp(-odds))))


@njit(cache=True, nogil=True)
def _by_hand(indptr, indices, probability, hand, recency, likely):  # type: ignore[no-untyped-def]
    bounds = np.zeros_like(indptr)
    chance, weight = np.empty(len(indices)), np.empty(len(indices))
    accounts, member = np.empty(len(indices), np.int64), np.empty(len(indices), np.bool_)
    independent = np.zeros(len(indptr) - 1, np.int64)
    place = np.full(len(hand), -1, np.int64)
    free = 0
    for row in range(len(indptr) - 1):
        start = free
        for at in range(indptr[row], indptr[row + 1]):
            account = indices[at]
            vote = place[hand[account]]
            if vote < start:
                vote = free
                free += 1
                place[hand[account]] = vote
                chance[vote], weight[vote], accounts[vote], member[vote] = 0.0, 0.0, 0, False
            chance[vote] += probability[account]
            weight[vote] = max(weight[vote], recency[at])
            accounts[vote] += 1
            if probability[account] >= likely and not member[vote]:
                member[vote] = True
                independent[row] += 1
        for vote in range(start, free):
            chance[vote] /= accounts[vote]
        bounds[row + 1] = free
    return bounds, chance[:free], weight[:free], independent


@njit(cache=True, nogil=True)
def _by_level(bounds, level, weight, levels):  # type: ignore[no-untyped-def]
    starts = np.zeros_like(bounds)
    out, sums = np.empty(len(level), np.int64), np.empty(len(level))
    total = np.zeros(levels)
    free = 0
    for row in range(len(bounds) - 1):
        own = level[bounds[row] : bounds[row + 1]]
        for at in range(len(own)):
            total[own[at]] += weight[bounds[row] + at]
        for kind in np.unique(own):
            out[free], sums[free] = kind, total[kind]
            total[kind] = 0.0
            free += 1
        starts[row + 1] = free
    return starts, out[:free], sums[:free]

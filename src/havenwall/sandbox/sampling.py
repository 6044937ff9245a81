"""Vectorised draws: weighted targets within groups, and distinct targets per account."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import numpy.typing as npt

Ints = npt.NDArray[np.int64]
Bools = npt.NDArray[np.bool_]
Floats = npt.NDArray[np.float64]


class GroupSampler:
    """Draws indices in proportion to a weight, from one group or from all.

    Args:
        weights: (n,) not negative; an index of weight 0 is never drawn.
        groups: (n,) group of each index, 0..g-1. Every group that is drawn from needs some weight.
    """

    def __init__(self, weights: Floats, groups: Ints) -> None:
        chosen = np.flatnonzero(weights > 0)
        self._order = chosen[np.argsort(groups[chosen], kind="stable")]
        self._cumulative = np.cumsum(weights[self._order])
        bounds = np.searchsorted(groups[self._order], np.arange(int(groups.max(initial=0)) + 2))
        self._mass = np.concatenate([[0.0], self._cumulative])[bounds]
        self._bounds = bounds

    def within(self, groups: Ints, rng: np.random.Generator) -> Ints:
        """One index per entry of `groups`, drawn from that group."""
        return self.mixed(groups, 1.0, rng)

    def anywhere(self, size: int, rng: np.random.Generator) -> Ints:
        """`size` indices drawn from all groups."""
        return self.mixed(np.zeros(size, dtype=np.int64), 0.0, rng)

    def mixed(self, groups: Ints, share: float, rng: np.random.Generator) -> Ints:
        """One index per entry of `groups`: from that group with probability `share`, else from any."""
        inside = rng.random(groups.size) < share
        first = np.where(inside, groups, 0)
        last = np.where(inside, groups + 1, self._mass.size - 1)
        low, high = self._mass[first], self._mass[last]
        place = np.searchsorted(self._cumulative, low + rng.random(groups.size) * (high - low), side="right")
        # Rounding may put a draw just outside its group.
        return self._order[np.clip(place, self._bounds[first], self._bounds[last] - 1)]


def counts(mean: float, spread: float, size: int, rng: np.random.Generator) -> Ints:
    """(size,) log-normal whole numbers of the given mean and sigma, at least 1; zeros if mean is 0."""
    if mean <= 0:
        return np.zeros(size, dtype=np.int64)
    drawn = rng.lognormal(np.log(mean) - spread**2 / 2, spread, size)
    return np.maximum(np.rint(drawn).astype(np.int64), 1)


def distinct_links(sources: Ints, wanted: Ints, draw: Callable[[Ints], Ints], n: int) -> tuple[Ints, Ints]:
    """Up to `wanted[i]` different targets for each source, none of them itself.

    Draws half as many again as wanted and keeps the first distinct ones, so a source may fall short
    when its choice is nearly used up.

    Args:
        sources: (m,) distinct indices.
        wanted: (m,) number of targets of each source.
        draw: gives one target for each entry of an array of positions in `sources`.
        n: number of indices there are.

    Returns:
        Sources and targets of the links, both (links,), grouped by source.
    """
    row = np.repeat(np.arange(sources.size), wanted + wanted // 2 + 4)
    target = draw(row)
    _, first = np.unique(row * n + target, return_index=True)
    first.sort()
    first = first[sources[row[first]] != target[first]]
    row, target = row[first], target[first]
    rank = np.arange(row.size) - np.searchsorted(row, row)
    keep = rank < wanted[row]
    return sources[row[keep]], target[keep]


def distinct_pairs(pairs: tuple[Ints, Ints], n: int) -> tuple[Ints, Ints]:
    """The distinct pairs of two arrays of indices below `n`, sorted by first, then second."""
    # Sorting is several times faster here than the hashing of np.unique.
    key = np.sort(pairs[0] * n + pairs[1])
    key = key[np.diff(key, prepend=-1) > 0]
    return key // n, key % n

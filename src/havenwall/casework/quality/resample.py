"""Figures from weighted counts, with percentile bootstrap intervals (Efron and Tibshirani 1993, ch. 13).

What is resampled are counts of equal reviews, not reviews: a thousand of them cost no more than ten.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, TypeAlias

from havenwall.model.quality import Estimate

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Counts: TypeAlias = NDArray[np.float64]

FEWEST = 10
"""Reviews below which no figure is given: it would say nothing, and might say who."""
_RESAMPLES = 400
_SEED = 7


def estimate(
    cells: Sequence[tuple[int, float]], size: int, statistic: Callable[[Counts], float | None]
) -> Estimate:
    """A figure with its 95 % interval; None on fewer than ten reviews.

    Args:
        cells: of each review where it counts, 0 to `size` - 1, and its weight.
        size: how many cells there are.
        statistic: the figure from the weight in each cell, (size,).
    """
    import numpy as np

    kinds = Counter(cells)
    weights = np.zeros((len(kinds), size))
    for row, (cell, weight) in enumerate(kinds):
        weights[row, cell] = weight
    seen = np.array(list(kinds.values()), dtype=float)
    value = statistic(seen @ weights) if len(cells) >= FEWEST else None
    if value is None:
        return Estimate(value=None, low=None, high=None, reviews=len(cells))
    drawn = np.random.default_rng(_SEED).multinomial(len(cells), seen / len(cells), size=_RESAMPLES)
    # A resample in which all answers are the same has no figure; it shows full agreement.
    again = [1.0 if (said := statistic(one)) is None else said for one in drawn @ weights]
    low, high = np.quantile(again, (0.025, 0.975))
    return Estimate(value=float(value), low=float(low), high=float(high), reviews=len(cells))


def kappa(counts: Counts) -> float | None:
    """Cohen's kappa (1960) of a square table of first and second answers, flattened; None where all of them
    are the same."""
    table = counts.reshape(_side(counts), -1) / counts.sum()
    chance = float(table.sum(0) @ table.sum(1))
    return None if chance > 1 - _TINY else (float(table.trace()) - chance) / (1 - chance)


def alpha(counts: Counts, units: int) -> float | None:
    """Krippendorff's alpha of the same table, for so many units, each with two answers."""
    table = counts.reshape(_side(counts), -1)
    together = (table + table.T) * (units / counts.sum())
    totals, whole = together.sum(0), together.sum()
    expected = whole**2 - totals @ totals
    observed = whole - together.trace()
    return None if expected < _TINY * whole**2 else float(1 - (whole - 1) * observed / expected)


def share(counts: Counts) -> float | None:
    """The share of the second of two cells."""
    return float(counts[1] / counts.sum())


def overturned(counts: Counts) -> float | None:
    """The share of decisions that a third person did not uphold either.

    Those that wait for a third person count as those which a third person has settled came out: left away,
    they would make decisions look better than they are.

    Args:
        counts: agreed with at once; waiting for a third person; upheld by one; overturned by one, (4,).
    """
    _, waiting, upheld, wrong = map(float, counts)
    settled = upheld + wrong
    if not settled:
        # In a resample without any: as if all were wrong.
        return waiting / float(counts.sum())
    return (waiting + settled) * wrong / settled / float(counts.sum())


_TINY = 1e-12


def _side(counts: Counts) -> int:
    return math.isqrt(len(counts))

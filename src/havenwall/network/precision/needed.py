"""How many audits are needed."""

from __future__ import annotations

import numpy as np
from scipy.stats import beta

from havenwall.errors import BadInput


def needed(
    width: float,
    prevalence: float,
    *,
    population: int | None = None,
    design_effect: float = 1.0,
    level: float = 0.95,
) -> int:
    """How many audits make the interval of a share no wider than `width`.

    The smallest number whose Jeffreys interval is narrow enough if the share is as guessed; with buckets that
    differ in their shares fewer would do, so the answer is on the safe side. Guess 0.5 if nothing is known.

    Args:
        width: upper minus lower end, 0..1.
        prevalence: guess of the share, 0..1.
        population: accounts in question; fewer audits do for few accounts (finite population correction).
        design_effect: how many audits are worth one independent audit; above 1 if they come in clusters.
        level: of the interval.

    Raises:
        BadInput: a width, prevalence or design effect outside its range.
    """
    if not (0 < width < 1 and 0 <= prevalence <= 1 and design_effect >= 1):
        raise BadInput("width in (0, 1), prevalence in [0, 1], design effect from 1", field="width")
    low, high = 0, 1
    while _width(high, prevalence, level) > width:
        low, high = high, high * 2
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (middle, high) if _width(middle, prevalence, level) > width else (low, middle)
    infinite = high * design_effect
    return int(np.ceil(infinite if population is None else infinite / (1 + (infinite - 1) / population)))


def _width(audits: int, prevalence: float, level: float) -> float:
    hits = prevalence * audits + 0.5
    tails = np.array([(1 - level) / 2, (1 + level) / 2])
    low, high = beta.ppf(tails, hits, audits + 1 - hits)
    return float(high - low)

"""Krippendorff's alpha for nominal answers, by its published formula, for any number of answers.

Klaus Krippendorff (2011), Computing Krippendorff's Alpha-Reliability. The known packages are GPL or not kept.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Sequence
from itertools import permutations


def alpha(units: Sequence[Sequence[str]], weights: Sequence[float] | None = None) -> float | None:
    """1 minus observed over expected disagreement; None where no two answers differ in any unit or between.

    Args:
        units: the answers on each unit; one with fewer than two counts for nothing.
        weights: of the units; their mean is brought to 1. All are 1 without.
    """
    pairable = [
        (unit, w) for unit, w in zip(units, weights or [1.0] * len(units), strict=True) if len(unit) > 1
    ]
    if not pairable:
        return None
    mean = sum(w for _, w in pairable) / len(pairable)
    together: dict[tuple[str, str], float] = defaultdict(float)
    for unit, weight in pairable:
        for pair, count in Counter(permutations(unit, 2)).items():
            together[pair] += count * weight / mean / (len(unit) - 1)
    totals: dict[str, float] = defaultdict(float)
    for (one, _), times in together.items():
        totals[one] += times
    whole = sum(totals.values())
    expected = sum(a * b for (x, a), (y, b) in permutations(totals.items(), 2) if x != y)
    observed = sum(times for (one, other), times in together.items() if one != other)
    return 1 - (whole - 1) * observed / expected if expected else None

"""Who is whose return: probabilities that know their rivals, and at most one former account per newcomer."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from havenwall.network.returns.sketch import Values

Rows = NDArray[np.int64]


def among_rivals(log_odds: Values, former: Rows, newcomer: Rows, *, both: bool) -> Values:
    """Probability of each pair, given that a newcomer is the return of one former account at most.

    Evidence that fits many pairs alike, such as the audience that a whole network shares, then proves none of
    them: odds are divided among the rivals and "nobody's return".

    Args:
        log_odds: (m,) of each pair by itself.
        former: (m,) removed accounts.
        newcomer: (m,) newcomers.
        both: whether a former account has one return at most, too.
    """
    odds = np.exp(np.clip(log_odds, -700, 30))
    rivals = _sum_by(newcomer, odds)
    if both:
        rivals = rivals + _sum_by(former, odds) - odds
    return odds / (1 + rivals)


def assign(probability: Values, former: Rows, newcomer: Rows, successors: int) -> Rows:
    """Places of the pairs to keep: the likeliest first, each newcomer once, each former `successors` times.

    Taking the likeliest pair first gives the one stable matching there is when both sides rank by the same
    probability (D. Gale, L. Shapley, 1962). Of equals the lower rows go first.
    """
    order = np.lexsort((newcomer, former, -probability))
    taken: set[int] = set()
    used: dict[int, int] = {}
    kept = []
    for place in order.tolist():
        one, other = int(former[place]), int(newcomer[place])
        if other in taken or used.get(one, 0) >= successors:
            continue
        taken.add(other)
        used[one] = used.get(one, 0) + 1
        kept.append(place)
    return np.array(kept, np.int64)


def _sum_by(group: Rows, values: Values) -> Values:
    _, place = np.unique(group, return_inverse=True)
    total = np.zeros(int(place.max(initial=-1)) + 1)
    np.add.at(total, place, values)
    return total[place]

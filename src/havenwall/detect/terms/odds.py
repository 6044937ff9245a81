"""Log-odds with an informative Dirichlet prior: which terms one group uses more than another.

Monroe, Colaresi & Quinn, "Fightin' Words", Political Analysis 16(4), 2008, equations 16 and 18 to 22.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]


class Odds(NamedTuple):
    """(t,) each: log-odds ratio of use, and its standard error."""

    delta: Floats
    error: Floats

    @property
    def z(self) -> Floats:
        """(t,) log-odds in standard errors."""
        return self.delta / self.error


def log_odds(ours: Floats, others: Floats, prior: Floats) -> Odds:
    """How much more one group uses each of t terms than another.

    Args:
        ours: (t,) counts in one group, 0 or more; may be fractions.
        others: (t,) counts in the other.
        prior: (t,) counts to begin with in either group, all above 0: what everybody's use leads to expect.
    """
    first, second = _logit(ours + prior), _logit(others + prior)
    return Odds(first - second, np.sqrt(1 / (ours + prior) + 1 / (others + prior)))


def dirichlet(background: Floats, size: float, floor: float) -> Floats:
    """(t,) prior counts in proportion to the background's, worth `size` in all, each at least `floor`."""
    total = background.sum()
    return np.maximum(background / total * size if total else 0.0 * background, floor)


def _logit(count: Floats) -> Floats:
    rest = count.sum() - count
    # With a single term there is nothing else to compare with; the ratio is then 1 in both groups.
    return np.log(count / np.where(rest > 0, rest, 1.0))

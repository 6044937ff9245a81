"""The statistics of an audit: intervals, permutation tests, bounds and time to first exposure.

The unit is the test account within its platform, never the recommendation slot. Twenty slots of one
list, and ten lists of one account, say nearly the same thing; counted as independent they gave
intervals ten times too narrow (±0.003 against ±0.032 on the same audit).
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy.stats import beta, norm, t

_EXACT_UP_TO = 12
"""Up to this many units all sign patterns are enumerated (4,096)."""


def cluster_interval(
    values: NDArray[np.float64], draws: int, rng: np.random.Generator, level: float = 0.95
) -> tuple[float, float]:
    """Interval for the mean of (platforms, accounts) values by a two-stage cluster bootstrap.

    Resamples platforms, then accounts within each. Plain percentiles are too narrow for a handful of
    clusters (85 % coverage at five), so the tails are widened as for Student's t: Hesterberg, What
    Teachers Should Know About the Bootstrap (2015), the expanded percentile interval. Simulated
    coverage of the 95 % interval: 92 to 100 % from five platforms on, only 80 % at three when
    platforms differ much. With one platform, it describes that platform alone.
    """
    platforms, accounts = values.shape
    platform = rng.integers(platforms, size=(draws, platforms, 1))
    account = rng.integers(accounts, size=(draws, platforms, accounts))
    means = values[platform, account].mean(axis=(1, 2))
    tail = _expanded_tail(platforms if platforms > 1 else accounts, level)
    low, high = np.quantile(means, [tail, 1 - tail])
    return float(low), float(high)


def _expanded_tail(units: int, level: float) -> float:
    if units < 2:
        return 0.0
    spread = np.sqrt(units / (units - 1)) * t.ppf((1 - level) / 2, units - 1)
    return float(norm.cdf(spread))


def sign_flip_p(differences: NDArray[np.float64], rng: np.random.Generator, draws: int = 9_999) -> float:
    """Two-sided p of paired differences (units,) under sign flips, for the mean.

    All patterns are tried up to twelve units, so the smallest possible p is 2 ** (1 - units). Beyond,
    `draws` random patterns and (1 + hits) / (1 + draws), which is never zero: Phipson and Smyth,
    Permutation P-values Should Never Be Zero (2010).
    """
    units = differences.size
    exact = units <= _EXACT_UP_TO
    signs = _all_signs(units) if exact else rng.choice(np.array([-1.0, 1.0]), size=(draws, units))
    # Sums of the same numbers in another order differ in the last bits; equal patterns must count.
    observed = abs(float(differences.sum())) - 1e-9
    hits = int((np.abs(signs @ differences) >= observed).sum())
    return hits / len(signs) if exact else (1 + hits) / (1 + draws)


def _all_signs(units: int) -> NDArray[np.float64]:
    bits = (np.arange(2**units)[:, None] >> np.arange(units)) & 1
    return (bits * 2 - 1).astype(np.float64)


def zero_event_upper(trials: int, level: float = 0.95) -> float:
    """Greatest event rate that zero events in `trials` leave possible, exact and one-sided.

    Clopper and Pearson (1934). It takes trials as independent, so accounts that share a platform make
    it a little too low.
    """
    return float(beta.ppf(level, 1, trials))


def median_survival(rounds: NDArray[np.int64], happened: NDArray[np.bool_]) -> int | None:
    """Round by which half of the accounts have had the event; None if fewer than half ever do.

    Kaplan and Meier (1958). `rounds` (units,) is the round of the event, or the last one watched where
    `happened` is False.
    """
    surviving = 1.0
    for at in np.unique(rounds[happened]):
        at_risk = int((rounds >= at).sum())
        surviving *= 1 - int((happened & (rounds == at)).sum()) / at_risk
        if surviving <= 0.5 + 1e-12:
            return int(at)
    return None

"""Intervals for a mean over platforms and the test accounts on them."""

from __future__ import annotations

import math

import msgspec
import numpy as np
from numpy.typing import NDArray
from scipy.special import expit, logit
from scipy.stats import norm, t

_BLOCK = 2_000_000
"""Resampled values held at once: about 50 MB with their indices."""
_NOTHING = 1e-12
"""Sums of floating-point numbers that should come to 0 may miss it by less."""


class Spread(msgspec.Struct, frozen=True, kw_only=True):
    """A mean and how far it may lie from the truth."""

    mean: float
    error: float
    """Standard error; NaN where one unit alone says nothing about it."""
    freedom: int
    """Degrees of freedom of the error: units less one."""


def spread(values: NDArray[np.float64]) -> Spread:
    """Mean of (platforms, accounts) values and its error, from the spread of the platforms' means.

    The error holds whatever accounts of one platform have in common, without estimating it: for equal
    numbers of accounts it is the analysis of variance with random platforms (Searle, Casella and
    McCulloch, Variance Components, 1992, section 3.5), where Satterthwaite's degrees of freedom are
    the platforms less one. With one platform the accounts are the units, and the error speaks about
    that platform alone.
    """
    units = values.mean(axis=1) if len(values) > 1 else values.ravel()
    error = float(units.std(ddof=1)) / math.sqrt(units.size) if units.size > 1 else math.nan
    error = 0.0 if error < _NOTHING else error
    return Spread(mean=float(units.mean()), error=error, freedom=units.size - 1)


def logit_spread(values: NDArray[np.float64]) -> Spread | None:
    """Logit of the mean of (platforms, accounts) shares, without its bias, and its error.

    Student's t on Tukey's pseudo-values, leaving out one platform at a time: Miller, The Jackknife, a
    Review (1974). None where the logit is not finite or its error is 0 or unknown.
    """
    plain = spread(values)
    if not plain.freedom or not plain.error or not 0 < plain.mean < 1:
        return None
    units = values.mean(axis=1) if len(values) > 1 else values.ravel()
    centre = float(logit(plain.mean))
    without = (units.sum() - units) / plain.freedom
    if not ((without > _NOTHING) & (without < 1 - _NOTHING)).all():
        # Without one unit nothing is left; the delta method still gives an error.
        error = plain.error / (plain.mean * (1 - plain.mean))
        return Spread(mean=centre, error=error, freedom=plain.freedom)
    pseudo = units.size * centre - plain.freedom * logit(without)
    error = float(pseudo.std(ddof=1)) / math.sqrt(units.size)
    return Spread(mean=float(pseudo.mean()), error=error, freedom=plain.freedom)


def share_interval(values: NDArray[np.float64], level: float = 0.95) -> tuple[float, float]:
    """Interval for the mean of (platforms, accounts) shares 0..1, by `logit_spread`.

    It stays within 0..1 and leans away from the nearer end, as the sampling distribution of a small
    share does. Of the intervals measured it alone covered 93 to 97 % also where few platforms leak much
    and the others little (benchmarks/audit_calibration.py). Values that are all equal give an interval
    of no width: see `share_test` for what few events leave possible.
    """
    plain, found = spread(values), logit_spread(values)
    if not plain.freedom:
        return 0.0, 1.0
    if found is None:
        return plain.mean, plain.mean
    reach = _reach(found, level)
    low, high = float(expit(found.mean - reach)), float(expit(found.mean + reach))
    return min(low, plain.mean), max(high, plain.mean)


def difference_interval(values: NDArray[np.float64], level: float = 0.95) -> tuple[float, float]:
    """Interval for the mean of (platforms, accounts) paired differences -1..1: Student's t."""
    found = spread(values)
    if not found.freedom:
        return -1.0, 1.0
    reach = _reach(found, level)
    return max(found.mean - reach, -1.0), min(found.mean + reach, 1.0)


def _reach(found: Spread, level: float) -> float:
    return float(t.ppf((1 + level) / 2, found.freedom)) * found.error


def cluster_interval(
    values: NDArray[np.float64], draws: int, rng: np.random.Generator, level: float = 0.95
) -> tuple[float, float]:
    """Interval for the mean of (platforms, accounts) values by a two-stage cluster bootstrap.

    Resamples platforms, then accounts within each. Plain percentiles are too narrow for a handful of
    clusters (85 % coverage at five), so the tails are widened as for Student's t: Hesterberg, What
    Teachers Should Know About the Bootstrap (2015), the expanded percentile interval. It assumes no
    shape, but counts what differs between accounts twice: it is up to 1.4 times too wide where
    platforms are alike (99 to 100 % coverage), and too narrow where they differ by more than
    their mean (82 to 87 %). Verdicts use `share_interval`. With one platform, it describes that
    platform alone.
    """
    means = _resampled(values, draws, rng)
    platforms, accounts = values.shape
    tail = _expanded_tail(platforms if platforms > 1 else accounts, level)
    low, high = np.quantile(means, [tail, 1 - tail])
    return float(low), float(high)


def _resampled(values: NDArray[np.float64], draws: int, rng: np.random.Generator) -> NDArray[np.float64]:
    """Means (draws,) of resampled platforms and accounts, a block of draws at a time."""
    platforms, accounts = values.shape
    platform = rng.integers(platforms, size=(draws, platforms, 1))
    means = np.empty(draws)
    step = max(1, _BLOCK // values.size)
    for at in range(0, draws, step):
        chosen = platform[at : at + step]
        account = rng.integers(accounts, size=(len(chosen), platforms, accounts))
        means[at : at + step] = values[chosen, account].mean(axis=(1, 2))
    return means


def _expanded_tail(units: int, level: float) -> float:
    if units < 2:
        return 0.0
    wide = np.sqrt(units / (units - 1)) * t.ppf((1 - level) / 2, units - 1)
    return float(norm.cdf(wide))

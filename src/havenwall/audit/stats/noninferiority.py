"""One-sided tests of a mean against a limit: is it safe to say that it lies below, or above?

A difference that is "not significant" proves nothing: an audit of two accounts never finds one. The
burden lies on the release, as on a new medicine: Wellek, Testing Statistical Hypotheses of Equivalence
and Noninferiority (2010), chapter 2. The whole interval must lie on one side of the limit.
"""

from __future__ import annotations

import msgspec
import numpy as np
from numpy.typing import NDArray
from scipy.special import logit
from scipy.stats import t

from havenwall.audit.stats.bounds import FEW, chance_of_fewer, effective_trials, exact_bounds
from havenwall.audit.stats.interval import (
    Spread,
    difference_interval,
    logit_spread,
    share_interval,
    spread,
)

SLACK = 1e-12
"""Means of floating-point numbers may miss the limit they lie on by less."""


class Test(msgspec.Struct, frozen=True, kw_only=True):
    """A mean beside its limit."""

    __test__ = False

    value: float
    low: float
    high: float
    p_above: float
    """Small if the truth hardly lies at or below the limit."""
    p_below: float
    """Small if the truth hardly lies above the limit."""
    few: bool
    """Fewer than `FEW` accounts had an event: `high` is bounded by the exact rate too."""


def share_test(
    values: NDArray[np.float64], limit: float, *, icc: float, ceiling: float = 1.0, level: float = 0.95
) -> Test:
    """Mean of (platforms, accounts) shares against `limit`, both 0..1.

    Args:
        values: an account's share; above 0 is an event.
        limit: the greatest mean allowed.
        icc: how alike accounts of one platform are taken to be where events are too few to tell.
        ceiling: the greatest share one account is taken to be able to have.
        level: of the two-sided interval; its upper end is a one-sided bound at (1 + level) / 2. With no
            event at all the bound is one-sided at `level`.
    """
    found, scaled = spread(values), logit_spread(values)
    low, high = share_interval(values, level)
    above = _p_above(scaled, scaled.mean - float(logit(limit))) if scaled else _certain(found, limit)
    events = int((values > 0).sum())
    plain = Test(value=found.mean, low=low, high=high, p_above=above, p_below=1 - above, few=False)
    return _bounded(plain, values.shape, events, limit, icc, ceiling, level)


def difference_test(
    values: NDArray[np.float64], margin: float, *, icc: float, ceiling: float = 1.0, level: float = 0.95
) -> Test:
    """Mean of (platforms, accounts) paired differences -1..1 against a non-inferiority margin 0..1.

    Arguments as for `share_test`; an event is an account for which the arms differ, and where these are
    few the interval is bounded on both sides.
    """
    found = spread(values)
    low, high = difference_interval(values, level)
    above = _p_above(found, found.mean - margin) if found.error else _certain(found, margin)
    events = int((values != 0).sum())
    plain = Test(value=found.mean, low=low, high=high, p_above=above, p_below=1 - above, few=False)
    test = _bounded(plain, values.shape, events, margin, icc, ceiling, level)
    return msgspec.structs.replace(test, low=min(low, -test.high)) if test.few else test


def _p_above(found: Spread, gap: float) -> float:
    return float(t.sf(gap / found.error, found.freedom)) if found.freedom else 1.0


def _certain(found: Spread, limit: float) -> float:
    return 0.0 if found.freedom and found.mean > limit + SLACK else 1.0


def _bounded(
    plain: Test, shape: tuple[int, ...], events: int, limit: float, icc: float, ceiling: float, level: float
) -> Test:
    """The same with the exact bound: accounts with an event may be more, and each as bad as `ceiling`."""
    platforms, accounts = shape
    if events >= FEW:
        return plain
    trials = effective_trials(platforms, accounts, icc)
    counted = events * trials / (platforms * accounts)
    bound = exact_bounds(counted, trials, level)[1] * ceiling
    below = chance_of_fewer(counted, trials, limit / ceiling)
    return msgspec.structs.replace(
        plain, high=max(plain.high, bound), p_below=max(plain.p_below, below), few=True
    )

"""How large an audit must be: what accounts of one platform have in common, and what follows from it."""

from __future__ import annotations

import math

import msgspec
import numpy as np
from numpy.typing import NDArray
from scipy.stats import beta, nct, norm, t

POWER = 0.8
PLATFORM_COST = 100
"""Test accounts that cost as much as one more platform: a model has to be trained for it."""
_LEAST, _MOST = 5, 1_000
"""Platform seeds to choose from; below five the intervals are not to be trusted."""
_MOST_ACCOUNTS = 10_000


class Components(msgspec.Struct, frozen=True, kw_only=True):
    """Variance of accounts' values, taken apart."""

    between: float
    """Of the platforms' true means."""
    within: float
    """Of accounts on one platform."""

    @property
    def icc(self) -> float:
        """Intraclass correlation 0..1: the part of the variance that accounts of a platform share."""
        total = self.between + self.within
        return self.between / total if total else 0.0


class Sizes(msgspec.Struct, frozen=True, kw_only=True):
    """How many to take."""

    platform_seeds: int
    accounts: int
    """Test accounts on each platform."""


def components(values: NDArray[np.float64]) -> Components:
    """Variance components of a pilot (platforms, accounts), by the analysis of variance.

    Searle, Casella and McCulloch, Variance Components (1992), chapter 3; a negative estimate is taken
    as 0. One platform tells nothing about others: `between` is 0 then.
    """
    platforms, accounts = values.shape
    within = float(values.var(axis=1, ddof=1).mean()) if accounts > 1 else 0.0
    means = float(values.mean(axis=1).var(ddof=1)) if platforms > 1 else 0.0
    return Components(between=max(means - within / accounts, 0.0), within=within)


def design_effect(icc: float, accounts: int) -> float:
    """By what factor the variance grows because `accounts` share a platform (Kish 1965)."""
    return 1 + (accounts - 1) * icc


def standard_error(pilot: Components, sizes: Sizes) -> float:
    """Standard error of the mean that an audit of these sizes will have."""
    return math.sqrt((pilot.between + pilot.within / sizes.accounts) / sizes.platform_seeds)


def detectable(error: float, freedom: int, level: float = 0.95, power: float = POWER) -> float:
    """Minimum detectable effect: the distance from the limit that is told from it with this power.

    Two-sided `level`; `error` and `freedom` as in `Spread`; infinite without freedom.
    """
    if freedom < 1:
        return math.inf
    return float(t.ppf((1 + level) / 2, freedom) + t.ppf(power, freedom)) * error


def chance(distance: float, error: float, freedom: int, level: float = 0.95) -> float:
    """Power: how often the interval lies wholly beyond a limit at this distance from the truth.

    Exact for normal platform means, by the noncentral t distribution.
    """
    return float(nct.sf(t.ppf((1 + level) / 2, freedom), freedom, distance / error))


def sizes_needed(
    pilot: Components,
    distance: float,
    *,
    one_platform: bool = False,
    level: float = 0.95,
    power: float = POWER,
    platform_cost: float = PLATFORM_COST,
) -> Sizes | None:
    """Cheapest sizes that tell the mean from a limit at `distance`; None if none within reason do.

    Args:
        pilot: variance components of an earlier audit.
        distance: between the mean expected and the limit, above 0.
        one_platform: there is only one and there will be no other.
        level: of the two-sided interval.
        power: chance wanted.
        platform_cost: accounts that cost as much as one more platform.
    """
    if distance <= 0:
        return None
    seeds = np.array([1]) if one_platform else np.arange(_LEAST, _MOST + 1)
    reach = (
        np.array([norm.ppf((1 + level) / 2) + norm.ppf(power)])
        if one_platform
        else t.ppf((1 + level) / 2, seeds - 1) + t.ppf(power, seeds - 1)
    )
    spare = seeds * (distance / reach) ** 2 - pilot.between
    with np.errstate(divide="ignore"):
        accounts = np.where(spare > 0, np.ceil(pilot.within / spare), np.inf)
    return _cheapest(seeds, np.maximum(accounts, 2), platform_cost)


def sizes_for_few(
    limit: float,
    *,
    rate: float = 0.0,
    icc: float,
    one_platform: bool = False,
    level: float = 0.95,
    platform_cost: float = PLATFORM_COST,
) -> Sizes | None:
    """Cheapest sizes for which events at `rate` leave no more than `limit` possible; None if none do.

    By the exact bound over effective accounts; both are shares of accounts, rate below limit.
    """
    trials = _trials(limit, rate, level)
    if trials is None:
        return None
    seeds = np.array([1]) if one_platform else np.arange(_LEAST, _MOST + 1)
    icc = 0.0 if one_platform else icc
    # From trials = seeds * accounts / (1 + (accounts - 1) * icc), solved for the accounts.
    spare = seeds - trials * icc
    with np.errstate(divide="ignore"):
        accounts = np.where(spare > 0, np.ceil(trials * (1 - icc) / spare), np.inf)
    return _cheapest(seeds, np.maximum(accounts, 2), platform_cost)


def _trials(limit: float, rate: float, level: float) -> float | None:
    """Fewest independent accounts (to 2 %) for which the exact bound lies at or below the limit."""
    if limit >= 1:
        return 1.0
    if rate >= limit:
        return None
    if rate == 0:
        return math.log(1 - level) / math.log1p(-limit)
    trials = np.geomspace(1, 1e7, 815)
    bound = beta.ppf((1 + level) / 2, rate * trials + 1, (1 - rate) * trials)
    enough = np.flatnonzero(bound <= limit)
    return float(trials[enough[0]]) if enough.size else None


def _cheapest(seeds: NDArray[np.int64], accounts: NDArray[np.float64], platform_cost: float) -> Sizes | None:
    cost = np.where(accounts <= _MOST_ACCOUNTS, seeds * (accounts + platform_cost), np.inf)
    best = int(cost.argmin())
    if not np.isfinite(cost[best]):
        return None
    return Sizes(platform_seeds=int(seeds[best]), accounts=int(accounts[best]))

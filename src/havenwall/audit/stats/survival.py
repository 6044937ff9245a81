"""Time to first exposure, with accounts that were never exposed as censored."""

from __future__ import annotations

import warnings
from typing import Any

import msgspec
import numpy as np
from numpy.typing import NDArray
from scipy.stats import CensoredData, ecdf

_HALF = 0.5 + 1e-12
"""Products of fractions miss a half in the last bits."""


class SurvivalCurve(msgspec.Struct, frozen=True, kw_only=True):
    """Share of accounts not yet exposed after each round in which one was, or left."""

    rounds: list[int]
    surviving: list[float]
    low: list[float | None]
    high: list[float | None]
    """Pointwise interval; null where all or none are left and it is not defined."""
    median: int | None
    """Round by which half have been exposed; null if fewer than half ever were."""


def survival_curve(
    rounds: NDArray[np.int64], happened: NDArray[np.bool_], level: float = 0.95
) -> SurvivalCurve:
    """Kaplan–Meier curve with Greenwood's variance on the log-log scale.

    Kaplan and Meier, Nonparametric Estimation from Incomplete Observations (1958); Kalbfleisch and
    Prentice (1980) for the scale, which keeps the interval within 0..1. Accounts are taken as
    independent: the interval is about these platforms, not about others.

    Args:
        rounds: (units,), at least one; the round of the event, or the last one watched.
        happened: (units,), False where it is the last one watched.
        level: of the pointwise interval.
    """
    curve: Any = ecdf(CensoredData.right_censored(rounds, ~happened)).sf
    with warnings.catch_warnings(), np.errstate(all="ignore"):
        # It warns where all or none are left; null says the same.
        warnings.simplefilter("ignore", RuntimeWarning)
        band = curve.confidence_interval(level, method="log-log")
    half = np.flatnonzero(curve.probabilities <= _HALF)
    return SurvivalCurve(
        rounds=[int(r) for r in curve.quantiles],
        surviving=curve.probabilities.tolist(),
        low=_known(band.low.probabilities),
        high=_known(band.high.probabilities),
        median=int(curve.quantiles[half[0]]) if half.size else None,
    )


def _known(shares: NDArray[np.float64]) -> list[float | None]:
    return [float(s) if np.isfinite(s) else None for s in shares]


def median_survival(rounds: NDArray[np.int64], happened: NDArray[np.bool_]) -> int | None:
    """The median of `survival_curve`."""
    return survival_curve(rounds, happened).median

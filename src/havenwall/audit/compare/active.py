"""What became of the accounts found: the share still active, and the difference between two platforms."""

from __future__ import annotations

import math
import warnings
from bisect import bisect_right
from collections.abc import Sequence
from itertools import combinations
from typing import Any, NamedTuple

import numpy as np
from scipy.stats import CensoredData, beta, ecdf

from havenwall.audit.compare.request import CompareRequest, Lifetime, Platform
from havenwall.audit.compare.result import ActiveDifference, Span, StillActive
from havenwall.audit.compare.signs import shared_level, sign_of

EXACT = "exact binomial"
KAPLAN_MEIER = "Kaplan–Meier"


class Known(NamedTuple):
    """What is known of a platform's accounts: on which days, and whether between them too."""

    points: list[StillActive]
    between: bool

    def at(self, day: float) -> StillActive | None:
        """The share on a day; None where it is not known."""
        at = bisect_right(self.points, day, key=lambda point: point.day) - 1
        if at < 0 or day > self.points[-1].day:
            return None
        return self.points[at] if self.between or self.points[at].day == day else None


def still_active(platform: Platform, level: float) -> Known:
    """Share still active at each check, or after each day on which an account was first seen gone.

    Checks: exact binomial (Clopper and Pearson 1934). Lifetimes: Kaplan and Meier (1958), with Greenwood's
    variance on the log-log scale, by scipy.
    """
    known = platform.survival
    if known is None:
        return Known([], between=False)
    if known.lifetimes is not None:
        return Known(_curve(platform.name, known.lifetimes, level), between=True)
    looks = [(c.day, c.active, platform.found if c.of is None else c.of) for c in known.checks or []]
    return Known([_looked(platform.name, *look, level) for look in looks], between=False)


def exact_share(events: int, trials: int, level: float) -> Span:
    """A share with its exact binomial interval (Clopper and Pearson 1934)."""
    low = beta.ppf((1 - level) / 2, events, trials - events + 1) if events else 0.0
    high = beta.ppf((1 + level) / 2, events + 1, trials - events) if events < trials else 1.0
    return Span(value=events / trials, low=float(low), high=float(high))


def differences(request: CompareRequest) -> list[ActiveDifference]:
    """Every pair of platforms on the last day that both know, with intervals that hold together."""
    level = shared_level(request)
    known = [(p.name, still_active(p, level)) for p in request.platforms]
    found = (_difference(*one, *other) for one, other in combinations(known, 2))
    return [one for one in found if one]


def difference(one: Span, other: Span) -> Span:
    """One share less the other, from the two intervals: Newcombe (1998); Zou and Donner (2008)."""
    value = one.value - other.value
    down = math.hypot(one.value - one.low, other.high - other.value)
    up = math.hypot(one.high - one.value, other.value - other.low)
    return Span(value=value, low=value - down, high=value + up)


def _difference(first: str, one: Known, second: str, other: Known) -> ActiveDifference | None:
    for day in sorted({p.day for p in (*one.points, *other.points)}, reverse=True):
        here, there = one.at(day), other.at(day)
        if here and there:
            span = difference(here.share, there.share)
            sign = sign_of(span, 0)
            return ActiveDifference(first=first, second=second, day=day, difference=span, sign=sign)
    return None


def _looked(name: str, day: float, active: int, of: int, level: float) -> StillActive:
    share = exact_share(active, of, level)
    return StillActive(platform=name, day=day, share=share, at_risk=of, method=EXACT)


def _curve(name: str, lives: Sequence[Lifetime], level: float) -> list[StillActive]:
    """An account counts as active until the look that found it gone: between looks the curve is too high."""
    gone = [life.gone for life in lives if life.gone is not None]
    ended = [life.active for life in lives if life.gone is None]
    last = np.sort([*gone, *ended])
    sf: Any = ecdf(CensoredData(uncensored=gone, right=ended)).sf
    with warnings.catch_warnings(), np.errstate(all="ignore"):
        # It warns where the share is 0 or 1: there the formula has no answer, and `_share` takes another.
        warnings.simplefilter("ignore", RuntimeWarning)
        band: Any = sf.confidence_interval(level, method="log-log")
    at_risk = last.size - np.searchsorted(last, sf.quantiles)
    rows = zip(
        sf.quantiles, sf.probabilities, band.low.probabilities, band.high.probabilities, at_risk, strict=True
    )
    told = {*gone, float(last[-1])}
    return [
        StillActive(
            platform=name,
            day=float(day),
            share=_share(float(share), float(low), float(high), int(watched), level),
            at_risk=int(watched),
            method=KAPLAN_MEIER,
        )
        for day, share, low, high, watched in rows
        if day in told
    ]


def _share(value: float, low: float, high: float, watched: int, level: float) -> Span:
    if math.isfinite(low) and math.isfinite(high):
        return Span(value=value, low=low, high=high)
    # Nobody gone yet, or nobody left: the exact interval of those who were still watched.
    return exact_share(round(value * watched), watched, level)

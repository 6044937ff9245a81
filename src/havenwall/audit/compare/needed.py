"""What would settle the sign of a pair: more canaries, more effort, or both.

The log of the ratio is taken as normal with variance 1/x1 + 1/x2 from the finds and (1 - p) / (n p) from each
platform's canaries (the delta method). Its interval excludes zero in four of five repetitions when
the variance is below (log ratio / (z_interval + z_power))². An approximation, to plan with.
"""

from __future__ import annotations

import math

from scipy.stats import norm

from havenwall.audit.compare.rate import detection_parameters, shape_and_scale
from havenwall.audit.compare.request import CanaryKind, Platform, Prior
from havenwall.audit.compare.result import Needed

POWER = 0.8
_MOST_TIMES = 1_000.0
_SUPPOSED = 0.5
"""Share found that is supposed where no canary has been planted."""


def needed(
    first: Platform, second: Platform, ratio: float, prior: Prior, kind: CanaryKind | None, level: float
) -> Needed:
    """What would settle the sign if `ratio` is right. `level` is that of the interval the sign rests on."""
    aim = (math.log(ratio) / (norm.ppf((1 + level) / 2) + norm.ppf(POWER))) ** 2
    both = (first, second)
    if any(p.detection is None for p in both):
        return _first_canaries(both, aim - _of_finds(both, prior))
    finds, canaries = _of_finds(both, prior), _of_canaries(both, prior)
    more_canaries = _times(canaries, aim - finds)
    more_effort = _reachable(_times(finds, aim - canaries), both, prior, kind)
    more_both = _reachable(_times(finds + canaries, aim), both, prior, kind)
    planted = [math.ceil(p.detection.planted * more_canaries) for p in both if p.detection and more_canaries]
    return Needed(
        canaries=planted or None,
        effort_times=more_effort,
        both_times=more_both,
        words=_words(both, planted, more_effort, more_both),
    )


def _of_finds(both: tuple[Platform, ...], prior: Prior) -> float:
    return sum(1 / max(shape_and_scale(p, prior)[0], 0.5) for p in both)


def _of_canaries(both: tuple[Platform, ...], prior: Prior) -> float:
    parameters = [known for p in both if (known := detection_parameters(p, prior))]
    return sum(missed / ((found + missed) * max(found, 0.5)) for found, missed in parameters)


def _times(variance: float, allowed: float) -> float | None:
    if allowed <= 0 or variance / allowed > _MOST_TIMES:
        return None
    return max(1.0, variance / allowed)


def _reachable(
    times: float | None, both: tuple[Platform, ...], prior: Prior, kind: CanaryKind | None
) -> float | None:
    """None where a search would have to find more accounts than are there."""
    if times is None or kind != "search":
        return times
    shares = [a / (a + b) for p in both for a, b in [detection_parameters(p, prior) or (1.0, 0.0)]]
    return times if times * max(shares) <= 1 else None


def _first_canaries(both: tuple[Platform, ...], allowed: float) -> Needed:
    times = _times(2 * (1 - _SUPPOSED) / _SUPPOSED, allowed)
    if times is None:
        words = "canaries on both, and more effort: the found rates alone are too alike"
        return Needed(canaries=None, effort_times=None, both_times=None, words=words)
    count = max(10, math.ceil(times))
    names = " and ".join(p.name for p in both)
    words = f"about {count:,} canaries each on {names}, if half are found on both; more if the shares differ"
    return Needed(canaries=[count, count], effort_times=None, both_times=None, words=words)


def _words(
    both: tuple[Platform, ...], planted: list[int], effort: float | None, together: float | None
) -> str:
    ways = []
    if planted:
        ways.append(" and ".join(f"{n:,} canaries on {p.name}" for n, p in zip(planted, both, strict=True)))
    if effort:
        ways.append(f"{effort:.1f} times the effort on both")
    if not ways and together:
        ways.append(f"{together:.1f} times the effort and the canaries on both")
    if ways:
        return "about " + ", or ".join(ways)
    return "nothing practical: the two may be alike, or too few are found"

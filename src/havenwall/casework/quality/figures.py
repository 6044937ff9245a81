"""Figures of quality from reviews, each weighted by one over the probability with which it was drawn."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Sequence
from typing import TypeVar

import msgspec

from havenwall.casework.quality.alpha import alpha
from havenwall.model.quality import (
    Answer,
    Estimate,
    PolicyConfusion,
    QualityFigures,
    Review,
    ReviewState,
    StratumFigures,
)

_FEWEST = 10
"""Reviews below which no figure is given: it would say nothing, and might say who."""
_RESAMPLES = 400
_SEED = 7
_NO_POLICY = "none named"
T = TypeVar("T")


class Reviewed(msgspec.Struct, frozen=True, kw_only=True):
    """A review with its answers, without who gave them."""

    review: Review
    answers: tuple[Answer, ...] = ()

    @property
    def weight(self) -> float:
        """One over the probability."""
        return 1 / self.review.probability

    @property
    def second(self) -> str | None:
        """What the second person said."""
        return next((a.judged.value for a in self.answers if a.part == 2), None)

    @property
    def overturned(self) -> bool:
        """Whether the final answer is another one than the first."""
        return self.review.final is not None and self.review.final is not self.review.first


def figures(found: Sequence[Reviewed]) -> QualityFigures:
    """All figures; those on fewer than ten reviews are None."""
    drawn = [one for one in found if not one.review.golden]
    twice = [one for one in drawn if one.second is not None]
    settled = [one for one in drawn if one.review.state is ReviewState.SETTLED]
    golden = [(a.judged is one.review.first, 1.0) for one in found if one.review.golden for a in one.answers]
    median, slow = _hours(drawn)
    return QualityFigures(
        drawn=len(drawn),
        waiting=sum(one.review.state is ReviewState.WAITING for one in drawn),
        differ=sum(one.review.state is ReviewState.DIFFERS for one in drawn),
        kappa=_estimate(twice, _kappa),
        alpha=_estimate(twice, _alpha),
        overturned=_estimate([(one.overturned, one.weight) for one in settled], _share),
        golden_right=_estimate(golden, _share),
        strata=_strata(drawn),
        policies=_policies(settled),
        median_hours=median,
        slow_hours=slow,
    )


def _estimate(found: Sequence[T], statistic: Callable[[Sequence[T]], float | None]) -> Estimate:
    """The figure with its percentile bootstrap interval (Efron and Tibshirani 1993, ch. 13)."""
    value = statistic(found) if len(found) >= _FEWEST else None
    if value is None:
        return Estimate(value=None, low=None, high=None, reviews=len(found))
    import numpy as np
    from scipy.stats import bootstrap

    def again(places: Sequence[int]) -> float:
        # A resample in which all answers are the same has no figure; it shows full agreement.
        said = statistic([found[at] for at in places])
        return 1.0 if said is None else said

    interval = bootstrap(
        (np.arange(len(found)),),
        again,
        vectorized=False,
        n_resamples=_RESAMPLES,
        method="percentile",
        rng=np.random.default_rng(_SEED),
    ).confidence_interval
    return Estimate(
        value=float(value), low=float(interval.low), high=float(interval.high), reviews=len(found)
    )


def _kappa(found: Sequence[Reviewed]) -> float | None:
    from sklearn.metrics import cohen_kappa_score

    first, second = [one.review.first.value for one in found], [one.second for one in found]
    if len({*first, *second}) < 2:
        return None
    return float(cohen_kappa_score(first, second, sample_weight=[one.weight for one in found]))


def _alpha(found: Sequence[Reviewed]) -> float | None:
    units = [(one.review.first.value, one.second or "") for one in found]
    return alpha(units, [one.weight for one in found])


def _share(found: Sequence[tuple[bool, float]]) -> float | None:
    whole = sum(weight for _, weight in found)
    return sum(weight for yes, weight in found if yes) / whole if whole else None


def _strata(drawn: Sequence[Reviewed]) -> list[StratumFigures]:
    parts: dict[str, list[Reviewed]] = defaultdict(list)
    for one in drawn:
        parts[one.review.stratum].append(one)
    return [
        StratumFigures(
            stratum=name,
            drawn=len(part),
            settled=sum(one.review.state is ReviewState.SETTLED for one in part),
            overturned=sum(one.overturned for one in part),
        )
        for name, part in sorted(parts.items())
    ]


def _policies(settled: Sequence[Reviewed]) -> list[PolicyConfusion]:
    parts: dict[str, list[Reviewed]] = defaultdict(list)
    for one in settled:
        parts[one.review.policy or _NO_POLICY].append(one)
    return [_confusion(name, part) for name, part in sorted(parts.items())]


def _confusion(policy: str, part: Sequence[Reviewed]) -> PolicyConfusion:
    whole = sum(one.weight for one in part)
    shares: dict[str, dict[str, float]] = defaultdict(lambda: defaultdict(float))
    for one in part:
        final = one.review.final or one.review.first
        shares[one.review.first.value][final.value] += one.weight / whole
    plain = {first: dict(row) for first, row in shares.items()}
    return PolicyConfusion(policy=policy, reviews=len(part), shares=plain)


def _hours(drawn: Sequence[Reviewed]) -> tuple[float | None, float | None]:
    timed = sorted((w, one.weight) for one in drawn if (w := one.review.waited_seconds) is not None)
    if len(timed) < _FEWEST:
        return None, None
    return _quantile(timed, 0.5) / 3600, _quantile(timed, 0.9) / 3600


def _quantile(timed: Sequence[tuple[float, float]], share: float) -> float:
    left = share * sum(weight for _, weight in timed)
    for seconds, weight in timed:
        left -= weight
        if left <= 0:
            return seconds
    return timed[-1][0]

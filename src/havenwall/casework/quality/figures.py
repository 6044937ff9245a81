"""Figures of quality from reviews, each weighted by one over the probability with which it was drawn."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Sequence
from functools import partial
from typing import TYPE_CHECKING

import msgspec

from havenwall.casework.quality.resample import FEWEST, alpha, estimate, kappa, overturned, share
from havenwall.model.quality import (
    Answer,
    Estimate,
    Judged,
    PolicyConfusion,
    QualityFigures,
    Review,
    ReviewState,
    StratumFigures,
)

if TYPE_CHECKING:
    from havenwall.casework.quality.resample import Counts

_NO_POLICY = "none named"


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
    gold = [one for one in found if one.review.golden and one.review.state is not ReviewState.SETTLED]
    golden = [(int(a.judged is one.review.first), 1.0) for one in gold for a in one.answers]
    median, slow = _hours(drawn)
    return QualityFigures(
        drawn=len(drawn),
        waiting=sum(one.review.state is ReviewState.WAITING for one in drawn),
        differ=sum(one.review.state is ReviewState.DIFFERS for one in drawn),
        kappa=_agreement(twice, kappa),
        alpha=_agreement(twice, partial(alpha, units=len(twice))),
        overturned=_overturned(twice),
        golden_right=estimate(golden, 2, share),
        strata=_strata(drawn),
        policies=_policies(settled),
        median_hours=median,
        slow_hours=slow,
    )


def _agreement(found: Sequence[Reviewed], statistic: Callable[[Counts], float | None]) -> Estimate:
    said = [each.value for each in Judged]
    pairs = ((one.review.first.value, one.second or "", one.weight) for one in found)
    cells = [(said.index(first) * len(said) + said.index(second), weight) for first, second, weight in pairs]
    return estimate(cells, len(said) ** 2, statistic)


def _overturned(twice: Sequence[Reviewed]) -> Estimate:
    cells = [(_outcome(one), one.weight) for one in twice]
    told = estimate(cells, 4, overturned)
    unsettled = any(cell == 1 for cell, _ in cells) and not any(cell > 1 for cell, _ in cells)
    # Nobody knows yet how any of the differences comes out.
    return Estimate(value=None, low=None, high=None, reviews=len(cells)) if unsettled else told


def _outcome(one: Reviewed) -> int:
    if one.second == one.review.first.value:
        return 0
    if one.review.state is not ReviewState.SETTLED:
        return 1
    return 3 if one.overturned else 2


def _strata(drawn: Sequence[Reviewed]) -> list[StratumFigures]:
    parts: dict[str, list[Reviewed]] = defaultdict(list)
    for one in drawn:
        parts[one.review.stratum].append(one)
    return [
        StratumFigures(
            stratum=name,
            drawn=len(part),
            settled=(settled := sum(one.review.state is ReviewState.SETTLED for one in part)),
            overturned=sum(one.overturned for one in part) if settled >= FEWEST else None,
        )
        for name, part in sorted(parts.items())
    ]


def _policies(settled: Sequence[Reviewed]) -> list[PolicyConfusion]:
    parts: dict[str, list[Reviewed]] = defaultdict(list)
    for one in settled:
        parts[one.review.policy or _NO_POLICY].append(one)
    return [_confusion(name, part) for name, part in sorted(parts.items())]


def _confusion(policy: str, part: Sequence[Reviewed]) -> PolicyConfusion:
    if len(part) < FEWEST:
        return PolicyConfusion(policy=policy, reviews=len(part), shares={})
    whole = sum(one.weight for one in part)
    shares: dict[str, dict[str, float]] = defaultdict(lambda: defaultdict(float))
    for one in part:
        final = one.review.final or one.review.first
        shares[one.review.first.value][final.value] += one.weight / whole
    plain = {first: dict(row) for first, row in shares.items()}
    return PolicyConfusion(policy=policy, reviews=len(part), shares=plain)


def _hours(drawn: Sequence[Reviewed]) -> tuple[float | None, float | None]:
    timed = sorted((w, one.weight) for one in drawn if (w := one.review.waited_seconds) is not None)
    if len(timed) < FEWEST:
        return None, None
    return _quantile(timed, 0.5) / 3600, _quantile(timed, 0.9) / 3600


def _quantile(timed: Sequence[tuple[float, float]], share: float) -> float:
    left = share * sum(weight for _, weight in timed)
    for seconds, weight in timed:
        left -= weight
        if left <= 0:
            return seconds
    return timed[-1][0]

"""Precision of what is flagged and recall of all members, from audits drawn with known chances."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from havenwall.errors import NotReady
from havenwall.model import Bucket
from havenwall.model.precision import Estimate, Share
from havenwall.network.precision.share import share_among
from havenwall.network.precision.tally import Audits, Floats, Tally, tally


def estimate(
    buckets: Sequence[Bucket], audits: Audits, *, level: float = 0.95, draws: int = 10_000, seed: int = 0
) -> Estimate:
    """Precision, recall and bucket shares with intervals.

    Each bucket has a Beta–Binomial posterior (buckets after arXiv 2009.14519): what was seen is certain, the
    rest is drawn. The buckets are drawn together and added up. A full Jeffreys prior in every bucket would
    pull the sum towards one half once per bucket (measured: 64 % coverage for six buckets of ten audits
    each at a precision of .98), so one Jeffreys prior is shared among them, by their part in the variance,
    and counts are scaled so that each bucket's variance is unbiased.

    Args:
        buckets: all buckets of the cut that the audits were drawn from.
        audits: the finished ones.
        level: of the intervals. Several looks at growing samples need a higher one, see `level_for`.
        draws: size of the Monte Carlo sample.
        seed: of the Monte Carlo sample.

    Raises:
        BadInput: as for `tally`.
        NotReady: nothing is flagged, or none of it was audited.
    """
    found = tally(buckets, audits)
    if not found.seen[found.flagged].any():
        raise NotReady("no flagged account was audited", hint="draw a sample and have it audited first")
    rng = np.random.default_rng(seed)
    return Estimate(
        precision=_precision(found, level, draws, rng),
        recall=_recall(found, np.ones(len(buckets), np.bool_), level, draws, rng),
        recall_reported=_recall(found, ~found.far, level, draws, rng),
        members=float(found.members.sum()),
        buckets=tuple(_one(found, row, level) for row in range(len(buckets))),
        flagged=int(found.size[found.flagged].sum()),
        audits=int(found.seen[found.flagged].sum()),
        correlation=found.correlation,
        level=level,
    )


def _precision(found: Tally, level: float, draws: int, rng: np.random.Generator) -> Share:
    own = found.flagged
    size = found.size[own].sum()
    drawn = _members(found, own.astype(np.float64), draws, rng)[:, own].sum(axis=1) / size
    return _share(found.members[own].sum() / size, drawn, drawn, level)


def _recall(
    found: Tally, counted: NDArray[np.bool_], level: float, draws: int, rng: np.random.Generator
) -> Share:
    """Lower end from the draws; for the upper end, buckets in which nobody was found may hold nobody."""
    caught, missed = found.flagged, counted & ~found.flagged
    value = _ratio(found.members[caught].sum(), found.members[missed].sum())
    drawn = _members(found, np.where(caught, 1 - value, value) * counted, draws, rng)
    above, below = drawn[:, caught].sum(axis=1), drawn[:, missed].sum(axis=1)
    sure = drawn[:, missed & (found.found > 0)].sum(axis=1)
    return _share(float(value), _ratio(above, below), _ratio(above, sure), level)


def _ratio(above: Floats, below: Floats) -> Floats:
    total = above + below
    return np.where(total > 0, above / np.maximum(total, 1e-12), 0.5)


def _members(found: Tally, matters: Floats, draws: int, rng: np.random.Generator) -> Floats:
    """(draws, h) members per bucket; `matters` (h,) is how the target moves with each bucket's members."""
    part = _part_of_variance(found, matters)
    known = found.worth > 0
    prior = np.where(known, np.maximum(part / 2, 1e-6), 0.5)
    worth = np.where(known, np.maximum(found.worth - 2 * (1 - part), np.minimum(found.worth, 1)), 0)
    share = rng.beta(worth * found.rate + prior, worth * (1 - found.rate) + prior, (draws, len(prior)))
    units = np.round(found.unseen / found.design_effect).astype(np.int64)
    return found.found + found.unseen * rng.binomial(units, share) / np.maximum(units, 1)


def _part_of_variance(found: Tally, matters: Floats) -> Floats:
    """(h,) each bucket's part in the variance of the target, were all buckets equally uncertain per audit."""
    known = found.worth > 0
    variance = np.where(known, matters**2 * found.size * found.unseen / np.maximum(found.worth, 1e-12), 0)
    return variance / max(float(variance.sum()), 1e-12)


def _share(value: float, low: Floats, high: Floats, level: float) -> Share:
    tails = (1 - level) / 2, (1 + level) / 2
    return Share(
        value=float(value), low=float(np.quantile(low, tails[0])), high=float(np.quantile(high, tails[1]))
    )


def _one(found: Tally, row: int, level: float) -> Share:
    """A bucket by itself, with a Jeffreys prior of its own."""
    return share_among(
        float(found.found[row]),
        float(found.seen[row]),
        float(found.unseen[row]),
        rate=float(found.rate[row]),
        worth=float(found.worth[row]),
        level=level,
    )

"""From scores to probabilities that hold: isotonic regression on audits, with help while they are few."""

from __future__ import annotations

import msgspec
import numpy as np
from numpy.typing import NDArray
from scipy.ndimage import median_filter
from sklearn.isotonic import IsotonicRegression

from havenwall.errors import BadInput, NotReady
from havenwall.network.precision.curve import smooth_curve
from havenwall.network.precision.share import share_among

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

_NEIGHBOURS = 25
"""Audits whose median weight is taken as the ordinary weight at a score."""
_HEAVIEST = 20.0
"""No audit counts for more than this many ordinary ones at its score."""
_PER_BUCKET = 40
"""Audits per bucket of the intervals."""


class Calibrator(msgspec.Struct, frozen=True, kw_only=True, eq=False):
    """Probability of membership as a rising function of the score."""

    scores: Floats
    """(k,) ascending scores at which the curve has a corner."""
    probabilities: Floats
    """(k,) probability at each corner; straight in between, level outside."""
    edges: Floats
    """(b - 1,) scores that part the buckets of the intervals, ascending."""
    intervals: Floats
    """(b, 2) ends of each bucket's interval."""

    def predict(self, scores: Floats) -> Floats:
        """(n,) probability of membership at (n,) scores."""
        return np.interp(scores, self.scores, self.probabilities)

    def interval(self, scores: Floats) -> Floats:
        """(n, 2) interval for the share of members in the bucket that each of the (n,) scores falls into.

        From audits alone, without the model's help: Beta–Binomial with a Jeffreys prior. It speaks of the
        accounts that were given to `fit_audited`, not of scores yet to come.
        """
        return self.intervals[np.searchsorted(self.edges, scores, side="right")]


def fit_audited(
    scores: Floats,
    audited: Ints,
    member: NDArray[np.bool_],
    weight: Floats | None = None,
    *,
    probability: Floats | None = None,
    prior_audits: float = 200.0,
    level: float = 0.95,
) -> Calibrator:
    """Calibrate scores on audits.

    Isotonic regression, in which each audit's outcome is mixed with a smooth curve through all audits that
    starts at the model's own probabilities (`smooth_curve`). The curve counts for `prior_audits` audits in
    all, so it rules while audits are few and fades as they come. Weights matter only as far as accounts of
    about the same score had different chances: a chance that depends on the score alone needs no correction
    here, and correcting for it costs accuracy (stabilised weights, Robins 1998).

    Args:
        scores: (n,) of all candidates.
        audited: (a,) rows of the audited ones.
        member: (a,) whether the reviewer found a member.
        weight: (a,) 1 / chance of selection; None if all had the same.
        probability: (n,) the model's own, calibrated or not.
        prior_audits: how many audits the smooth curve counts for.
        level: of the intervals.

    Raises:
        NotReady: no audit.
        BadInput: arrays of different lengths, or weights below 1.
    """
    weight = np.ones(len(audited)) if weight is None else weight
    _check(audited, member, weight)
    order = np.argsort(scores[audited], kind="stable")
    rows, outcome, weight = audited[order], member[order].astype(np.float64), weight[order]
    place, counts = scores[rows], _stabilised(weight)
    curve = smooth_curve(place, outcome, counts, None if probability is None else probability[rows])
    mixed = (outcome * len(rows) + curve * prior_audits) / (len(rows) + prior_audits)
    fitted = IsotonicRegression(y_min=0, y_max=1).fit(place, mixed, sample_weight=counts)
    edges, intervals = _intervals(np.sort(scores), place, outcome, weight, level)
    return Calibrator(
        scores=fitted.X_thresholds_, probabilities=fitted.y_thresholds_, edges=edges, intervals=intervals
    )


def calibration_error(
    probability: Floats, outcome: NDArray[np.bool_], *, by: Floats | None = None, buckets: int = 15
) -> float:
    """Expected calibration error: mean distance of probability and outcome over buckets of equal size.

    Accounts with the same probability share a bucket, so the figure does not depend on their order. With
    `by`, the buckets are cut by that instead, say by the raw score: stricter, as it also sees what differs
    among accounts of equal probability. Even perfect probabilities score above 0 by chance.

    Args:
        probability: (n,) 0..1.
        outcome: (n,) whether each is a member.
        by: (n,) what to cut the buckets by; None is the probability.
        buckets: how many; ties can make fewer.

    Raises:
        BadInput: nothing to measure, or different lengths.
    """
    if not len(probability) or len(probability) != len(outcome):
        raise BadInput("as many outcomes as probabilities are needed, at least one", field="outcome")
    place = probability if by is None else by
    cuts = np.sort(place)[np.arange(1, buckets) * len(place) // buckets]
    bucket = np.searchsorted(cuts, place, side="right")
    return float(np.abs(np.bincount(bucket, probability - outcome)).sum() / len(place))


def _stabilised(weight: Floats) -> Floats:
    ordinary = median_filter(weight, size=_NEIGHBOURS, mode="nearest")
    return np.minimum(weight / ordinary, _HEAVIEST)


def _intervals(
    scores: Floats, place: Floats, member: Floats, weight: Floats, level: float
) -> tuple[Floats, Floats]:
    """Buckets of about `_PER_BUCKET` audits each, and the interval of each; all arrays ascend by score."""
    pieces = max(1, len(place) // _PER_BUCKET)
    starts = np.arange(1, pieces) * len(place) // pieces
    # Equal scores stay together: an edge among them would leave a bucket without an audit.
    starts = np.unique(np.searchsorted(place, place[starts]))
    starts = starts[starts > 0]
    edges = (place[starts - 1] + place[starts]) / 2
    bucket = np.searchsorted(edges, place, side="right")
    sizes = np.bincount(np.searchsorted(edges, scores, side="right"), minlength=len(edges) + 1)
    ends = [_ends(int(size), member[bucket == i], weight[bucket == i], level) for i, size in enumerate(sizes)]
    return edges, np.array(ends)


def _ends(size: int, member: Floats, weight: Floats, level: float) -> tuple[float, float]:
    stands_for = weight - 1 if np.ptp(weight) > 1e-9 else np.ones(len(weight))
    total = stands_for.sum()
    rate = float(stands_for @ member / total) if total else 0.5
    worth = float(total**2 / (stands_for @ stands_for)) if total else 0.0
    seen = len(member)
    share = share_among(float(member.sum()), seen, size - seen, rate=rate, worth=worth, level=level)
    return share.low, share.high


def _check(audited: Ints, member: NDArray[np.bool_], weight: Floats) -> None:
    if not len(audited):
        raise NotReady("no audits to calibrate on", hint="draw a sample and have it audited first")
    if not len(audited) == len(member) == len(weight) or not (weight >= 1).all():
        raise BadInput("one outcome and one weight of at least 1 for each audited row", field="weight")

"""Which accounts to audit before a suppression widens: a stratified sample with known chances.

Accounts are put into buckets by score: those that would be suppressed (flagged), those next below the
threshold (near), and all the rest (far). Within a bucket the sample is simple and random, so every account's
chance of being drawn is known and above zero wherever its bucket is sampled at all.
"""

from __future__ import annotations

from collections.abc import Sequence

import msgspec
import numpy as np
from numpy.typing import NDArray

from havenwall.errors import BadConfig, BadInput
from havenwall.model import Bucket, Part
from havenwall.network.precision.allocation import Counts, Floats, allocate, split


class Sampled(msgspec.Struct, frozen=True, kw_only=True):
    """An account drawn for an audit. Store all of it: later estimates need the probability of selection."""

    entity: str
    row: int
    """Position in the arrays the sample was drawn from."""
    bucket: int
    """Number of its bucket."""
    probability_of_selection: float
    """Chance that this account was drawn, above 0 and at most 1."""


class SamplingPlan(msgspec.Struct, frozen=True, kw_only=True):
    """How a budget of audits is spread over the scores.

    Model probabilities steer how many audits a bucket gets, never how the outcome is weighed: a wrong model
    makes intervals wider, not wrong.
    """

    flagged_buckets: int = 6
    """Buckets of equal size that the flagged accounts are cut into."""
    near: tuple[float, ...] = (0.5, 1.0, 2.0)
    """Sizes of the buckets below the threshold, as multiples of the number of flagged accounts."""
    flagged_share: float = 0.5
    """Share of the budget for flagged accounts: what precision rests on."""
    far_share: float = 0.05
    """Share of the budget for the far bucket: what recall rests on. The rest goes to the near buckets."""
    floor: int = 10
    """Audits that each bucket gets before the rest is spread by Neyman's rule."""
    least_spread: float = 0.3
    """Least standard deviation assumed in a bucket. The model is what is being tested, so buckets it is sure
    of are sampled too: the random part of everything reported."""
    smallest: int = 50
    """No bucket holds fewer accounts than this, as far as there are that many."""

    def __post_init__(self) -> None:
        if self.flagged_share <= 0 or self.far_share < 0 or self.flagged_share + self.far_share > 1:
            raise BadConfig("shares of the budget must be positive and at most 1", field="flagged_share")
        if self.flagged_buckets < 1 or self.floor < 1 or self.smallest < 1:
            raise BadConfig("must be 1 or more", field="flagged_buckets, floor, smallest")
        if not 0 < self.least_spread <= 0.5:
            raise BadConfig("must be above 0 and at most 0.5", field="least_spread")

    def cut(self, scores: Floats, flagged: NDArray[np.bool_]) -> tuple[tuple[Bucket, ...], Counts]:
        """The buckets, top first, and the (n,) bucket number of each account.

        Args:
            scores: (n,) any score that rises with suspicion; candidates only, seeds and cleared left out.
            flagged: (n,) whether the account would be suppressed.

        Raises:
            BadInput: empty, not finite, or of different lengths.
        """
        _check(scores, flagged)
        order = np.lexsort((-scores, ~flagged))
        ends, parts = self._ends(int(flagged.sum()), len(scores))
        number = np.empty(len(scores), np.int64)
        number[order] = np.repeat(np.arange(len(ends)), np.diff(ends, prepend=0))
        members = np.split(scores[order], ends[:-1])
        cut = zip(parts, members, strict=True)
        return tuple(
            Bucket(number=i, part=part, size=len(own), low=float(own.min()), high=float(own.max()))
            for i, (part, own) in enumerate(cut)
        ), number

    def draw(
        self,
        scores: Floats,
        flagged: NDArray[np.bool_],
        entities: Sequence[str],
        budget: int,
        seed: int,
        probability: Floats | None = None,
    ) -> tuple[Sampled, ...]:
        """Accounts to audit, in an order of which any beginning is itself a fair sample of each bucket.

        Every account gets a random number of its own, and each bucket gives its smallest ones (permanent
        random numbers, Ohlsson 1995): the same seed with a larger budget keeps all accounts drawn before.
        Take another seed once the scores have learned from the audits.

        Args:
            scores: (n,) as for `cut`.
            flagged: (n,) as for `cut`.
            entities: (n,) names.
            budget: how many audits can be afforded.
            seed: of the draw.
            probability: (n,) the model's own probabilities, calibrated or not; steer the allocation.

        Raises:
            BadInput: empty, not finite, or of different lengths.
        """
        buckets, number = self.cut(scores, flagged)
        if len(entities) != len(scores):
            raise BadInput("as many names as scores are needed", field="entities")
        audits = self._audits(buckets, _spread(number, len(buckets), probability, self.least_spread), budget)
        chance = np.random.default_rng(seed).random(len(scores))
        drawn = [_smallest(np.flatnonzero(number == i), chance, n) for i, n in enumerate(audits)]
        turn = np.concatenate([(np.arange(n) + 0.5) / n for n in audits if n] or [np.empty(0)])
        return tuple(
            Sampled(
                entity=entities[row],
                row=int(row),
                bucket=int(number[row]),
                probability_of_selection=float(audits[number[row]] / buckets[number[row]].size),
            )
            for row in np.concatenate(drawn)[np.argsort(turn, kind="stable")]
        )

    def _ends(self, flagged: int, n: int) -> tuple[Counts, list[Part]]:
        """Where each bucket ends in the ranking, and its part; empty buckets left out."""
        pieces = max(1, min(self.flagged_buckets, flagged // self.smallest))
        above = np.round(np.linspace(0, flagged, pieces + 1)[1:])
        near = flagged + np.cumsum([max(self.smallest, round(flagged * size)) for size in self.near])
        ends = np.minimum(np.concatenate([above, near, [n]]), n).astype(np.int64)
        parts = [Part.FLAGGED] * pieces + [Part.NEAR] * len(self.near) + [Part.FAR]
        real = np.diff(ends, prepend=0) > 0
        return ends[real], [part for part, kept in zip(parts, real, strict=True) if kept]

    def _audits(self, buckets: tuple[Bucket, ...], spread: Floats, budget: int) -> Counts:
        sizes = np.array([bucket.size for bucket in buckets])
        inside = np.array([[bucket.part is part for bucket in buckets] for part in Part])
        shares = np.array([self.flagged_share, 1 - self.flagged_share - self.far_share, self.far_share])
        audits = np.zeros(len(buckets), np.int64)
        for own, money in zip(inside, split(budget, shares, inside @ sizes), strict=True):
            audits[own] = allocate(int(money), sizes[own], spread[own], self.floor)
        return audits


def _smallest(rows: Counts, chance: Floats, audits: int) -> Counts:
    return rows[np.argsort(chance[rows], kind="stable")[:audits]]


def _spread(number: Counts, buckets: int, probability: Floats | None, least: float) -> Floats:
    if probability is None:
        return np.full(buckets, 0.5)
    mean = np.bincount(number, probability, buckets) / np.bincount(number, minlength=buckets)
    return np.maximum(np.sqrt(np.clip(mean * (1 - mean), 0, None)), least)


def _check(scores: Floats, flagged: NDArray[np.bool_]) -> None:
    if not len(scores) or not np.isfinite(scores).all():
        raise BadInput("must be finite numbers, at least one", field="scores")
    if len(flagged) != len(scores):
        raise BadInput("as many flags as scores are needed", field="flagged")

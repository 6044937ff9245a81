"""Counting signals in a community against what accounts of the same visibility hold anywhere else."""

from __future__ import annotations

from functools import cached_property

import msgspec
import numpy as np
from numpy.typing import NDArray
from scipy.special import betaincinv

from havenwall.network.discover.anchors import KINDS, AnchorKind, Anchors, Rows, Weights

Doubles = NDArray[np.float64]
_PRIOR = 20
"""Accounts of the whole platform's rate that each bin is mixed with."""
_MOST = {AnchorKind.HASH: np.inf, AnchorKind.TERM: 10.0, AnchorKind.REPORT: 10.0}
"""Most evidence a kind may give, natural log: reports can be organised and a term can be mistaken, and
neither may outvote everything else by mass."""
_SPEAKS = 1.0
_LEAST = 0.01
"""Least belief by chance in a whole community: a platform without false signals has not been seen."""


class Tally(msgspec.Struct, frozen=True, kw_only=True):
    """What one kind of signal says about a community."""

    anchors: int
    """Members with such a signal."""
    expected: float
    """How many accounts as visible would have one by chance."""
    evidence: float
    """Log-likelihood ratio of that many over chance, each signal weighted by its belief, natural log."""
    counted: float
    """The evidence that counts: some kinds have a ceiling."""

    @property
    def speaks(self) -> bool:
        """Whether this kind says anything at all."""
        return self.counted >= _SPEAKS


class Interval(msgspec.Struct, frozen=True, kw_only=True):
    """A share and its credible interval."""

    share: float
    low: float
    high: float


class Background(msgspec.Struct, frozen=True, eq=False, dict=True):
    """How often accounts of each visibility have signals, candidates left out."""

    anchors: Anchors
    """All of them, vouched for or not."""
    bins: Rows
    """(n,) bin of visibility of each account."""
    candidates: Rows
    """Accounts that are no background, because they are what is weighed against it."""

    def tallies(self, members: Rows) -> dict[AnchorKind, Tally]:
        """What each kind says about some candidates."""
        return {kind: self._tally(place, members) for place, kind in enumerate(KINDS)}

    def share(self, members: Rows) -> float:
        """0..1 share of accounts as visible as these that have any signal."""
        return float(self._rates[0][self.bins[members], -1].mean()) if len(members) else 0.0

    @cached_property
    def _held(self) -> Weights:
        """(n, kinds) belief of every account."""
        held = np.zeros((len(self.bins), len(KINDS)), np.float32)
        held[self.anchors.rows] = self.anchors.belief
        return held

    @cached_property
    def _source(self) -> Rows:
        """(n,) source of every anchor, -1 elsewhere."""
        source = np.full(len(self.bins), -1, np.int64)
        source[self.anchors.rows] = self.anchors.source
        return source

    @cached_property
    def _rates(self) -> tuple[Doubles, Doubles]:
        """(bins, kinds + 1) share of accounts with each kind of signal and with any; (bins, kinds) belief."""
        has = self._held > 0
        return self._by_bin(np.column_stack([has, has.any(axis=1)])), self._by_bin(self._held)

    def _by_bin(self, values: NDArray[np.generic]) -> Doubles:
        """Mean of the background accounts of each bin, with `_PRIOR` accounts of the overall mean added."""
        others = np.ones(len(self.bins), bool)
        others[self.candidates] = False
        bins, held = self.bins[others], values[others].astype(np.float64)
        size = np.bincount(bins, minlength=int(self.bins.max()) + 1)[:, None]
        total = np.column_stack([np.bincount(bins, column, len(size)) for column in held.T])
        return (total + _PRIOR * held.mean(axis=0)) / (size + _PRIOR)

    def _tally(self, place: int, members: Rows) -> Tally:
        belief = self._held[:, place]
        anchored = members[belief[members] > 0]
        count, chance = (float(rate[self.bins[members], place].sum()) for rate in self._rates)
        found = self._independent(anchored, belief)
        evidence = poisson(found, max(chance, _LEAST))
        return Tally(
            anchors=len(anchored),
            expected=count,
            evidence=evidence,
            counted=min(evidence, _MOST[KINDS[place]]),
        )

    def _independent(self, members: Rows, belief: Weights) -> float:
        """Sum of beliefs, the strongest of each source alone."""
        best: dict[int, float] = {}
        for row in members:
            source = int(self._source[row])
            best[source] = max(best.get(source, 0.0), float(belief[row]))
        return float(sum(best.values()))


def poisson(found: float, chance: float) -> float:
    """Log-likelihood ratio of a Poisson count above its expectation, natural log; 0 at or below it."""
    return float(found * np.log(found / chance) - (found - chance)) if found > chance else 0.0


def share_interval(hits: int, size: int, confidence: float) -> Interval:
    """Equal-tailed interval of a share under Jeffreys' prior, Beta(1/2, 1/2); closed at 0 and 1."""
    tail = (1 - confidence) / 2
    a, b = hits + 0.5, size - hits + 0.5
    low = 0.0 if hits == 0 else float(betaincinv(a, b, tail))
    high = 1.0 if hits == size else float(betaincinv(a, b, 1 - tail))
    return Interval(share=hits / size if size else 0.0, low=low, high=high)

"""An estimated share with its interval, and the Beta–Binomial arithmetic behind it."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy.special import betaln
from scipy.stats import beta

from havenwall.errors import BadInput
from havenwall.model.precision import Share

Floats = NDArray[np.float64]


def share_of(hits: float, trials: float, *, level: float = 0.95) -> Share:
    """Share of hits with its Jeffreys interval (Brown, Cai and DasGupta 2001); whole range without trials.

    With no hits the lower end is 0, with nothing but hits the upper end is 1.

    Args:
        hits: members found; fractions are fine (effective counts).
        trials: accounts audited, out of very many.
        level: of the interval.

    Raises:
        BadInput: fewer than no hits, or more hits than trials.
    """
    if not 0 <= hits <= trials:
        raise BadInput("needs 0 <= hits <= trials", field="hits")
    if trials == 0:
        return Share(value=0.5, low=0.0, high=1.0)
    low, high = beta.ppf(_tails(level), hits + 0.5, trials - hits + 0.5)
    return _closed(hits, trials, hits / trials, float(low), float(high))


def share_among(
    found: float, seen: float, unseen: float, *, rate: float, worth: float, level: float = 0.95
) -> Share:
    """Share of members among `seen + unseen` accounts: what was seen is certain, the rest Beta–Binomial.

    A census leaves no doubt; one Jeffreys prior, as for `share_of`.

    Args:
        found: members among the audited.
        seen: accounts audited.
        unseen: accounts not audited, above 0 together with `seen`.
        rate: estimated share of members among the unseen.
        worth: how many independent audits that rate rests on.
        level: of the interval.
    """
    size, hits = seen + unseen, rate * worth
    ends = (found + end for end in _ends(round(unseen), hits + 0.5, worth - hits + 0.5, level))
    low, high = (float(end) / size for end in ends)
    return _closed(found + hits, seen + worth, (found + unseen * rate) / size, low, high)


def _ends(trials: int, first: float, second: float, level: float) -> NDArray[np.int64]:
    """Both ends of a Beta–Binomial number; the whole distribution at once, as one needs no search then."""
    number = np.arange(trials + 1)
    ways = betaln(trials - number + 1, number + 1)
    chance = np.exp(betaln(number + first, trials - number + second) - ways - betaln(first, second))
    return np.searchsorted(np.cumsum(chance) / (trials + 1), _tails(level)).clip(max=trials)


def _closed(hits: float, trials: float, value: float, low: float, high: float) -> Share:
    """The interval reaches 0 where nothing was hit, and 1 where nothing was missed."""
    return Share(value=value, low=0.0 if hits == 0 else low, high=1.0 if hits == trials else high)


def _tails(level: float) -> Floats:
    return np.array([(1 - level) / 2, (1 + level) / 2])

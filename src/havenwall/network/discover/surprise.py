"""How surprising it is that so much of what an account has is informed."""

from __future__ import annotations

import numpy as np

from havenwall.network.discover.anchors import Weights

_TINY = 1e-9


def surprise(seen: Weights, size: Weights, least: float) -> Weights:
    """Log-likelihood ratio of `seen` informed out of `size` against a share of `least`; 0 at or below it.

    Dunning, Accurate methods for the statistics of surprise and coincidence, 1993 (binomial, natural log).

    Args:
        seen: (k,) sum of the values of what each account has, at most `size`.
        size: (k,) how many things it has.
        least: share that chance gives; nothing surprises if it is 0, because then nothing is informed.
    """
    if not 0 < least < 1:
        return np.zeros(len(seen), np.float32)
    size = np.maximum(size, _TINY)
    share = np.clip(seen / size, _TINY, 1 - _TINY)
    hit = seen * np.log(share / least)
    miss = (size - seen) * np.log((1 - share) / (1 - least))
    return np.where(share > least, hit + miss, 0).astype(np.float32)

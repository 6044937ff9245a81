"""From scores to probabilities and a threshold, with held-out seeds and unlabelled accounts only."""

from __future__ import annotations

import msgspec
import numpy as np
from sklearn.isotonic import IsotonicRegression

from havenwall.network.config import ScoreConfig
from havenwall.network.evidence.design import Matrix

_SHARES = np.arange(0.5, 0.91, 0.05)
"""Seeds are the members that were easiest to see: what lies among the best of them says too little."""


class Calibration(msgspec.Struct, frozen=True):
    """What held-out seeds say about a model's scores."""

    probability: Matrix
    """(u,) of each unlabelled account."""
    threshold: float
    """Score from which an account is over the threshold; above all scores when nothing is certain enough."""
    members: float
    """Estimated number of unknown members, on the low side."""


def calibrate(held_out: Matrix, unlabelled: Matrix, config: ScoreConfig) -> Calibration:
    """Probability that an unlabelled account is a member, from where held-out seeds score.

    If seeds are a random part of the members, hidden members score as held-out seeds do (Elkan and Noto
    2008), so that density times number of members over the density of all unlabelled accounts is the
    probability. Isotonic regression estimates the ratio; the number is that of `_members`.

    Args:
        held_out: (s,) scores of seeds from models that did not see them.
        unlabelled: (u,) scores of the other accounts.
        config: uses `keep`, `floor`, `smallest_known_share` and `largest_share`.
    """
    members = _members(held_out, unlabelled, config)
    scores = np.concatenate([held_out, unlabelled])
    label = np.repeat([1.0, 0.0], [len(held_out), len(unlabelled)])
    weight = np.repeat([members / len(held_out), 1.0], [len(held_out), len(unlabelled)])
    curve = IsotonicRegression(out_of_bounds="clip").fit(scores, label, sample_weight=weight)
    share = curve.predict(unlabelled)
    probability = np.minimum(share / np.maximum(1 - share, 1e-9), 1.0)
    return Calibration(probability, threshold_of(held_out, unlabelled, probability, config), members)


def threshold_of(held_out: Matrix, scores: Matrix, probability: Matrix, config: ScoreConfig) -> float:
    """The lowest score that lets no more than `keep` of the held-out seeds in and is probable enough."""
    certain = scores[probability >= config.floor]
    if not len(certain):
        return float(max(scores.max(), held_out.max())) + 1
    return max(float(np.quantile(held_out, 1 - config.keep)), float(certain.min()))


def _members(held_out: Matrix, unlabelled: Matrix, config: ScoreConfig) -> float:
    """How many unlabelled accounts are members (after Blanchard, Lee and Scott 2010).

    Over any score at least the hidden members are found that held-out seeds foretell, so accounts over it
    divided by the share of seeds over it is an upper bound if seeds are like other members. They are not
    quite, the best seen are confirmed first, which makes the bounds at high scores too low, while those at
    low scores count innocent accounts too: the median of them stands.
    """
    cuts = np.quantile(held_out, 1 - _SHARES)
    over = len(unlabelled) - np.searchsorted(np.sort(unlabelled), cuts)
    share = (held_out[:, None] >= cuts).mean(axis=0)
    error = np.sqrt(share * (1 - share) / len(held_out))
    most = min(len(held_out) * (1 / config.smallest_known_share - 1), config.largest_share * len(unlabelled))
    bound = float(np.median(over / np.maximum(share - error, 1 / len(held_out))))
    return float(np.clip(bound, 1.0, max(most, 1.0)))

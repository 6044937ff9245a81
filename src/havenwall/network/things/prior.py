"""What the other things of a kind say about a thing before its own users are counted."""

from __future__ import annotations

import msgspec
import numpy as np
from scipy.optimize import minimize
from scipy.special import betaln, expit, logit
from threadpoolctl import threadpool_limits

from havenwall.network.things.likelihood import LOG_REST, LOG_SHARE, SHARE, log_likelihood
from havenwall.network.things.votes import Counts, Floats, Votes

_SAMPLE = 2_000
_BLOCK = 4
_DRAWS = 64
# Where a platform with too few things to learn from is taken to stand, and how firmly (standard deviations):
# log-odds of the common mean over the base rate, log strength; log-odds of the mean of network things, log
# strength; log-odds of how many things are the network's.
_CENTRE = np.array([0.0, np.log(100.0), 0.0, np.log(4.0), logit(0.01)])
_WIDTH = np.array([0.5, 1.5, 1.0, 0.7, 1.5])
_BOUNDS = np.array([[-3.0, 3.0], [0.0, 9.0], [-4.0, 4.0], [0.0, 5.0], [-12.0, 0.0]])
_STEP = 1e-3
_BLOCK_SHARE, _BLOCK_REST = (grid.reshape(-1, _BLOCK).mean(axis=1) for grid in (LOG_SHARE, LOG_REST))


class Prior(msgspec.Struct, frozen=True, eq=False, kw_only=True):
    """The law of the share of members among users of things of one kind: a mixture of two Beta laws."""

    base: float
    """Share of members among the accounts that use any thing of the kind."""
    mean: float
    """Mean share of common things."""
    strength: float
    """How many users that mean is worth: a + b of Beta(a, b)."""
    network_mean: float
    """Mean share of things of the network."""
    network_strength: float
    """How many users that mean is worth."""
    network_share: float
    """Share of things that are of the network."""
    density: Floats
    """(grid,) probability of each of `likelihood.SHARE`; averaged over what these five numbers may be."""

    @property
    def usual(self) -> float:
        """Share of members that a thing without known users leads to expect, at least the base rate."""
        return max(self.base, float(self.density @ SHARE))


def fit_prior(votes: Votes, base: float, most_users: int) -> Prior:
    """Empirical Bayes: the two-group law under which the things of a kind are most likely.

    Two groups, because one Beta law wide enough for the few things of a network would take a family with one
    member for such a thing (Efron 2010, Large-Scale Inference, chapter 2). Its five numbers are those of the
    greatest marginal likelihood under weak priors, so that a kind with few things falls back on `base`. The
    density is averaged over their normal approximation, or intervals would be too narrow where few things
    teach them (Laird and Louis 1987).

    Args:
        votes: on all things of the kind; of very many, those with a likely member and a sample of the rest.
        base: share of members among the accounts that use a thing of the kind, above 0 and below 1.
        most_users: see `ThingConfig`.
    """
    things, weight = _sample(votes)
    likelihood = log_likelihood(votes, things, base, most_users)
    likelihood = np.exp(likelihood - likelihood.max(axis=1, keepdims=True))
    likelihood = likelihood.reshape(len(things), len(SHARE) // _BLOCK, _BLOCK).mean(axis=2)
    data = (base, likelihood, weight)
    # Five numbers are no work for several threads, which would wait for each other.
    with threadpool_limits(limits=1, user_api="blas"):
        best = minimize(_loss, _CENTRE, data, jac=True, method="L-BFGS-B", bounds=_BOUNDS.tolist()).x
        slopes = [_loss(best + step, *data)[1] - _loss(best - step, *data)[1] for step in _STEPS]
        draws = _around(best, np.array(slopes) / (2 * _STEP))
    mean, strength, network_mean, network_strength, network_share = _numbers(best, base)
    return Prior(
        base=base,
        mean=mean,
        strength=strength,
        network_mean=network_mean,
        network_strength=network_strength,
        network_share=network_share,
        density=np.mean([_density(draw, base) for draw in draws], axis=0),
    )


_STEPS = np.eye(len(_CENTRE)) * _STEP


def _sample(votes: Votes) -> tuple[Counts, Floats]:
    used = np.diff(votes.bounds) > 0
    telling = np.flatnonzero(used & (votes.independent > 0))
    rest = np.flatnonzero(used & (votes.independent == 0))
    # Things stand in the order of their names, which has nothing to do with who uses them.
    part = rest[:: max(1, -(-len(rest) // _SAMPLE))]
    weight = [np.ones(len(telling)), np.full(len(part), len(rest) / max(len(part), 1))]
    return np.concatenate([telling, part]), np.concatenate(weight)


def _loss(values: Floats, base: float, likelihood: Floats, weight: Floats) -> tuple[float, Floats]:
    """Negative log posterior of the five numbers, and its slope."""
    each = np.maximum(likelihood @ _coarse(values, base), 1e-300)
    pull = (weight / each) @ likelihood
    slope = [pull @ (_coarse(values + step, base) - _coarse(values - step, base)) for step in _STEPS]
    off = (values - _CENTRE) / _WIDTH
    return float(off @ off / 2 - weight @ np.log(each)), off / _WIDTH - np.array(slope) / (2 * _STEP)


def _around(best: Floats, bends: Floats) -> Floats:
    """(draws, 5) from the normal law with the curvature at the best numbers, never wider than the priors."""
    size, axes = np.linalg.eigh((bends + bends.T) / 2)
    spread = axes / np.sqrt(np.maximum(size, (1 / _WIDTH**2).min()))
    noise = np.random.default_rng(0).standard_normal((_DRAWS // 2, len(best)))
    return np.clip(best + np.concatenate([noise, -noise]) @ spread.T, *_BOUNDS.T)


def _coarse(values: Floats, base: float) -> Floats:
    return _density(values, base, _BLOCK_SHARE, _BLOCK_REST)


def _density(
    values: Floats, base: float, log_share: Floats = LOG_SHARE, log_rest: Floats = LOG_REST
) -> Floats:
    mean, strength, network_mean, network_strength, network_share = _numbers(values, base)
    parts = (1 - network_share, mean, strength), (network_share, network_mean, network_strength)
    common, network = (
        np.log(share) + a * log_share + b * log_rest - betaln(a, b)
        for share, a, b in ((share, mean * worth, (1 - mean) * worth) for share, mean, worth in parts)
    )
    density = np.exp(np.logaddexp(common, network))
    return np.asarray(density / density.sum(), np.float64)


def _numbers(values: Floats, base: float) -> tuple[float, float, float, float, float]:
    mean, strength, network_mean, network_strength, network_share = values.tolist()
    return (
        float(expit(logit(base) + mean)),
        float(np.exp(strength)),
        float(expit(network_mean)),
        float(np.exp(network_strength)),
        float(expit(network_share)),
    )

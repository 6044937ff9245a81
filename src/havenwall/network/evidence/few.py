"""Too few confirmed accounts to learn weights from: nearness, normalised as graph and seeds say."""

from __future__ import annotations

import numpy as np
from scipy.stats import rankdata

from havenwall.network.evidence.design import Matrix
from havenwall.network.evidence.features import neighbour_cosine
from havenwall.network.evidence.links import FloatArray, IntArray, Links
from havenwall.network.evidence.seen import Seen
from havenwall.network.walk import Direction

FEW_SEEDS = "few_seeds"
RULES = ("excess", "walk", "walk/degree")
_UNMIXED = np.array([0.7, 0.3, 0.0])
"""Weight of each rule before any seed has spoken, where a walk stays near its start ..."""
_FORGOTTEN = np.array([0.0, 0.0, 1.0])
"""... and where it ends anywhere, more often where degrees are high."""
_MIXED = 0.9


def few_seeds(links: Links, seeds: IntArray) -> tuple[Matrix, dict[str, float]]:
    """(n,) nearness to the seeds, higher is nearer, and the weight of each of `RULES`.

    PageRank grows with degree where a walk soon forgets where it began, and hardly does where it stays near
    its start. How much is forgotten is the share of the walk's mass that degree alone explains; its square is
    what dividing by degree weighs at first. Then each rule ranks every seed from the others; rules weigh as
    they do that well, and the score is minus the weighted mean of the logarithms of their ranks. A single
    seed cannot rank itself: then the weights are those that the rules begin with.
    """
    whole = np.zeros((links.n, 1), np.float32)
    whole[seeds] = 1
    by_rule = rules(links, whole)
    weight = _weights(links, seeds, _prior(by_rule[1][:, 0], _degree(links)[:, 0], seeds))
    ranks = np.stack([np.log(rankdata(-score[:, 0])) for score in by_rule], axis=1)
    return -ranks @ weight, dict(zip(RULES, weight.tolist(), strict=True))


def rules(links: Links, seeds: FloatArray) -> tuple[Matrix, Matrix, Matrix]:
    """(n, f) for each of `RULES`, each for f sets of seeds; no scale, only an order.

    `excess` is the log-likelihood ratio of the walk's mass against what mixing alone would bring there (its
    ratio to degree at the 90th percentile), times shared neighbours: like `walk` where little mixes, like
    `walk/degree` where all does. `walk` is PageRank, `walk/degree` that over degree, times shared neighbours.
    """
    seen = Seen(links, seeds)
    walk = seen.walk(Direction.SYMMETRIC).astype(np.float64)
    degree = _degree(links)
    near = np.log(neighbour_cosine(seen).astype(np.float64) + 0.1)
    return _excess(walk, degree) + near, walk, np.log(walk / degree + 1e-12) + near


def _excess(walk: Matrix, degree: Matrix) -> Matrix:
    expected = np.maximum(np.quantile(walk / degree, _MIXED, axis=0) * degree, 1e-12)
    ratio = np.maximum(walk, 1e-12) / expected
    surprise = expected * (ratio * np.log(ratio) - ratio + 1)
    return np.log(np.where(ratio > 1, surprise, 0) + 1e-6)


def _degree(links: Links) -> Matrix:
    return np.maximum(links.followers + links.following, 1).astype(np.float64)


def _prior(walk: Matrix, degree: Matrix, seeds: IntArray) -> Matrix:
    """(rules,) weights before any seed has spoken."""
    mass, expected = np.delete(walk, seeds), np.delete(degree, seeds)
    if not mass.sum():
        return _UNMIXED
    shared = np.minimum(mass / mass.sum(), expected / expected.sum()).sum() ** 2
    return np.asarray((1 - shared) * _UNMIXED + shared * _FORGOTTEN, np.float64)


def _weights(links: Links, seeds: IntArray, prior: Matrix) -> Matrix:
    if len(seeds) < 2:
        return prior
    others = np.zeros((links.n, len(seeds)), np.float32)
    others[seeds] = 1 - np.eye(len(seeds), dtype=np.float32)
    own = np.arange(len(seeds))
    # A seed found at rank 10 instead of 20 is worth as much as one at 100 instead of 200.
    loss = [np.log1p((score > score[seeds, own]).sum(axis=0)).sum() for score in rules(links, others)]
    weight = prior * np.exp(np.min(loss) - loss)
    return weight / weight.sum()

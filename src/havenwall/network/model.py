"""Positive-unlabelled scoring: what do held-out confirmed accounts look like, and who else looks so?"""

from __future__ import annotations

import msgspec
import numpy as np
from numpy.typing import NDArray
from scipy.special import expit
from threadpoolctl import threadpool_limits

from havenwall.errors import NotReady
from havenwall.network.calibrate import calibrate, threshold_of
from havenwall.network.config import ScoreConfig
from havenwall.network.crossfit import Crossfit, best_fit
from havenwall.network.design import Design, Matrix, design
from havenwall.network.features import FeatureSet, Ties, neighbour_cosine, walk_per_degree
from havenwall.network.graph import Graph, IntArray
from havenwall.network.task import Task, make_task

VERSION = "1"
FEW_SEEDS = "few_seeds"
_WEDGES = 3e9


class Scored(msgspec.Struct, frozen=True, kw_only=True):
    """A score for every account of a graph, and how it came about."""

    model: str
    """Name of the model: the feature sets used, or `few_seeds` with too few to learn from."""
    score: Matrix
    """(n,) log-odds; for `few_seeds` a sum of logarithms without a scale."""
    probability: Matrix
    """(n,) of belonging to the network, 0..1; 1 for seeds, 0 for negatives and cleared accounts, and for all
    others if there are too few seeds to say."""
    over_threshold: NDArray[np.bool_]
    """(n,) never true for an account whose label was given."""
    contributions: Matrix
    """(n, p) what each feature adds to the log-odds, against the average account."""
    features: tuple[str, ...]
    """(p,) names of the contributions."""
    coefficients: dict[str, float]
    """Weight of each standardised feature."""
    threshold: float
    """On `score`; above all scores if no account is certain enough."""
    held_out_recall: float
    """Share of the seeds at or over the threshold when their own fold is hidden."""
    members: float
    """Estimated number of members not yet known, on the low side; 0 if it could not be estimated."""


def score(
    graph: Graph,
    seeds: IntArray,
    cleared: IntArray | None = None,
    negatives: IntArray | None = None,
    config: ScoreConfig | None = None,
) -> Scored:
    """Score every account by its ties to the confirmed ones.

    Logistic regression of seeds against unlabelled accounts (Elkan and Noto 2008) on features in which no
    seed sees its own fold; the model is the mean of one per fold, so that held-out seeds and unlabelled
    accounts are scored alike. With `negatives` only labelled accounts are learned from. With fewer seeds
    than `config.min_seeds` accounts are ranked by PageRank per degree and shared neighbours, both from
    the graph alone, and none is over the threshold.

    Args:
        graph: n accounts.
        seeds: rows of confirmed accounts.
        cleared: rows of accounts that a reviewer found innocent: hard examples, not a random sample.
        negatives: rows of a random sample of innocent accounts, where somebody labelled one.
        config: counts only by default, as a live platform wants.

    Raises:
        NotReady: there are no seeds.
    """
    config = config or ScoreConfig()
    if not len(seeds):
        raise NotReady("no confirmed accounts to start from", hint="confirm at least one account")
    ties = Ties(graph, config.hub)
    task = make_task(graph.n, seeds, cleared, negatives, config)
    candidates = tuple(c for c in config.candidates if FeatureSet.CLOSED not in c or _affordable(ties))
    enough = len(task.seeds.rows) >= config.min_seeds and len(task.unlabelled) > 0
    if not (enough and candidates and graph.follows.nnz):
        return _few_seeds(ties, task)
    sets = frozenset(kind for candidate in candidates for kind in candidate)
    table = design(ties, task.seeds, task.negatives, sets)
    with threadpool_limits(1):  # The products are thin: more threads only wait for each other.
        return _scored(table, best_fit(table, candidates, task, config), task, config)


def _affordable(ties: Ties) -> bool:
    degree = ties.either.sum(axis=1).astype(np.float64)
    return float((degree[degree <= ties.hub] ** 2).sum()) < _WEDGES


def _few_seeds(ties: Ties, task: Task) -> Scored:
    """Nearness by walk times nearness by shared neighbours: each misses what the other sees."""
    start = np.zeros((task.n, 1), np.float32)
    start[task.seeds.rows] = 1 / len(task.seeds.rows)
    walk = np.log(walk_per_degree(ties, start)[:, 0].astype(np.float64) + 1e-9)
    near = np.log(neighbour_cosine(ties, start)[:, 0].astype(np.float64) + 0.1)
    probability = np.zeros(task.n)
    probability[task.seeds.rows] = 1.0
    names = ("walk_per_degree", "neighbour_cosine")
    return Scored(
        model=FEW_SEEDS,
        score=walk + near,
        probability=probability,
        over_threshold=np.zeros(task.n, np.bool_),
        contributions=np.stack([walk, near], axis=1),
        features=names,
        coefficients=dict(zip(names, (1.0, 1.0), strict=True)),
        threshold=float((walk + near).max()) + 1,
        held_out_recall=0.0,
        members=0.0,
    )


def _scored(table: Design, fit: Crossfit, task: Task, config: ScoreConfig) -> Scored:
    contributions = table.values[:, fit.columns] * fit.weights
    value = contributions.sum(axis=1) + fit.intercept
    features = tuple(table.names[column] for column in fit.columns)
    chance, threshold, members = _certainty(value[task.unlabelled], fit, task, config)
    probability, over = np.zeros(task.n), np.zeros(task.n, np.bool_)
    probability[task.unlabelled], probability[task.seeds.rows] = chance, 1.0
    over[task.unlabelled] = value[task.unlabelled] >= threshold
    return Scored(
        model=fit.name,
        score=value,
        probability=probability,
        over_threshold=over,
        contributions=contributions,
        features=features,
        coefficients=dict(zip(features, fit.weights.tolist(), strict=True)),
        threshold=threshold,
        held_out_recall=float((fit.held_out >= threshold).mean()),
        members=members,
    )


def _certainty(free: Matrix, fit: Crossfit, task: Task, config: ScoreConfig) -> tuple[Matrix, float, float]:
    if task.negatives is None:
        found = calibrate(fit.held_out, free, config)
        return found.probability, found.threshold, found.members
    chance: Matrix = expit(free)
    return chance, threshold_of(fit.held_out, free, chance, config), float(chance.sum())

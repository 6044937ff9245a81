"""Positive-unlabelled scoring: what do held-out confirmed accounts look like, and who else looks so?"""

from __future__ import annotations

import msgspec
import numpy as np
from numpy.typing import NDArray
from scipy.special import expit
from threadpoolctl import threadpool_limits

from havenwall.errors import NotReady
from havenwall.network.config import FeatureSet, ScoreConfig
from havenwall.network.evidence.calibrate import calibrate, threshold_of
from havenwall.network.evidence.crossfit import Crossfit, best_fit
from havenwall.network.evidence.design import Design, Matrix, design
from havenwall.network.evidence.few import FEW_SEEDS, few_seeds
from havenwall.network.evidence.links import FloatArray, IntArray, Links
from havenwall.network.evidence.task import Task, make_task
from havenwall.network.graph import Graph

VERSION = "2"
_WEDGES = 3e9


class Scored(msgspec.Struct, frozen=True, kw_only=True):
    """A score for every account of a graph, and how it came about."""

    model: str
    """Form and feature sets of the model, or `few_seeds` with too few to learn from."""
    score: Matrix
    """(n,) log-odds; for `few_seeds` a mean rank without a scale."""
    probability: Matrix
    """(n,) of belonging to the network, 0..1; 1 for seeds, 0 for negatives and cleared accounts, and for all
    others if there are too few seeds to say."""
    over_threshold: NDArray[np.bool_]
    """(n,) never true for an account whose label was given."""
    held_out: Matrix
    """(s,) scores of the seeds in ascending order of their rows, each by the model that did not see it."""
    features: tuple[str, ...]
    """(p,) names of the factors."""
    weights: dict[str, float]
    """What each feature adds to the mean score of held-out seeds."""
    threshold: float
    """On `score`; above all scores if no account is certain enough."""
    held_out_recall: float
    """Share of the seeds at or over the threshold when their own fold is hidden."""
    members: float
    """Estimated number of members not yet known, on the low side; 0 if it could not be estimated."""
    table: Design | None
    """What was learned from; None for `few_seeds`."""
    fit: Crossfit | None
    """The model; None for `few_seeds`."""

    @property
    def learned(self) -> bool:
        """Whether there were seeds enough to learn from."""
        return self.fit is not None

    def factors(self, rows: IntArray) -> Matrix:
        """(rows, p) by how much each account's score would fall if a feature were an average account's."""
        if self.fit is None or self.table is None:
            return np.zeros((len(rows), len(self.features)))
        return self.fit.without(self.table.values[rows])


def score(
    graph: Graph,
    seeds: IntArray,
    cleared: IntArray | None = None,
    negatives: IntArray | None = None,
    config: ScoreConfig | None = None,
    arriving: FloatArray | None = None,
) -> Scored:
    """Score every account by its ties to the confirmed ones.

    Seeds against unlabelled accounts (Elkan and Noto 2008) on features in which no seed sees its own fold;
    the model is the mean of one per fold, so that held-out seeds and unlabelled accounts are scored alike.
    With `negatives` only labelled accounts are learned from. With fewer seeds than `config.min_seeds`
    accounts are ranked by nearness, and none is over the threshold.

    Args:
        graph: n accounts.
        seeds: rows of confirmed accounts.
        cleared: rows of accounts that a reviewer found innocent: hard examples, not a random sample.
        negatives: rows of a random sample of innocent accounts, where somebody labelled one.
        config: which models to try, and how sure to be.
        arriving: (n,) factor on what walks carry to an account, below 1 for likely victims.

    Raises:
        NotReady: there are no seeds.
    """
    config = config or ScoreConfig()
    if not len(seeds):
        raise NotReady("no confirmed accounts to start from", hint="confirm at least one account")
    links = Links(graph, config.hub, arriving)
    task = make_task(graph.n, seeds, cleared, negatives, config)
    candidates = tuple(c for c in config.candidates if FeatureSet.CLOSED not in c.sets or _affordable(links))
    enough = len(task.seeds.rows) >= config.min_seeds and len(task.unlabelled) > 0
    if not (enough and candidates and graph.links):
        return _near(links, task)
    sets = frozenset(kind for candidate in candidates for kind in candidate.sets)
    table = design(links, task.seeds, task.negatives, sets)
    candidates = tuple(c for c in candidates if set(c.sets) & set(table.sets))
    if not candidates:  # Nothing that the accounts do tells any of them from the others.
        return _near(links, task)
    with threadpool_limits(1):  # The products are thin: more threads only wait for each other.
        return _scored(table, best_fit(table, task, config, candidates), task, config)


def _affordable(links: Links) -> bool:
    degree = links.either.degree.astype(np.float64)
    return float((degree[degree <= links.hub] ** 2).sum()) < _WEDGES


def _near(links: Links, task: Task) -> Scored:
    value, weights = few_seeds(links, task.seeds.rows)
    probability = np.zeros(task.n)
    probability[task.seeds.rows] = 1.0
    return Scored(
        model=FEW_SEEDS,
        score=value,
        probability=probability,
        over_threshold=np.zeros(task.n, np.bool_),
        held_out=value[task.seeds.rows],
        features=(),
        weights=weights,
        threshold=float(value.max()) + 1,
        held_out_recall=0.0,
        members=0.0,
        table=None,
        fit=None,
    )


def _scored(table: Design, fit: Crossfit, task: Task, config: ScoreConfig) -> Scored:
    value = np.full(task.n, fit.near.min(initial=0.0))
    value[fit.reach] = fit.near
    given = _labelled(task)
    value[given] = fit.score(table.values[given])
    features = tuple(table.names[column] for column in fit.columns)
    chance, threshold, members = _certainty(fit, task, config)
    probability, over = np.zeros(task.n), np.zeros(task.n, np.bool_)
    probability[fit.reach], probability[task.seeds.rows] = chance, 1.0
    over[fit.reach] = fit.near >= threshold
    typical = fit.without(table.values[task.seeds.rows]).mean(axis=0)
    return Scored(
        model=fit.name,
        score=value,
        probability=probability,
        over_threshold=over,
        held_out=fit.held_out,
        features=features,
        weights=dict(zip(features, typical.tolist(), strict=True)),
        threshold=threshold,
        held_out_recall=float((fit.held_out >= threshold).mean()),
        members=members,
        table=table,
        fit=fit,
    )


def _labelled(task: Task) -> IntArray:
    rest = () if task.negatives is None else (task.negatives.rows,)
    return np.concatenate([task.seeds.rows, task.cleared, *rest])


def _certainty(fit: Crossfit, task: Task, config: ScoreConfig) -> tuple[Matrix, float, float]:
    if task.negatives is None:
        found = calibrate(fit.held_out, fit.near, config)
        return found.probability, found.threshold, found.members
    chance: Matrix = expit(fit.near)
    return chance, threshold_of(fit.held_out, fit.near, chance, config), float(chance.sum())

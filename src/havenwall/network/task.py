"""What a model is asked: which accounts are known to be what, in folds."""

from __future__ import annotations

import msgspec
import numpy as np

from havenwall.network.config import ScoreConfig
from havenwall.network.design import Labels, Matrix, split
from havenwall.network.graph import IntArray


class Task(msgspec.Struct, frozen=True):
    """Every account of the graph, by what is known of it."""

    n: int
    """Accounts."""
    seeds: Labels
    """Confirmed accounts."""
    negatives: Labels | None
    """A random sample of innocent accounts, if there are enough of them to learn from."""
    cleared: IntArray
    """Accounts that a reviewer found innocent."""
    unlabelled: IntArray
    """All others."""


class Examples(msgspec.Struct, frozen=True):
    """What is learned from, one row per labelled or sampled account."""

    rows: IntArray
    """(m,) rows in the graph."""
    label: Matrix
    """(m,) 1 for seeds, else 0."""
    weight: Matrix
    """(m,) how many accounts each stands for."""
    fold: IntArray
    """(m,) the fold whose model must not see it; -1 for none."""


def make_task(
    n: int, seeds: IntArray, cleared: IntArray | None, negatives: IntArray | None, config: ScoreConfig
) -> Task:
    """Sort out overlaps (a seed stays a seed) and deal the labelled accounts into folds.

    Too few negatives to learn from are treated as cleared accounts.
    """
    rng = np.random.default_rng(len(seeds))
    none = np.empty(0, np.int64)
    seeds = np.unique(seeds)
    other = np.setdiff1d(none if negatives is None else negatives, seeds)
    known = len(other) >= config.min_seeds
    cleared = np.setdiff1d(none if cleared is None else cleared, np.union1d(seeds, other))
    cleared = cleared if known else np.union1d(cleared, other)
    labelled = np.concatenate([seeds, other, cleared])
    folds = split(n, seeds, config.folds, rng)
    rest = split(n, other, config.folds, rng) if known else None
    return Task(n, folds, rest, cleared, np.setdiff1d(np.arange(n), labelled))


def examples(task: Task, config: ScoreConfig) -> Examples:
    """Seeds against known negatives, or against a sample of the unlabelled accounts; cleared ones always."""
    seeds, cleared = task.seeds, task.cleared
    if task.negatives is not None:
        rest, fold, each = task.negatives.rows, task.negatives.fold, 1.0
    else:
        size = min(len(task.unlabelled), config.sample)
        rest = np.random.default_rng(0).choice(task.unlabelled, size, replace=False)
        fold, each = np.full(size, -1), len(task.unlabelled) / max(size, 1)
    parts = (len(seeds.rows), len(rest), len(cleared))
    return Examples(
        np.concatenate([seeds.rows, rest, cleared]),
        np.repeat([1.0, 0.0, 0.0], parts),
        np.repeat([1.0, each, config.cleared_weight], parts),
        np.concatenate([seeds.fold, fold, np.full(len(cleared), -1)]),
    )

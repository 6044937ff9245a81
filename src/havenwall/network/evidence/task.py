"""What a model is asked: which accounts are known to be what, in folds."""

from __future__ import annotations

import msgspec
import numpy as np

from havenwall.network.config import ScoreConfig
from havenwall.network.evidence.design import Design, Labels, Matrix, split
from havenwall.network.evidence.links import IntArray


class Task(msgspec.Struct, frozen=True):
    """Every account of the graph, by what is known of it."""

    n: int
    """Accounts."""
    folds: int
    """Parts that the labelled accounts are split into."""
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
    """(m,) the fold whose model must not see it, which alone scores it; -1 for none. Unlabelled accounts have
    one too: scored by models that learned them as negatives they would look worse than held-out seeds."""


def make_task(
    n: int, seeds: IntArray, cleared: IntArray | None, negatives: IntArray | None, config: ScoreConfig
) -> Task:
    """Sort out overlaps (a seed stays a seed) and deal the labelled accounts into folds.

    Few seeds are dealt into more folds, so that less is missing from each. Too few negatives to learn from
    are treated as cleared accounts.
    """
    rng = np.random.default_rng(len(seeds))
    none = np.empty(0, np.int64)
    seeds = np.unique(seeds)
    other = np.setdiff1d(none if negatives is None else negatives, seeds)
    known = len(other) >= config.min_seeds
    cleared = np.setdiff1d(none if cleared is None else cleared, np.union1d(seeds, other))
    cleared = cleared if known else np.union1d(cleared, other)
    labelled = np.concatenate([seeds, other, cleared])
    folds = 2 * config.folds if len(seeds) < config.many_seeds else config.folds
    rest = split(n, other, folds, rng) if known else None
    free = np.setdiff1d(np.arange(n), labelled)
    return Task(n, folds, split(n, seeds, folds, rng), rest, cleared, free)


def within_reach(table: Design, task: Task, config: ScoreConfig) -> IntArray:
    """(r,) the unlabelled accounts with the most evidence, all features counting the same.

    Models learn from these and score these: what tells a member from somebody near is not learned from the
    many who are nowhere near, and on a large platform those would take all the time.
    """
    size = max(config.reach, config.reach_per_seed * len(task.seeds.rows))
    if len(task.unlabelled) <= size:
        return task.unlabelled
    near = np.argpartition(-_evidence(table)[task.unlabelled], size)[:size]
    return np.sort(task.unlabelled[near])


def examples(table: Design, task: Task, reach: IntArray, config: ScoreConfig) -> Examples:
    """Seeds against known negatives, or a sample of the accounts within reach; cleared ones always."""
    seeds, cleared = task.seeds, task.cleared
    if task.negatives is not None:
        rest, fold = task.negatives.rows, task.negatives.fold
        each = np.ones(len(rest))
    else:
        rest, each = _sample(table, reach, config)
        fold = np.arange(len(rest)) % task.folds
    parts = (len(seeds.rows), len(rest), len(cleared))
    return Examples(
        np.concatenate([seeds.rows, rest, cleared]),
        np.repeat([1.0, 0.0, 0.0], parts),
        np.concatenate([np.ones(parts[0]), each, np.full(parts[2], config.cleared_weight)]),
        np.concatenate([seeds.fold, fold, np.full(len(cleared), -1)]),
    )


def _sample(table: Design, reach: IntArray, config: ScoreConfig) -> tuple[IntArray, Matrix]:
    """Accounts to learn from, and how many each stands for: the nearest half all, the others by lot.

    Some kinds of account near a network are rare (press, celebrities); nothing else teaches what they are.
    """
    half = config.sample // 2
    lottery = np.random.default_rng(0)
    if len(reach) <= config.sample:
        return lottery.permutation(reach), np.ones(len(reach))
    order = reach[np.argsort(-_evidence(table)[reach], kind="stable")]
    lot = lottery.choice(order[half:], half, replace=False)
    near = lottery.permutation(order[:half])
    return np.append(near, lot), np.repeat([1.0, (len(reach) - half) / half], half)


def _evidence(table: Design) -> Matrix:
    return np.asarray(table.values[:, np.array(table.signs) > 0].sum(axis=1), np.float64)

"""One model per fold, their mean, and the scores of labelled accounts by the model that did not see them."""

from __future__ import annotations

import msgspec
import numpy as np
from sklearn.metrics import average_precision_score

from havenwall.network.config import ScoreConfig
from havenwall.network.design import Design, Matrix
from havenwall.network.features import FeatureSet
from havenwall.network.graph import IntArray
from havenwall.network.logistic import fit_logistic
from havenwall.network.task import Examples, Task, examples

_CLEARLY = 0.01


class Crossfit(msgspec.Struct, frozen=True):
    """A model and how well it finds what it did not see."""

    name: str
    """The feature sets it uses."""
    columns: IntArray
    """(p,) columns of the design it uses."""
    weights: Matrix
    """(p,) mean over the folds."""
    intercept: float
    """Mean over the folds."""
    held_out: Matrix
    """(s,) scores of seeds, each by the model of its own fold."""
    quality: float
    """Average precision of those among the other accounts."""


def best_fit(
    table: Design, candidates: tuple[tuple[FeatureSet, ...], ...], task: Task, config: ScoreConfig
) -> Crossfit:
    """The candidate that ranks held-out seeds best; an earlier one unless a later one is clearly better."""
    known = examples(task, config)
    best = _crossfit(table, candidates[0], known, task, config)
    for candidate in candidates[1:]:
        fit = _crossfit(table, candidate, known, task, config)
        best = fit if fit.quality > best.quality + _CLEARLY else best
    return best


def _crossfit(
    table: Design, sets: tuple[FeatureSet, ...], known: Examples, task: Task, config: ScoreConfig
) -> Crossfit:
    columns = np.flatnonzero([kind in sets for kind in table.sets])
    signs = tuple(table.signs[column] for column in columns)
    values = table.values[:, columns]
    rows = values[known.rows]
    scores = np.empty(len(known.rows))
    models = []
    for part in range(config.folds):
        out = known.fold == part
        w, b = fit_logistic(rows[~out], known.label[~out], known.weight[~out], signs, config.strength)
        scores[out] = rows[out] @ w + b
        models.append(np.append(w, b))
    mean = np.mean(models, axis=0)
    held_out = scores[known.label > 0]
    unseen = scores[(known.fold >= 0) & (known.label == 0)]
    rest = unseen if task.negatives is not None else values[task.unlabelled] @ mean[:-1] + mean[-1]
    return Crossfit("+".join(sets), columns, mean[:-1], float(mean[-1]), held_out, _ranking(held_out, rest))


def _ranking(held_out: Matrix, rest: Matrix) -> float:
    label = np.repeat([1, 0], [len(held_out), len(rest)])
    return float(average_precision_score(label, np.concatenate([held_out, rest])))

"""One model per fold, their mean, and the scores of labelled accounts by the model that did not see them."""

from __future__ import annotations

from collections.abc import Sequence

import msgspec
import numpy as np
from sklearn.metrics import average_precision_score

from havenwall.network.config import Candidate, Form, ScoreConfig
from havenwall.network.evidence.boosted import Trees, fit_boosted
from havenwall.network.evidence.design import Design, Matrix
from havenwall.network.evidence.links import FloatArray, IntArray
from havenwall.network.evidence.logistic import Linear, fit_logistic
from havenwall.network.evidence.task import Examples, Task, examples, within_reach

_CLEARLY = 0.01
_OTHER_FORM = 1.4
"""A form that is harder to explain must be better by this factor."""

Model = Linear | Trees


class Crossfit(msgspec.Struct, frozen=True):
    """A model and how well it finds what it did not see."""

    name: str
    """Its form and the feature sets it uses."""
    form: Form
    columns: IntArray
    """(p,) columns of the design it uses."""
    reach: IntArray
    """(r,) the unlabelled accounts that it scores."""
    near: Matrix
    """(r,) their scores."""
    models: tuple[Model, ...]
    """One per fold; their scores are averaged."""
    held_out: Matrix
    """(s,) scores of seeds, each by the model of its own fold."""
    quality: float
    """Average precision of those among the other accounts."""

    def score(self, values: FloatArray) -> Matrix:
        """(m,) log-odds of (m, all columns) features."""
        return _mean_score(self.models, values[:, self.columns])

    def without(self, values: FloatArray) -> Matrix:
        """(m, p) by how much the score would fall if a feature were that of an average account.

        For a weighted sum these are its terms; for trees they need not add up to the score.
        """
        whole, lost = self.score(values), np.empty((len(values), len(self.columns)))
        for place, column in enumerate(self.columns):
            other = values.copy()
            other[:, column] = 0
            lost[:, place] = whole - self.score(other)
        return lost


def best_fit(table: Design, task: Task, config: ScoreConfig, candidates: tuple[Candidate, ...]) -> Crossfit:
    """The candidate that ranks held-out seeds best; an earlier one unless a later one is clearly better."""
    reach = within_reach(table, task, config)
    known = examples(table, task, reach, config)
    best = _crossfit(table, candidates[0], known, reach, task, config)
    for candidate in candidates[1:]:
        fit = _crossfit(table, candidate, known, reach, task, config)
        best = fit if _better(fit, best) else best
    return best


def _better(fit: Crossfit, best: Crossfit) -> bool:
    factor = 1.0 if fit.form is best.form else _OTHER_FORM
    return fit.quality > factor * best.quality + _CLEARLY


def _crossfit(
    table: Design, candidate: Candidate, known: Examples, reach: IntArray, task: Task, config: ScoreConfig
) -> Crossfit:
    columns = np.flatnonzero([kind in candidate.sets for kind in table.sets])
    rows = table.values[np.ix_(known.rows, columns)]
    signs = tuple(table.signs[column] for column in columns)
    scores, models = np.empty(len(known.rows)), []
    for part in range(task.folds):
        out = known.fold == part
        models.append(_fit(candidate.form, rows[~out], known.label[~out], known.weight[~out], signs, config))
        scores[out] = models[-1].score(rows[out])
    held_out = scores[known.label > 0]
    near = _mean_score(models, table.values[reach][:, columns])
    unseen = (known.fold >= 0) & (known.label == 0)
    if task.negatives is None:
        near[np.searchsorted(reach, known.rows[unseen])] = scores[unseen]
    quality = _ranking(held_out, near if task.negatives is None else scores[unseen])
    return Crossfit(candidate.name, candidate.form, columns, reach, near, tuple(models), held_out, quality)


def _fit(
    form: Form, values: FloatArray, label: Matrix, weight: Matrix, signs: tuple[int, ...], config: ScoreConfig
) -> Model:
    if form is Form.LOGISTIC:
        return fit_logistic(values, label, weight, signs, config.strength)
    return fit_boosted(values, label, weight, signs, additive=form is Form.ADDITIVE)


def _mean_score(models: Sequence[Model], values: FloatArray) -> Matrix:
    return np.asarray(np.mean([model.score(values) for model in models], axis=0), np.float64)


def _ranking(held_out: Matrix, rest: Matrix) -> float:
    label = np.repeat([1, 0], [len(held_out), len(rest)])
    return float(average_precision_score(label, np.concatenate([held_out, rest])))

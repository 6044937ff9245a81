"""Boosted trees that may only count evidence upwards."""

from __future__ import annotations

import msgspec
import numpy as np
from sklearn.ensemble import HistGradientBoostingClassifier

from havenwall.network.evidence.design import Matrix
from havenwall.network.evidence.links import FloatArray


class Trees(msgspec.Struct, frozen=True):
    """A boosted model (Friedman 2001; histogram form of Ke et al. 2017) with a sign for each feature."""

    model: HistGradientBoostingClassifier

    def score(self, values: FloatArray) -> Matrix:
        """(m,) log-odds of (m, p) features."""
        return np.asarray(self.model.decision_function(values), np.float64)


def fit_boosted(
    values: FloatArray, label: Matrix, weight: Matrix, signs: tuple[int, ...], *, additive: bool
) -> Trees:
    """Fit shallow trees.

    Args:
        values: (m, p) features.
        label: (m,) 1 or 0.
        weight: (m,) weight of each example.
        signs: (p,) 1 for features that may only raise the score, -1 lower it, 0 either.
        additive: one feature per tree, so that the score is a sum of one curve per feature, which a person
            can look at (a generalised additive model; Lou, Caruana and Gehrke 2012).
    """
    model = HistGradientBoostingClassifier(
        learning_rate=0.08,
        max_iter=60,
        max_leaf_nodes=4,
        max_bins=63,
        min_samples_leaf=8,
        l2_regularization=1.0,
        monotonic_cst=list(signs),
        interaction_cst="no_interactions" if additive else None,
        early_stopping=False,
        random_state=0,
    )
    # Both labels weigh the same in total: trees of a few leaves would never reach one in ten thousand.
    balance = np.where(label > 0, weight / weight[label > 0].sum(), weight / weight[label == 0].sum())
    model.fit(values, label, sample_weight=balance * len(label) / 2)
    return Trees(model)

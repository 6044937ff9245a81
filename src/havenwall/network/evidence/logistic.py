"""Logistic regression whose weights cannot point the wrong way."""

from __future__ import annotations

import msgspec
import numpy as np
from scipy.optimize import minimize
from scipy.special import expit

from havenwall.network.evidence.design import Matrix
from havenwall.network.evidence.links import FloatArray

_BOUNDS = {1: (0.0, None), -1: (None, 0.0), 0: (None, None)}


class Linear(msgspec.Struct, frozen=True):
    """A weighted sum."""

    weights: Matrix
    """(p,) one per feature."""
    intercept: float

    def score(self, values: FloatArray) -> Matrix:
        """(m,) log-odds of (m, p) features."""
        return np.asarray(values @ self.weights + self.intercept, np.float64)


def fit_logistic(
    values: FloatArray, label: Matrix, weight: Matrix, signs: tuple[int, ...], strength: float
) -> Linear:
    """Weighted logistic regression with an L2 penalty and a sign for each weight.

    Evidence may then count for an account or not at all: nobody lowers their own score by following a
    confirmed account, and every explanation reads the right way round. scikit-learn has no such bounds.

    Args:
        values: (m, p) standardised features.
        label: (m,) 1 or 0.
        weight: (m,) weight of each example.
        signs: (p,) 1 for weights of at least 0, -1 for at most 0, 0 for either.
        strength: inverse of the penalty, as scikit-learn's `C`.
    """
    side = np.where(label > 0, 1.0, -1.0)

    def loss(parameters: Matrix) -> tuple[float, Matrix]:
        w, b = parameters[:-1], parameters[-1]
        margin = side * (values @ w + b)
        pull = -strength * weight * side * expit(-margin)
        value = strength * float(weight @ np.logaddexp(0, -margin)) + 0.5 * float(w @ w)
        return value, np.append(values.T @ pull + w, pull.sum())

    bounds = [*(_BOUNDS[sign] for sign in signs), (None, None)]
    best = minimize(loss, _start(label, weight, len(signs)), jac=True, method="L-BFGS-B", bounds=bounds)
    return Linear(best.x[:-1], float(best.x[-1]))


def _start(label: Matrix, weight: Matrix, p: int) -> Matrix:
    share = np.clip(np.average(label, weights=weight), 1e-6, 1 - 1e-6)
    return np.append(np.zeros(p), np.log(share / (1 - share)))

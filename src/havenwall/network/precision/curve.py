"""A smooth calibration curve that starts at the model's own probabilities and bends as audits demand."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize
from scipy.special import expit, logit

Floats = NDArray[np.float64]

_BENDS = 7
_SHARPNESS = 6.0
"""A bend is spread over about a sixth of the spread of the scores."""
_SHIFT, _TILT, _LOOSE_TILT, _BEND = 3.0, 1.0, 10.0, 1.3
"""Prior standard deviations: shift of the log-odds, change of slope (without the model's word), each bend."""


def smooth_curve(place: Floats, member: Floats, weight: Floats, probability: Floats | None) -> Floats:
    """(a,) smoothed probability at each audited account.

    Logistic regression on the log-odds that the model gave, with a shift, a change of slope and seven bends,
    each shrunk towards none: Platt's scaling (1999) for few audits, a regression spline for many. Without
    audits to say otherwise it returns the model's own probability.

    Args:
        place: (a,) scores; used when the model gave no probability.
        member: (a,) 1 for a member, 0 for none.
        weight: (a,) what each audit counts.
        probability: (a,) what the model gave, or None.
    """
    given = probability is not None
    at = _standard(place) if probability is None else logit(np.clip(probability, 1e-6, 1 - 1e-6))
    start = at if given else np.zeros(len(at))
    design = _design(at)
    deviation = np.array([_SHIFT, _TILT if given else _LOOSE_TILT] + [_BEND] * _BENDS)
    return expit(start + design @ _fit(design, start, member, weight, 1 / deviation**2))


def _standard(values: Floats) -> Floats:
    return (values - values.mean()) / max(float(values.std()), 1e-9)


def _design(at: Floats) -> Floats:
    """A constant, the place itself, and soft hinges at quantiles of the audits."""
    spread = max(float(at.std()), 1e-3)
    bends = np.quantile(at, np.arange(1, _BENDS + 1) / (_BENDS + 1))
    hinges = np.logaddexp(0, (at[:, None] - bends) / spread * _SHARPNESS) / _SHARPNESS
    return np.column_stack([np.ones(len(at)), at / spread, hinges])


def _fit(design: Floats, start: Floats, member: Floats, weight: Floats, shrink: Floats) -> Floats:
    """Most probable coefficients under normal priors; the loss is convex, so there is one answer."""

    def loss(coefficient: Floats) -> tuple[float, Floats]:
        odds = start + design @ coefficient
        value = weight @ (np.logaddexp(0, odds) - member * odds) + shrink @ coefficient**2 / 2
        return float(value), design.T @ (weight * (expit(odds) - member)) + shrink * coefficient

    return np.asarray(minimize(loss, np.zeros(design.shape[1]), jac=True, method="L-BFGS-B").x)

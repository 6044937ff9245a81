"""Weights of evidence re-estimated from the roles that reviewers confirmed."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize
from scipy.special import log_softmax

from havenwall.errors import BadInput
from havenwall.model import NetworkRole
from havenwall.network.roles.features import Features
from havenwall.network.roles.scorecard import (
    CARD,
    COLUMN,
    ROLES,
    STANDARD,
    Scorecard,
    steps,
)

Matrix = NDArray[np.float64]
_OFFSET_STRENGTH = 0.01


def fit_roles(
    features: Features,
    roles_given: Sequence[NetworkRole],
    *,
    card: Scorecard = STANDARD,
    strength: float = 1.0,
) -> Scorecard:
    """Multinomial logistic regression drawn toward the documented card.

    No weight changes its sign, so that evidence never comes to mean its opposite; a line about which the
    reviewed accounts say nothing keeps its weight. Priors stay as they are: reviewed accounts were chosen for
    review, so how many of each role are among them says nothing about the platform. As in case-control
    studies (Prentice and Pyke 1979) the choice is taken up by an offset per role, which is thrown away.

    Args:
        features: of m reviewed accounts.
        roles_given: (m,) the role that a reviewer confirmed for each.
        card: where to start from and to be drawn to.
        strength: how many reviewed accounts' worth of evidence the card itself is; above 0.

    Raises:
        BadInput: the numbers of accounts and roles differ, there are none, or `strength` is not above 0.
    """
    if len(roles_given) != len(features.rows) or not len(roles_given):
        raise BadInput(f"{len(roles_given)} roles for {len(features.rows)} accounts", field="roles_given")
    if strength <= 0:
        raise BadInput("must be above 0", field="strength")
    applies = steps(features).astype(np.float64)
    column = np.array([COLUMN[line.role] for line in CARD])
    truth = np.array([COLUMN[role] for role in roles_given])
    member = np.eye(len(ROLES))
    toward = member[column]

    def loss(parameters: Matrix) -> tuple[float, Matrix]:
        weights, offset = parameters[: len(CARD)], parameters[len(CARD) :]
        odds = card.priors + offset + (applies * weights) @ toward
        logs = log_softmax(odds, axis=1)
        off = np.exp(logs) - member[truth]
        pull = strength * (weights - card.weights)
        surprise = -logs[np.arange(len(truth)), truth].sum()
        ridge = float(pull @ (weights - card.weights)) + _OFFSET_STRENGTH * float(offset @ offset)
        slope = (applies * off[:, column]).sum(axis=0) + pull
        drift = off.sum(axis=0) + _OFFSET_STRENGTH * offset
        return float(surprise) + ridge / 2, np.concatenate([slope, drift])

    start = np.concatenate([card.weights, np.zeros(len(ROLES))])
    bounds = [(0.0, None) if weight >= 0 else (None, 0.0) for weight in card.weights]
    best = minimize(loss, start, jac=True, method="L-BFGS-B", bounds=bounds + [(None, None)] * len(ROLES))
    return Scorecard(priors=card.priors, weights=best.x[: len(CARD)])

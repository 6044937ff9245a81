"""The pair model: a sum of weighted factors, each of which can only count the way it should."""

from __future__ import annotations

import msgspec
import numpy as np
from numpy.typing import NDArray

from havenwall.errors import BadInput, NotReady
from havenwall.network.evidence.logistic import fit_logistic
from havenwall.network.returns.factors import FACTORS
from havenwall.network.returns.sets import COPIED
from havenwall.network.returns.sketch import Values

VERSION = "returns-1"

_FEWEST = 20
_PRIOR_INTERCEPT = -6.5


class Scorecard(msgspec.Struct, frozen=True, kw_only=True):
    """Log-odds that a pair is one person: intercept plus weight times factor, summed."""

    weights: dict[str, float]
    """One per factor, by name."""
    intercept: float
    """Log-odds of a pair about which nothing speaks either way."""
    version: str = VERSION
    examples: int = 0
    """Pairs it was learned from; 0 for the weights it begins with."""

    def parts(self, factors: Values) -> Values:
        """(m, p) what each factor adds to the log-odds of (m, p) factors."""
        return factors * np.array([self.weights[factor.name] for factor in FACTORS])

    def log_odds(self, factors: Values) -> Values:
        """(m,) log-odds of (m, p) factors."""
        return self.parts(factors).sum(axis=1) + self.intercept

    def kinds(self, factors: Values, present: float) -> NDArray[np.int64]:
        """(m,) how many kinds of evidence add at least `present` to the log-odds each.

        0 if all of them are kinds that anybody can imitate.
        """
        here = self.parts(factors) >= present
        count = here[:, [factor.kind is not None for factor in FACTORS]].sum(axis=1)
        own = here[:, [factor.kind is not None and factor.kind not in COPIED for factor in FACTORS]]
        return np.where(own.any(axis=1), count, 0)


PRIOR = Scorecard(weights={factor.name: factor.weight for factor in FACTORS}, intercept=_PRIOR_INTERCEPT)
"""What to judge by before reviewers have confirmed enough returns to learn from."""


def fit_returns(factors: Values, label: NDArray[np.bool_], strength: float = 10.0) -> Scorecard:
    """Learn weights from pairs that reviewers have judged.

    Args:
        factors: (m, p) factors of the pairs, as `havenwall.network.returns.pairs.factors` gives them. They
            should be pairs as reviewers get to see them: candidates, and some drawn at random.
        label: (m,) whether a pair is one person.
        strength: inverse of the L2 penalty.

    Returns:
        A scorecard; weights keep the sign of their factor, or are 0.

    Raises:
        BadInput: the shapes do not fit.
        NotReady: fewer than 20 pairs of either answer.
    """
    if factors.shape != (len(label), len(FACTORS)):
        raise BadInput(f"{factors.shape} for {len(label)} labels and {len(FACTORS)} factors", field="factors")
    truth = np.asarray(label, np.bool_)
    if min(truth.sum(), (~truth).sum()) < _FEWEST:
        raise NotReady(f"needs {_FEWEST} confirmed and {_FEWEST} refuted pairs", hint="judge more candidates")
    signs = tuple(factor.sign for factor in FACTORS)
    one = np.ones(len(truth))
    fitted = fit_logistic(factors.astype(np.float32), truth.astype(np.float64), one, signs, strength)
    weights = {factor.name: float(weight) for factor, weight in zip(FACTORS, fitted.weights, strict=True)}
    return Scorecard(weights=weights, intercept=fitted.intercept, examples=len(truth))

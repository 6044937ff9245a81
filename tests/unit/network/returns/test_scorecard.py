"""The scorecard: signs hold, kinds are counted, weights are learned from what reviewers judged."""

from __future__ import annotations

import numpy as np
import pytest

from havenwall.errors import BadInput, NotReady
from havenwall.network.returns import FACTORS, PRIOR, fit_returns
from havenwall.network.returns.factors import COLUMN


def judged(size: int, seed: int = 0) -> tuple[np.ndarray, np.ndarray]:
    """Pairs of which audience and name decide, fans speak against, and contact is misleading."""
    rng = np.random.default_rng(seed)
    factors = rng.random((size, len(FACTORS)))
    odds = 8 * factors[:, COLUMN["audience"]] + 4 * factors[:, COLUMN["name"]] - 5 * factors[:, COLUMN["fan"]]
    odds -= 3 * factors[:, COLUMN["contact"]] + 2
    return factors, rng.random(size) < 1 / (1 + np.exp(-odds))


def test_the_prior_weights_point_the_way_of_their_factors() -> None:
    for factor in FACTORS:
        assert PRIOR.weights[factor.name] * factor.sign > 0
    assert PRIOR.log_odds(np.zeros((1, len(FACTORS))))[0] == PRIOR.intercept < -5


def test_more_evidence_never_makes_a_return_less_likely() -> None:
    rng = np.random.default_rng(2)
    factors = rng.random((50, len(FACTORS)))
    before = PRIOR.log_odds(factors)
    for place, factor in enumerate(FACTORS):
        more = factors.copy()
        more[:, place] += 0.3
        assert (np.sign(PRIOR.log_odds(more) - before) == factor.sign).all()


def test_learned_weights_find_what_decides_and_keep_their_signs() -> None:
    factors, label = judged(3000)
    card = fit_returns(factors, label, strength=10.0)
    weights = card.weights
    assert all(weights[factor.name] * factor.sign >= 0 for factor in FACTORS)
    assert weights["audience"] > weights["name"] > weights["media"] + 1
    assert weights["fan"] < -2
    assert weights["contact"] == pytest.approx(0, abs=1e-9)
    assert card.examples == 3000
    unseen, truth = judged(3000, seed=1)
    chance = 1 / (1 + np.exp(-card.log_odds(unseen)))
    assert chance[truth].mean() > chance[~truth].mean() + 0.25
    assert chance.mean() == pytest.approx(truth.mean(), abs=0.05)


def test_kinds_are_counted_once_and_only_when_they_weigh_enough() -> None:
    factors = np.zeros((3, len(FACTORS)))
    factors[0, [COLUMN["audience"], COLUMN["timing"]]] = 1
    factors[1, [COLUMN["audience"], COLUMN["name"], COLUMN["media"]]] = [0.5, 0.9, 0.01]
    factors[2, [COLUMN["fan"], COLUMN["together"]]] = 1
    assert PRIOR.kinds(factors, present=0.5).tolist() == [1, 2, 0]


def test_what_anybody_can_imitate_is_no_kind_of_evidence_by_itself() -> None:
    factors = np.zeros((2, len(FACTORS)))
    factors[:, [COLUMN[name] for name in ("follows", "name", "media", "circles")]] = 1
    factors[1, COLUMN["contact"]] = 1
    assert PRIOR.kinds(factors, present=0.5).tolist() == [0, 5]


def test_parts_sum_to_the_log_odds() -> None:
    factors, _ = judged(20)
    assert PRIOR.parts(factors).sum(axis=1) + PRIOR.intercept == pytest.approx(PRIOR.log_odds(factors))


def test_too_little_or_wrong_input_is_refused() -> None:
    factors, label = judged(60)
    with pytest.raises(BadInput, match="factors"):
        fit_returns(factors[:, :3], label)
    with pytest.raises(NotReady, match="20"):
        fit_returns(factors, np.arange(60) < 5)

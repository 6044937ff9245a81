import numpy as np
import pytest
from scipy.special import expit

from havenwall.network.precision.curve import smooth_curve


def test_returns_the_model_where_audits_say_nothing_else():
    probability = np.linspace(0.05, 0.95, 40)
    found = smooth_curve(np.arange(40.0), np.zeros(40), np.full(40, 1e-9), probability)
    assert found == pytest.approx(probability, abs=1e-6)


@pytest.mark.parametrize("knows", [True, False])
def test_finds_the_truth_behind_a_model_that_is_far_off(knows):
    rng = np.random.default_rng(0)
    place = rng.normal(0, 2, 4000)
    truth = 0.9 * expit(2 * place - 1)
    found = smooth_curve(
        place, (rng.random(4000) < truth).astype(float), np.ones(4000), expit(place + 3) if knows else None
    )
    assert np.abs(found - truth).mean() < 0.02


def test_heavier_audits_count_more():
    place, member = np.zeros(10), np.repeat([1.0, 0.0], 5)
    found = smooth_curve(place, member, np.repeat([9.0, 1.0], 5), None)
    assert found == pytest.approx(np.full(10, 0.9), abs=0.02)

from __future__ import annotations

import numpy as np
import pytest
from scipy.stats import binom

from havenwall.network.discover.surprise import surprise


def test_it_is_the_log_likelihood_ratio_of_the_binomial():
    seen, size, rate = 7, 20, 0.1
    ratio = binom.logpmf(seen, size, seen / size) - binom.logpmf(seen, size, rate)
    assert surprise(np.array([seen]), np.array([size]), rate) == pytest.approx([ratio], rel=1e-5)


def test_what_chance_gives_or_less_does_not_surprise():
    assert surprise(np.array([0.0, 1.0, 2.0]), np.array([20.0, 20.0, 20.0]), 0.1).tolist() == [0, 0, 0]


def test_more_of_the_same_surprises_more():
    values = surprise(np.array([2.0, 4.0, 8.0]), np.array([10.0, 20.0, 40.0]), 0.01)
    assert (np.diff(values) > 0).all()


def test_accounts_without_anything_and_channels_without_information():
    assert surprise(np.zeros(2), np.array([0.0, 5.0]), 0.1).tolist() == [0, 0]
    assert surprise(np.ones(1), np.ones(1), 0.0).tolist() == [0]


def test_everything_informed_is_finite():
    assert surprise(np.array([5.0]), np.array([5.0]), 0.01) == pytest.approx([5 * np.log(100)], rel=1e-4)

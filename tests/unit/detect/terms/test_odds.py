"""Log-odds with a Dirichlet prior: against a calculation by hand, and its laws."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

from havenwall.detect.terms.odds import dirichlet, log_odds

COUNTS = arrays.arrays(np.float64, 5, elements=st.floats(0, 1000))


def test_as_by_hand():
    ours, others, prior = np.array([6.0, 4.0]), np.array([10.0, 90.0]), np.array([1.0, 2.0])
    found = log_odds(ours, others, prior)
    delta = math.log(7 / 6) - math.log(11 / 92)
    assert found.delta[0] == pytest.approx(delta)
    assert found.z[0] == pytest.approx(delta / math.sqrt(1 / 7 + 1 / 11))


@given(COUNTS, COUNTS)
def test_the_other_way_round_is_the_opposite(ours, others):
    prior = np.full(5, 0.5)
    assert np.allclose(log_odds(ours, others, prior).z, -log_odds(others, ours, prior).z)


@given(COUNTS)
def test_equal_use_is_no_evidence(counts):
    assert np.allclose(log_odds(counts, counts, np.full(5, 1.0)).z, 0)


@given(COUNTS, st.floats(1, 1000), st.floats(0.01, 2))
def test_a_prior_is_never_below_its_floor(background, size, floor):
    found = dirichlet(background, size, floor)
    assert (found >= floor).all()
    assert found.sum() <= size + 5 * floor + 1e-6


def test_a_single_term_has_nothing_to_be_compared_with():
    assert np.isfinite(log_odds(np.array([3.0]), np.array([2.0]), np.array([0.5])).z).all()

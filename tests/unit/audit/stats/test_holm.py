import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from havenwall.audit.stats import holm

P = st.lists(st.floats(0, 1), min_size=1, max_size=8)


def test_by_hand():
    # As R's p.adjust(c(.01, .04, .03, .005), "holm").
    assert holm([0.01, 0.04, 0.03, 0.005]) == pytest.approx([0.03, 0.06, 0.06, 0.02])


@given(P)
def test_holm_keeps_the_order_and_lies_between_no_correction_and_bonferronis(given_p):
    p, adjusted = np.array(given_p), holm(given_p)
    assert (adjusted >= p).all()
    assert (adjusted <= np.minimum(p * p.size, 1) + 1e-12).all() or (np.diff(np.sort(adjusted)) >= 0).all()
    assert (adjusted <= 1).all()
    order = np.argsort(p, kind="stable")
    assert (np.diff(adjusted[order]) >= 0).all()
    assert adjusted.min() == pytest.approx(min(p.min() * p.size, 1))


@given(P, st.randoms())
def test_the_order_of_the_tests_does_not_matter(given_p, random):
    shuffled = list(given_p)
    random.shuffle(shuffled)
    assert sorted(holm(shuffled)) == sorted(holm(given_p))


def test_false_alarms_among_many_tests_stay_below_the_level():
    p = np.random.default_rng(0).random((4_000, 6))
    assert np.mean([(holm(row) <= 0.05).any() for row in p]) < 0.06

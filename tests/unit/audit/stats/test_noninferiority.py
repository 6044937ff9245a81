import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from havenwall.audit.stats import difference_interval, difference_test, share_interval, share_test

VALUES = np.array([[0.02, 0.01], [0.03, 0.02], [0.01, 0.02], [0.04, 0.01], [0.02, 0.02]])


def share(values, limit, **given):
    return share_test(values, limit, **{"icc": 0.0, **given})


def test_the_interval_and_the_p_values_say_the_same():
    high = share_interval(VALUES)[1]
    at = share(VALUES, high)
    assert (at.low, at.high) == share_interval(VALUES)
    assert at.p_below == pytest.approx(0.025)
    low = difference_interval(VALUES)[0]
    assert difference_test(VALUES, low, icc=0.0).p_above == pytest.approx(0.025)


@settings(max_examples=60)
@given(st.integers(0, 99), st.floats(0.01, 0.98))
def test_a_greater_limit_is_easier_to_keep(seed, limit):
    values = np.random.default_rng(seed).beta(0.5, 2, (5, 4))
    near, far = share(values, limit), share(values, limit + 0.01)
    assert far.p_below <= near.p_below
    assert far.p_above >= near.p_above
    assert 0 <= near.low <= near.value <= near.high <= 1
    assert near.p_above + near.p_below == pytest.approx(1)


def test_no_event_at_all_is_bounded_by_the_accounts():
    found = share(np.zeros((3, 20)), 0.05)
    assert found.few
    assert (found.value, found.low, found.p_above) == (0, 0, 1)
    assert found.high == pytest.approx(0.0487, abs=1e-4)
    assert found.p_below == pytest.approx(0.95**60)


def test_accounts_alike_loosen_the_bound_and_a_ceiling_tightens_it():
    plain = share(np.zeros((3, 20)), 0.05).high
    assert share(np.zeros((3, 20)), 0.05, icc=0.2).high > 2 * plain
    assert share(np.zeros((3, 20)), 0.05, ceiling=0.5).high == pytest.approx(plain / 2)


def test_few_events_are_bounded_as_if_each_could_be_the_worst():
    values = np.zeros((5, 20))
    values[0, :4] = 0.01
    found = share(values, 0.05)
    assert found.few
    assert found.high == pytest.approx(0.0993, abs=1e-4)
    values[1, 0] = 0.01
    assert not share(values, 0.05).few


def test_arms_that_never_differ_may_still_differ_for_accounts_not_tried():
    found = difference_test(np.zeros((3, 20)), 0.05, icc=0.0)
    assert (found.low, found.high) == pytest.approx((-0.0487, 0.0487), abs=1e-4)
    assert difference_test(np.zeros((1, 1)), 0.05, icc=0.0).high == 1


def test_everybody_exposed_alike_is_certain():
    found = share(np.full((5, 20), 0.3), 0.1)
    assert (found.low, found.high) == pytest.approx((0.3, 0.3))
    assert (found.p_above, found.p_below) == (0, 1)
    assert share(np.full((5, 20), 0.3), 0.4).p_below == 0
    assert difference_test(np.full((5, 20), 0.3), 0.1, icc=0.0).p_above == 0


def test_nothing_is_allowed_and_something_was_seen():
    assert share(VALUES, 0.0).p_above == 0
    assert share(VALUES, 1.0).p_below == 0

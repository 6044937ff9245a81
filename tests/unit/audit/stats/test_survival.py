import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from havenwall.audit.stats import median_survival, survival_curve


def test_kaplan_meier_by_hand():
    # S = 5/6 after 1, 5/6*3/4 = .625 after 2 (one censored at 1), .625*2/3 = .417 after 3.
    rounds = np.array([1, 1, 2, 3, 3, 4])
    happened = np.array([True, False, True, True, False, False])
    curve = survival_curve(rounds, happened)
    assert curve.rounds == [1, 2, 3, 4]
    assert curve.surviving == pytest.approx([5 / 6, 5 / 8, 5 / 12, 5 / 12])
    assert curve.median == 3


def test_the_remission_times_of_freireich():
    # 6-MP arm; survival and log-log intervals as in Kleinbaum and Klein, Survival Analysis, chapter 2.
    events = [6, 6, 6, 7, 10, 13, 16, 22, 23]
    left = [6, 9, 10, 11, 17, 19, 20, 25, 32, 32, 34, 35]
    happened = np.arange(21) < 9
    curve = survival_curve(np.array(events + left), happened)
    shown = dict(zip(curve.rounds, zip(curve.surviving, curve.low, curve.high, strict=True), strict=True))
    assert shown[6] == pytest.approx((0.857, 0.620, 0.952), abs=1e-3)
    assert shown[10] == pytest.approx((0.753, 0.503, 0.889), abs=1e-3)
    assert shown[23] == pytest.approx((0.448, 0.188, 0.680), abs=1e-3)
    assert curve.median == 23


def test_the_censored_are_at_risk_until_they_leave():
    rounds = np.array([1, 1, 2, 3, 4])
    happened = np.array([False, False, True, True, True])
    assert median_survival(rounds, happened) == 3


@pytest.mark.parametrize(
    ("rounds", "happened", "median"),
    [
        ([1, 2, 3, 4], [True, True, False, False], 2),
        ([1, 4, 4, 4], [True, False, False, False], None),
        ([4, 4], [False, False], None),
        ([1, 1, 1], [True, True, True], 1),
    ],
)
def test_median_round_of_first_exposure(rounds, happened, median):
    assert median_survival(np.array(rounds), np.array(happened)) == median


def test_no_interval_where_all_or_none_are_left():
    curve = survival_curve(np.array([1, 2]), np.array([False, True]))
    assert curve.surviving == [1, 0]
    assert curve.low == [None, None]


@settings(max_examples=60)
@given(st.lists(st.tuples(st.integers(1, 6), st.booleans()), min_size=1, max_size=20))
def test_the_curve_falls_within_its_interval(accounts):
    rounds, happened = (np.array(column) for column in zip(*accounts, strict=True))
    curve = survival_curve(rounds, happened)
    assert (np.diff(curve.surviving) <= 1e-12).all()
    for share, low, high in zip(curve.surviving, curve.low, curve.high, strict=True):
        assert low is None or high is None or 0 <= low <= share + 1e-12 <= high + 2e-12 <= 1 + 3e-12

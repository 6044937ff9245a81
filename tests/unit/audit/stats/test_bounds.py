import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import binom

from havenwall.audit.stats import effective_trials, exact_bounds, zero_event_upper
from havenwall.audit.stats.bounds import chance_of_fewer


@pytest.mark.parametrize(("trials", "upper"), [(60, 0.0487), (120, 0.0247), (300, 0.0099)])
def test_no_event_still_leaves_a_rate_possible(trials, upper):
    assert zero_event_upper(trials) == pytest.approx(upper, abs=1e-4)
    assert binom.pmf(0, trials, zero_event_upper(trials)) == pytest.approx(0.05)
    assert exact_bounds(0, trials) == (0, zero_event_upper(trials))


@pytest.mark.parametrize(
    ("events", "trials", "low", "high"),
    [(10, 100, 0.0490, 0.1762), (1, 20, 0.0013, 0.2487), (5, 10, 0.1871, 0.8129)],
)
def test_clopper_and_pearson(events, trials, low, high):
    assert exact_bounds(events, trials) == pytest.approx((low, high), abs=1e-4)


def test_nothing_but_events():
    assert exact_bounds(60, 60) == pytest.approx((1 - 0.0487, 1), abs=1e-4)


@given(st.just(0) | st.floats(0.01, 50), st.floats(0.5, 50), st.sampled_from([0.5, 0.9, 0.99]))
def test_bounds_are_ordered_and_around_the_rate(events, more, level):
    trials = events + more
    low, high = exact_bounds(events, trials, level)
    assert 0 <= low <= events / trials + 1e-9
    assert events / trials - 1e-9 <= high <= 1


@given(st.integers(0, 20), st.integers(21, 500))
def test_more_events_raise_the_bounds_and_more_trials_lower_them(events, trials):
    low, high = exact_bounds(events, trials)
    if events:
        assert low > exact_bounds(events - 1, trials)[0]
    if events > 1:
        assert high > exact_bounds(events - 1, trials)[1]
    assert high > exact_bounds(events, trials + 1)[1]


def test_the_p_value_belongs_to_the_bound():
    high = exact_bounds(3, 80)[1]
    assert chance_of_fewer(3, 80, high) == pytest.approx(0.025)
    assert chance_of_fewer(3, 80, 0.1) == pytest.approx(binom.cdf(3, 80, 0.1))
    assert chance_of_fewer(80, 80, 0.5) == 1


def test_accounts_that_share_a_platform_count_for_less():
    assert effective_trials(5, 20, 0) == 100
    assert effective_trials(5, 20, 1) == 5
    assert effective_trials(1, 20, 0.5) == 20
    assert effective_trials(5, 20, 0.05) == pytest.approx(100 / 1.95)

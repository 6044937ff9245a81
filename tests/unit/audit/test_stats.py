import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import binom

from havenwall.audit import cluster_interval, median_survival, sign_flip_p, zero_event_upper


def audits(rng, platforms, between, within, mean=0.5):
    """(platforms, 20) account means with the given spread between and within platforms."""
    shift = rng.normal(0, between, (platforms, 1))
    return mean + shift + rng.normal(0, within, (platforms, 20))


def coverage(platforms, between, within, audited=200):
    rng = np.random.default_rng(7)
    found = [cluster_interval(audits(rng, platforms, between, within), 500, rng) for _ in range(audited)]
    return np.mean([low <= 0.5 <= high for low, high in found])


@pytest.mark.parametrize(("between", "within"), [(0.1, 0.05), (0.05, 0.1), (0.0, 0.1)])
def test_the_interval_covers_the_mean_whatever_the_platforms_share(between, within):
    assert coverage(6, between, within) >= 0.9


def test_counting_every_account_as_a_platform_would_not_cover_it():
    rng = np.random.default_rng(7)
    hits = []
    for _ in range(200):
        alone = audits(rng, 6, 0.1, 0.05).reshape(-1, 1)
        low, high = cluster_interval(alone, 300, rng)
        hits.append(low <= 0.5 <= high)
    assert np.mean(hits) < 0.7


def test_more_platforms_narrow_the_interval():
    rng = np.random.default_rng(7)

    def width(platforms):
        found = [cluster_interval(audits(rng, platforms, 0.1, 0.05), 300, rng) for _ in range(30)]
        return np.mean([high - low for low, high in found])

    assert width(5) > 1.5 * width(20) > 2 * width(60)


def test_one_platform_gives_an_interval_over_its_accounts():
    rng = np.random.default_rng(7)
    values = rng.random((1, 20))
    low, high = cluster_interval(values, 1_000, rng)
    assert low < values.mean() < high
    assert cluster_interval(np.full((1, 20), 0.25), 500, rng) == (0.25, 0.25)


@settings(max_examples=30, deadline=None)
@given(st.integers(1, 6), st.integers(1, 6), st.integers(0, 99))
def test_the_interval_stays_within_the_values_and_around_the_mean(platforms, accounts, seed):
    rng = np.random.default_rng(seed)
    values = rng.random((platforms, accounts))
    low, high = cluster_interval(values, 400, rng)
    assert values.min() - 1e-9 <= low <= values.mean() + 1e-9
    assert values.mean() - 1e-9 <= high <= values.max() + 1e-9


@pytest.mark.parametrize("units", [10, 60])
def test_p_is_uniform_when_there_is_no_difference(units):
    rng = np.random.default_rng(11)
    p = np.array([sign_flip_p(rng.normal(size=units), rng, draws=199) for _ in range(400)])
    for level in (0.05, 0.25, 0.5, 0.75):
        assert abs((p <= level).mean() - level) < 4 * np.sqrt(level * (1 - level) / 400)


def test_p_by_hand():
    rng = np.random.default_rng(0)
    assert sign_flip_p(np.array([1.0, 2.0, 3.0]), rng) == pytest.approx(2 / 8)
    assert sign_flip_p(np.array([1.0, 1.0, -1.0]), rng) == pytest.approx(1.0)
    assert sign_flip_p(np.zeros(5), rng) == 1.0
    assert sign_flip_p(np.zeros(50), rng) == 1.0


def test_p_of_a_plain_effect_reaches_its_floor():
    rng = np.random.default_rng(0)
    assert sign_flip_p(np.full(5, 0.3), rng) == 2 / 32
    assert sign_flip_p(np.full(100, 0.3), rng, draws=999) == 1 / 1_000


@pytest.mark.parametrize(("trials", "upper"), [(60, 0.0487), (120, 0.0247), (300, 0.0099)])
def test_no_event_still_leaves_a_rate_possible(trials, upper):
    assert zero_event_upper(trials) == pytest.approx(upper, abs=1e-4)
    assert binom.pmf(0, trials, zero_event_upper(trials)) == pytest.approx(0.05)


def test_kaplan_meier_by_hand():
    # S = 5/6 after 1, 5/6*3/4 = .625 after 2 (one censored at 1), .625/2 = .3125 after 3.
    rounds = np.array([1, 1, 2, 3, 3, 4])
    happened = np.array([True, False, True, True, False, False])
    assert median_survival(rounds, happened) == 3


def test_kaplan_meier_counts_the_censored_as_at_risk_until_they_leave():
    # Of the four who had it, two by round 2; but with two censored early S is 2/3 then 1/3.
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

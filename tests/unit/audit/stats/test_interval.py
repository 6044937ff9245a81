import tracemalloc

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import t

from havenwall.audit.stats import cluster_interval, difference_interval, share_interval, spread

SIZES = st.tuples(st.integers(1, 6), st.integers(1, 6), st.integers(0, 99))


def audits(rng, platforms, between, within, mean=0.5):
    """(platforms, 20) account means with the given spread between and within platforms."""
    shift = rng.normal(0, between, (platforms, 1))
    return mean + shift + rng.normal(0, within, (platforms, 20))


def coverage(found, truth=0.5):
    return np.mean([low <= truth <= high for low, high in found])


@pytest.mark.parametrize(("between", "within"), [(0.1, 0.05), (0.05, 0.1), (0.0, 0.1)])
def test_the_bootstrap_covers_the_mean_whatever_the_platforms_share(between, within):
    rng = np.random.default_rng(7)
    found = [cluster_interval(audits(rng, 6, between, within), 500, rng) for _ in range(200)]
    assert coverage(found) >= 0.9


def test_counting_every_account_as_a_platform_would_not_cover_it():
    rng = np.random.default_rng(7)
    alone = [audits(rng, 6, 0.1, 0.05).reshape(-1, 1) for _ in range(200)]
    assert coverage([cluster_interval(x, 300, rng) for x in alone]) < 0.7
    assert coverage([difference_interval(x) for x in alone]) < 0.7


def test_more_platforms_narrow_the_interval():
    rng = np.random.default_rng(7)

    def width(platforms):
        found = [cluster_interval(audits(rng, platforms, 0.1, 0.05), 300, rng) for _ in range(30)]
        return np.mean([high - low for low, high in found])

    assert width(5) > 1.5 * width(20) > 2 * width(60)


def test_one_platform_gives_an_interval_over_its_accounts():
    rng = np.random.default_rng(7)
    values = rng.random((1, 20))
    for low, high in (cluster_interval(values, 1_000, rng), share_interval(values)):
        assert low < values.mean() < high
    assert cluster_interval(np.full((1, 20), 0.25), 500, rng) == (0.25, 0.25)
    assert share_interval(np.full((1, 20), 0.25)) == (0.25, 0.25)


@settings(max_examples=30)
@given(SIZES)
def test_the_bootstrap_stays_within_the_values_and_around_the_mean(sizes):
    platforms, accounts, seed = sizes
    rng = np.random.default_rng(seed)
    values = rng.random((platforms, accounts))
    low, high = cluster_interval(values, 400, rng)
    assert values.min() - 1e-9 <= low <= values.mean() + 1e-9
    assert values.mean() - 1e-9 <= high <= values.max() + 1e-9


def test_blocks_of_draws_change_nothing(monkeypatch):
    values = np.random.default_rng(1).random((3, 7))
    whole = cluster_interval(values, 300, np.random.default_rng(2))
    monkeypatch.setattr("havenwall.audit.stats.interval._BLOCK", 50)
    assert cluster_interval(values, 300, np.random.default_rng(2)) == whole


def test_memory_does_not_grow_with_the_draws():
    values = np.zeros((20, 1_000))
    tracemalloc.start()
    cluster_interval(values, 300, np.random.default_rng(0))
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 100e6


def test_the_error_is_that_of_the_platforms_means():
    values = np.array([[0.1, 0.3], [0.4, 0.4], [0.0, 0.6]])
    found = spread(values)
    assert (found.mean, found.error) == pytest.approx((0.3, 0.1 / 3**0.5))
    assert found.freedom == 2
    reach = t.ppf(0.975, 2) * found.error
    assert difference_interval(values) == pytest.approx((0.3 - reach, 0.3 + reach))


def test_a_half_is_the_middle_of_its_interval():
    low, high = share_interval(np.array([[0.4], [0.6], [0.45], [0.55]]))
    assert low + high == pytest.approx(1)


def test_a_small_share_leans_upwards():
    low, high = share_interval(np.array([[0.01], [0.02], [0.03], [0.01]]))
    assert high - 0.0175 > 2 * (0.0175 - low) > 0


@settings(max_examples=100)
@given(SIZES, st.sampled_from([0.01, 0.3, 5.0]), st.sampled_from([0.5, 0.9, 0.95]))
def test_a_share_interval_is_within_0_and_1_around_the_mean_and_nested(sizes, shape, level):
    platforms, accounts, seed = sizes
    values = np.round(np.random.default_rng(seed).beta(shape, 1, (platforms, accounts)) * 200) / 200
    low, high = share_interval(values, level)
    assert 0 <= low <= values.mean() + 1e-12 <= high + 2e-12 <= 1 + 3e-12
    wide_low, wide_high = share_interval(values, 0.99)
    assert wide_low <= low + 1e-12
    assert high <= wide_high + 1e-12
    assert (1 - high, 1 - low) == pytest.approx(share_interval(1 - values, level), abs=1e-9)


@pytest.mark.parametrize("platforms", [5, 8])
@pytest.mark.parametrize("heads", [(0.3, 3.0), (0.02, 50.0)])
def test_a_share_interval_covers_few_platforms_that_differ(platforms, heads):
    mean, count = heads
    rng = np.random.default_rng(3)
    rates = rng.beta(mean * count, (1 - mean) * count, (600, platforms, 1))
    sets = rng.binomial(200, np.broadcast_to(rates, (600, platforms, 6))) / 200
    assert coverage([share_interval(x) for x in sets], mean) >= 0.92


def test_one_bad_platform_alone_leaves_a_wide_interval():
    low, high = share_interval(np.array([[0.1], [0.0], [0.0], [0.0], [0.0]]))
    assert low < 0.002
    assert high > 0.1


def test_one_account_says_nothing():
    assert share_interval(np.array([[0.2]])) == (0, 1)
    assert difference_interval(np.array([[0.2]])) == (-1, 1)

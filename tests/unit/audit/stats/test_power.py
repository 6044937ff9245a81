import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from havenwall.audit.stats import (
    Components,
    Sizes,
    chance,
    components,
    design_effect,
    detectable,
    effective_trials,
    sizes_for_few,
    sizes_needed,
    standard_error,
    zero_event_upper,
)
from havenwall.audit.stats.bounds import exact_bounds


def sizes(platform_seeds, accounts):
    return Sizes(platform_seeds=platform_seeds, accounts=accounts)


def test_variance_components_by_hand():
    # Means 1 and 3, within variance 2 each: 2 = between + 2 / 2.
    found = components(np.array([[0.0, 2.0], [2.0, 4.0]]))
    assert (found.between, found.within) == pytest.approx((1, 2))
    assert found.icc == pytest.approx(1 / 3)


def test_components_are_found_again():
    rng = np.random.default_rng(0)
    values = rng.normal(0, 0.3, (2_000, 1)) + rng.normal(0, 0.6, (2_000, 10))
    assert components(values).icc == pytest.approx(0.2, abs=0.02)


def test_platforms_more_alike_than_chance_share_nothing():
    found = components(np.array([[0.0, 1.0], [1.0, 0.0]]))
    assert (found.between, found.icc) == (0, 0)
    assert components(np.array([[0.0, 1.0]])).between == 0
    assert components(np.zeros((2, 1))).icc == 0


@pytest.mark.parametrize(("icc", "accounts", "effect"), [(0, 20, 1), (0.77, 20, 15.63), (1, 7, 7)])
def test_design_effect(icc, accounts, effect):
    assert design_effect(icc, accounts) == pytest.approx(effect)


def test_the_error_of_clustered_accounts_is_the_design_effect():
    pilot = Components(between=0.2, within=0.8)
    plain = math.sqrt(1.0 / 100)
    assert standard_error(pilot, sizes(5, 20)) == pytest.approx(plain * math.sqrt(design_effect(0.2, 20)))


def test_power_of_a_one_sample_t_test():
    # Tables of the one-sample t test: d = .5, n = 34 gives 80 %, n = 44 gives 90 %.
    assert chance(0.5, 1 / math.sqrt(34), 33) == pytest.approx(0.808, abs=0.002)
    assert chance(0.5, 1 / math.sqrt(44), 43) == pytest.approx(0.901, abs=0.003)
    assert chance(0.0, 0.1, 4) == pytest.approx(0.025)


@pytest.mark.parametrize("freedom", [4, 7, 11, 30])
def test_the_detectable_effect_is_detected_with_about_its_power(freedom):
    assert chance(detectable(0.1, freedom), 0.1, freedom) == pytest.approx(0.8, abs=0.03)


def test_one_unit_detects_nothing():
    assert detectable(0.1, 0) == math.inf


@given(st.floats(0, 0.01), st.floats(0.001, 0.05), st.floats(0.005, 0.2))
def test_the_sizes_needed_have_the_power(between, within, distance):
    pilot = Components(between=between, within=within)
    found = sizes_needed(pilot, distance)
    if found:
        error = standard_error(pilot, found)
        assert chance(distance, error, found.platform_seeds - 1) >= 0.77
        assert found.platform_seeds >= 5


def test_platforms_that_differ_need_more_platforms_and_not_more_accounts():
    alike = sizes_needed(Components(between=0.0, within=0.04), 0.02)
    differ = sizes_needed(Components(between=0.01, within=0.03), 0.02)
    assert alike.platform_seeds < 10
    assert differ.platform_seeds > 100
    assert differ.accounts < alike.accounts


def test_cheap_platforms_are_taken_instead_of_accounts():
    pilot = Components(between=0.001, within=0.04)
    cheap, dear = (sizes_needed(pilot, 0.02, platform_cost=cost) for cost in (1, 1_000))
    assert cheap.platform_seeds > dear.platform_seeds
    assert cheap.accounts < dear.accounts


def test_some_limits_are_out_of_reach():
    assert sizes_needed(Components(between=0.1, within=0.1), 0.0) is None
    assert sizes_needed(Components(between=0.1, within=0.1), 1e-6) is None
    assert sizes_needed(Components(between=0.0, within=0.04), 0.02, one_platform=True) == sizes(1, 785)
    assert sizes_for_few(0.01, rate=0.02, icc=0.0) is None
    assert sizes_for_few(1e-9, icc=0.05) is None


def test_no_event_in_three_hundred_accounts_keeps_one_percent():
    found = sizes_for_few(0.01, icc=0.0)
    assert found.platform_seeds * found.accounts == pytest.approx(300, abs=5)
    assert sizes_for_few(0.01, icc=0.2, one_platform=True) == sizes(1, 299)


@given(st.floats(0.005, 0.5), st.floats(0, 0.2), st.floats(0, 0.5))
def test_the_sizes_for_few_events_keep_the_limit(limit, icc, part):
    rate = 0.0 if part < 0.1 else limit * part
    found = sizes_for_few(limit, rate=rate, icc=icc)
    if found:
        trials = effective_trials(found.platform_seeds, found.accounts, icc)
        high = exact_bounds(rate * trials, trials)[1] if rate else zero_event_upper(trials)
        assert high <= limit * 1.0001


def test_a_limit_of_one_needs_next_to_nothing():
    assert sizes_for_few(1.0, icc=0.0) == sizes(5, 2)

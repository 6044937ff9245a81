from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from havenwall.errors import BadConfig, BadInput
from havenwall.network.precision import Part, SamplingPlan

PLAN = SamplingPlan(flagged_buckets=2, near=(0.5, 1.0), floor=3, smallest=5)


def scores(n: int, seed: int = 0):
    rng = np.random.default_rng(seed)
    return np.round(rng.normal(0, 1, n), 1)


def draw(values, flagged, budget=40, seed=1, plan=PLAN):
    return plan.draw(values, flagged, [f"account:{i}" for i in range(len(values))], budget, seed)


@given(st.integers(1, 300), st.floats(0, 1), st.integers(0, 120))
@settings(max_examples=60)
def test_buckets_cut_the_accounts_into_ranges_of_score(n, share, budget):
    values = scores(n)
    flagged = values > np.quantile(values, share)
    buckets, number = PLAN.cut(values, flagged)
    assert [bucket.size for bucket in buckets] == np.bincount(number, minlength=len(buckets)).tolist()
    assert sum(bucket.size for bucket in buckets if bucket.part is Part.FLAGGED) == flagged.sum()
    for above, below in pairwise(buckets):
        assert above.low >= below.high
    drawn = draw(values, flagged, budget)
    assert len({one.row for one in drawn}) == len(drawn) == min(budget, n)
    for one in drawn:
        assert one.entity == f"account:{one.row}"
        assert one.bucket == number[one.row]


def test_flags_that_do_not_follow_the_score_still_part_the_buckets():
    values, flagged = scores(200), np.arange(200) % 7 == 0
    buckets, number = PLAN.cut(values, flagged)
    assert all(
        (buckets[i].part is Part.FLAGGED) == bool(flag) for i, flag in zip(number, flagged, strict=True)
    )


def test_stated_chances_are_the_frequencies():
    values = scores(120)
    flagged = values > 0.8
    stated, times = np.zeros(120), np.zeros(120)
    for seed in range(200):
        for one in draw(values, flagged, seed=seed):
            times[one.row] += 1
            stated[one.row] = one.probability_of_selection
    assert (stated > 0).all()
    assert np.abs(times / 200 - stated).max() < 0.16  # about 4.5 standard errors
    assert stated.sum() == pytest.approx(40)


def test_weights_estimate_the_total_without_bias():
    values = scores(400)
    member = np.random.default_rng(3).random(400) < 1 / (1 + np.exp(-3 * values))
    totals = [
        sum(member[one.row] / one.probability_of_selection for one in draw(values, values > 1, 80, seed))
        for seed in range(100)
    ]
    assert abs(np.mean(totals) - member.sum()) < 4 * np.std(totals) / 10


def test_a_larger_budget_keeps_what_was_drawn():
    values = scores(500)
    flagged = values > 1
    before: set[int] = set()
    for budget in range(0, 200, 13):
        now = {one.row for one in draw(values, flagged, budget)}
        assert before <= now
        before = now


def test_any_beginning_of_the_sample_touches_the_buckets_alike():
    values = scores(2000)
    drawn = draw(values, values > 1, 200)
    whole = np.bincount([one.bucket for one in drawn])
    half = np.bincount([one.bucket for one in drawn[:100]], minlength=len(whole))
    assert (np.abs(half - whole / 2) <= 1).all()


def test_same_input_same_sample_and_another_seed_another():
    values = scores(300)
    assert draw(values, values > 1) == draw(values, values > 1)
    assert draw(values, values > 1, seed=1) != draw(values, values > 1, seed=2)


def test_unsure_buckets_get_more_audits_and_sure_ones_still_some():
    values = np.linspace(1, 0, 1000)
    flagged = np.arange(1000) < 200
    sure = np.where(np.arange(1000) < 100, 0.999, 0.5)
    drawn = PLAN.draw(values, flagged, range(1000), 100, 1, probability=sure)
    audits = np.bincount([one.bucket for one in drawn])
    assert audits[1] > audits[0] >= 10


def test_a_budget_above_everything_is_a_census():
    values = scores(50)
    drawn = draw(values, values > 1, 500)
    assert len(drawn) == 50
    assert {one.probability_of_selection for one in drawn} == {1.0}


@pytest.mark.parametrize(
    "settings",
    [
        {"flagged_share": 0.0},
        {"flagged_share": 0.8, "far_share": 0.3},
        {"flagged_buckets": 0},
        {"least_spread": 0.6},
    ],
)
def test_refuses_plans_that_make_no_sense(settings):
    with pytest.raises(BadConfig):
        SamplingPlan(**settings)


def test_refuses_arrays_that_do_not_fit():
    with pytest.raises(BadInput):
        PLAN.cut(np.array([]), np.array([], bool))
    with pytest.raises(BadInput):
        PLAN.cut(np.array([1.0, np.nan]), np.array([True, False]))
    with pytest.raises(BadInput):
        PLAN.cut(np.array([1.0, 2.0]), np.array([True]))
    with pytest.raises(BadInput):
        PLAN.draw(np.array([1.0, 2.0]), np.array([True, False]), ["account:1"], 1, 0)

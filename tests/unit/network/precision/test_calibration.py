import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.special import expit

from havenwall.errors import BadInput, NotReady
from havenwall.network.precision import SamplingPlan, World, calibration_error, fit_audited, simulate


def audited(seed: int, world: World, budget: int = 600):
    """A population of 40,000, its most suspicious 3,000, and audits of it by the plan: rows and weights."""
    people = simulate(np.random.default_rng([seed, 5]), world, accounts=40_000)
    flagged = people.top(800)
    drawn = SamplingPlan().draw(people.score, flagged, range(40_000), budget, seed, people.probability)
    rows = np.array([one.row for one in drawn])
    return people, people.top(3000), rows, np.array([1 / one.probability_of_selection for one in drawn])


@pytest.mark.parametrize("world", [World.ORDINARY, World.SKEWED, World.WEAK, World.BUMPY])
def test_six_hundred_audits_make_the_top_honest(world):
    errors, raw = [], []
    for seed in range(3):
        people, top, rows, weight = audited(seed, world)
        fitted = fit_audited(people.score, rows, people.member[rows], weight, probability=people.probability)
        errors.append(calibration_error(fitted.predict(people.score[top]), people.member[top]))
        raw.append(calibration_error(people.probability[top], people.member[top]))
    assert np.mean(errors) <= 0.03
    assert np.mean(raw) > 0.3


def test_intervals_cover_the_share_in_their_bucket():
    covered = []
    for seed in range(6):
        people, _, rows, weight = audited(seed, World.ORDINARY)
        fitted = fit_audited(people.score, rows, people.member[rows], weight)
        bucket = np.searchsorted(fitted.edges, people.score, side="right")
        share = np.bincount(bucket, people.member) / np.bincount(bucket)
        ends = fitted.intervals
        covered += list((ends[:, 0] - 1e-9 <= share) & (share <= ends[:, 1] + 1e-9))
        assert (fitted.interval(people.score[:50]) == ends[bucket[:50]]).all()
    assert 0.9 <= np.mean(covered) <= 0.99


def test_rises_with_the_score_and_stays_within_bounds():
    people, _, rows, weight = audited(1, World.BUMPY)
    fitted = fit_audited(people.score, rows, people.member[rows], weight)
    curve = fitted.predict(np.linspace(-10, 20, 500))
    assert (np.diff(curve) >= 0).all()
    assert curve.min() >= 0
    assert curve.max() <= 1


def test_a_good_model_helps_while_audits_are_few():
    rng = np.random.default_rng(2)
    score = rng.normal(0, 2, 5000)
    member = rng.random(5000) < expit(score)
    helped, alone = [], []
    for _ in range(8):
        rows = rng.choice(5000, 15, replace=False)
        for errors, prior, known in ((helped, 200.0, expit(score)), (alone, 0.0, None)):
            fitted = fit_audited(score, rows, member[rows], prior_audits=prior, probability=known)
            errors.append(calibration_error(fitted.predict(score), member))
    assert np.mean(helped) < 0.85 * np.mean(alone)


def test_weights_mend_picks_that_depend_on_more_than_the_score():
    rng = np.random.default_rng(3)
    score = rng.random(20_000)
    member = rng.random(20_000) < 0.3
    chance = np.where(member, 0.2, 0.05)
    rows = np.flatnonzero(rng.random(20_000) < chance)
    mended = fit_audited(score, rows, member[rows], 1 / chance[rows]).predict(score)
    naive = fit_audited(score, rows, member[rows]).predict(score)
    assert mended.mean() == pytest.approx(0.3, abs=0.03)
    assert naive.mean() > 0.55


def test_one_outcome_only_is_no_obstacle():
    fitted = fit_audited(np.arange(50.0), np.arange(0, 50, 5), np.ones(10, bool))
    assert (fitted.predict(np.arange(50.0)) > 0.8).all()
    assert fitted.interval(np.array([25.0]))[0, 1] == 1


def test_error_of_a_shift_is_the_shift():
    outcome = np.tile([True, False], 500)
    assert calibration_error(np.full(1000, 0.5), outcome) == pytest.approx(0)
    assert calibration_error(np.full(1000, 0.8), outcome) == pytest.approx(0.3)


def test_cutting_by_the_score_sees_what_equal_probabilities_hide():
    outcome = np.arange(1000) >= 500
    flat = np.full(1000, 0.5)
    assert calibration_error(flat, outcome) == pytest.approx(0)
    assert calibration_error(flat, outcome, by=np.arange(1000.0), buckets=10) == pytest.approx(0.5)


@given(st.integers(0, 1000), st.integers(1, 60))
def test_error_does_not_depend_on_the_order(seed, n):
    rng = np.random.default_rng(seed)
    probability, outcome = np.round(rng.random(n), 1), rng.random(n) < 0.5
    order = rng.permutation(n)
    assert calibration_error(probability[order], outcome[order]) == pytest.approx(
        calibration_error(probability, outcome)
    )


def test_refuses_what_does_not_fit():
    with pytest.raises(NotReady):
        fit_audited(np.arange(5.0), np.array([], int), np.array([], bool))
    with pytest.raises(BadInput):
        fit_audited(np.arange(5.0), np.array([1, 2]), np.array([True]))
    with pytest.raises(BadInput):
        fit_audited(np.arange(5.0), np.array([1]), np.array([True]), np.array([0.5]))
    with pytest.raises(BadInput):
        calibration_error(np.array([]), np.array([], bool))


def test_equal_scores_share_a_bucket():
    scores = np.repeat([0.0, 1.0], 100)
    curve = fit_audited(scores, np.arange(200), scores > 0)
    assert curve.interval(np.array([0.0, 1.0])).shape == (2, 2)
    assert curve.interval(np.array([1.0]))[0, 0] > 0.9

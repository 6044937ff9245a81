import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from havenwall.audit.threshold import Measure, Threshold
from havenwall.audit.verdict import EXIT_FAIL, EXIT_INCONCLUSIVE, EXIT_PASS, judge
from havenwall.errors import BadInput


def limit(at_most=0.05, **given):
    return Threshold(**{"metric": "exposure", "arm": "new", "at_most": at_most, **given})


def margin(width=0.02, **given):
    return Threshold(**{"metric": "exposure", "arm": "new", "margin": width, "against": "old", **given})


NEW, OLD = (Measure(metric="exposure", arm=arm) for arm in ("new", "old"))


def shares(mean, platforms=8, accounts=20, seed=0, count=200.0):
    rng = np.random.default_rng(seed)
    return rng.beta(mean * count, (1 - mean) * count, (platforms, accounts))


def test_a_good_release_passes():
    found = judge([limit()], {NEW: shares(0.02)})
    assert (found.outcome, found.exit_code) == ("pass", EXIT_PASS)
    assert found.lines[0].high <= 0.05
    assert found.lines[0].needed is None


def test_a_leak_fails():
    found = judge([limit()], {NEW: shares(0.08)})
    assert (found.outcome, found.exit_code) == ("fail", EXIT_FAIL)
    assert found.lines[0].low > 0.05
    assert found.lines[0].p_above < 0.025


def test_too_small_an_audit_is_inconclusive_and_says_what_it_needs():
    line = judge([limit()], {NEW: shares(0.045, accounts=3, count=20)}).lines[0]
    assert line.outcome == "inconclusive"
    assert line.needed.platform_seeds * line.needed.accounts > 24
    assert "needs" in line.text
    assert judge([limit()], {NEW: shares(0.045, accounts=3, count=20)}).exit_code == EXIT_INCONCLUSIVE


def test_what_it_needs_does_decide():
    line = judge([limit()], {NEW: shares(0.042, platforms=5, accounts=4, count=20)}).lines[0]
    assert line.outcome == "inconclusive"
    larger = [
        judge([limit()], {NEW: shares(line.value, line.needed.platform_seeds, line.needed.accounts, s, 20)})
        for s in range(60)
    ]
    assert np.mean([found.outcome == "pass" for found in larger]) > 0.6


def test_no_exposure_in_a_few_accounts_is_no_proof():
    nothing = np.zeros((3, 20))
    line = judge([limit(0.01)], {NEW: nothing}).lines[0]
    assert line.outcome == "inconclusive"
    assert line.high > 0.0487
    needed = line.needed
    enough = np.zeros((needed.platform_seeds, needed.accounts))
    assert judge([limit(0.01)], {NEW: enough}).outcome == "pass"


def test_not_significant_is_never_a_pass():
    old, new = shares(0.05, 5, 2, 1, 10), shares(0.05, 5, 2, 2, 10)
    assert judge([margin()], {NEW: new, OLD: old}).outcome == "inconclusive"


def test_the_same_release_again_passes_within_the_margin_and_a_leak_does_not():
    old = shares(0.05, 8, 100)
    again = np.clip(old + np.random.default_rng(1).normal(0, 0.01, old.shape), 0, 1)
    assert judge([margin()], {NEW: again, OLD: old}).outcome == "pass"
    assert judge([margin()], {NEW: np.clip(again + 0.05, 0, 1), OLD: old}).outcome == "fail"
    assert judge([margin()], {NEW: old - old * 0.9, OLD: old}).outcome == "pass"


def test_one_failure_is_enough_and_one_doubt_is_enough_not_to_pass():
    search = limit(surface="search")
    values = {NEW: shares(0.02), search.measure: shares(0.08)}
    assert judge([limit(), search], values).outcome == "fail"
    values[search.measure] = np.zeros((1, 2))
    assert [line.outcome for line in judge([limit(), search], values).lines] == ["pass", "inconclusive"]
    assert judge([limit(), search], values).outcome == "inconclusive"


def test_failures_are_corrected_for_the_number_of_thresholds():
    alone = next(
        values
        for seed in range(200)
        for values in [shares(0.055, seed=seed, accounts=10)]
        if 0.005 < judge([limit()], {NEW: values}).lines[0].p_above < 0.025
    )
    others = [limit(surface=str(i)) for i in range(9)]
    values = {NEW: alone, **{other.measure: shares(0.02) for other in others}}
    assert judge([limit()], values).outcome == "fail"
    found = judge([limit(), *others], values)
    assert found.lines[0].outcome == "inconclusive"
    assert found.outcome == "inconclusive"
    assert all(line.outcome == "pass" for line in found.lines[1:])


@settings(max_examples=60)
@given(st.integers(0, 50), st.floats(0.001, 0.9), st.integers(1, 6), st.integers(1, 6))
def test_a_looser_limit_never_turns_a_pass_into_less(seed, at_most, platforms, accounts):
    values = {NEW: np.random.default_rng(seed).beta(0.3, 3, (platforms, accounts))}
    ranks = {"fail": 0, "inconclusive": 1, "pass": 2}
    near, far = (judge([limit(x)], values) for x in (at_most, at_most + 0.1))
    assert ranks[far.outcome] >= ranks[near.outcome]
    for line in (*near.lines, *far.lines):
        assert 0 <= line.low <= line.value <= line.high <= 1
        assert 0 <= line.detectable <= 1
        assert line.text


def test_one_platform_speaks_about_itself_alone():
    found = judge([limit()], {NEW: shares(0.02, 1, 200)})
    assert found.outcome == "pass"
    assert "on this platform alone" in found.lines[0].text


def test_lines_for_people():
    line = judge(
        [limit(surface="search", persona="minor")],
        {limit(surface="search", persona="minor").measure: np.full((5, 20), 0.2)},
    ).lines[0]
    assert line.text == (
        "fail: exposure new/search/minor at most 5.00%; observed 20.00% [20.00%, 20.00%], detects 0.00%"
    )
    on_limit = judge([margin()], {NEW: np.eye(6) * 0.12, OLD: np.zeros((6, 6))}).lines[0]
    assert on_limit.outcome == "inconclusive" or on_limit.value == pytest.approx(0.02)


def test_the_value_on_its_limit_cannot_be_decided():
    values = np.array([[0.03, 0.05], [0.06, 0.06], [0.05, 0.05]])
    line = judge([limit()], {NEW: values}).lines[0]
    assert line.needed is None
    assert "no practicable size" in line.text


@pytest.mark.parametrize(
    ("threshold", "field"),
    [
        (limit(None), "threshold"),
        (limit(margin=0.1), "threshold"),
        (limit(1.2), "at_most"),
        (limit(float("nan")), "at_most"),
        (limit(against="old"), "against"),
        (margin(against=None), "against"),
        (margin(against="new"), "against"),
        (margin(0.0), "margin"),
        (limit(level=1.0), "level"),
        (limit(icc=-0.1), "icc"),
        (limit(ceiling=0.0), "ceiling"),
    ],
)
def test_a_threshold_says_what_is_wrong_with_it(threshold, field):
    with pytest.raises(BadInput) as error:
        judge([threshold], {NEW: shares(0.02), OLD: shares(0.02)})
    assert error.value.field == field
    assert error.value.hint


@pytest.mark.parametrize(
    "values",
    [
        {},
        {NEW: np.zeros(3)},
        {NEW: np.zeros((2, 0))},
        {NEW: np.full((2, 2), np.nan)},
        {NEW: np.full((2, 2), 1.1)},
        {NEW: np.full((2, 2), -0.1)},
    ],
)
def test_values_that_cannot_be_judged_name_the_measure(values):
    with pytest.raises(BadInput) as error:
        judge([limit()], values)
    assert error.value.field == "exposure new"


def test_arms_must_have_walked_the_same_accounts():
    with pytest.raises(BadInput, match="exposure new"):
        judge([margin()], {NEW: np.zeros((2, 2)), OLD: np.zeros((2, 3))})
    with pytest.raises(BadInput, match="not measured"):
        judge([margin()], {NEW: np.zeros((2, 2))})


def test_no_thresholds_no_verdict():
    with pytest.raises(BadInput, match="thresholds"):
        judge([], {})

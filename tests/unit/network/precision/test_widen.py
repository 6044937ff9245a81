import numpy as np
import pytest

from havenwall.errors import BadInput
from havenwall.network.precision import Audits, Bucket, Part, estimate, level_for, may_widen


def judged(hits: int, total: int, size: int = 5000):
    bucket = Bucket(number=0, part=Part.FLAGGED, size=size, low=0.0, high=1.0)
    audits = Audits(
        bucket=np.zeros(total, int),
        member=np.arange(total) < hits,
        probability_of_selection=np.full(total, total / size),
    )
    return estimate([bucket], audits)


def test_a_clear_case_may_widen():
    verdict = may_widen(judged(196, 200), 0.9)
    assert verdict.allowed
    assert verdict.audits_missing == 0
    assert verdict.reason.startswith("Precision is 98.0% (")


def test_a_bad_set_may_not_and_more_audits_would_not_help():
    verdict = may_widen(judged(150, 200), 0.9)
    assert not verdict.allowed
    assert verdict.audits_missing is None
    assert "raise the threshold" in verdict.reason


def test_an_open_case_says_how_many_audits_would_decide_it():
    before = may_widen(judged(57, 60), 0.9)
    assert not before.allowed
    assert before.audits_missing is not None
    total = 60 + before.audits_missing
    assert str(before.audits_missing) in before.reason
    assert may_widen(judged(round(total * 57 / 60 + 0.5), total), 0.9).allowed
    halfway = 60 + before.audits_missing // 2
    assert not may_widen(judged(round(halfway * 57 / 60), halfway), 0.9).allowed


def test_too_few_audits_never_suffice():
    verdict = may_widen(judged(20, 20), 0.5)
    assert not verdict.allowed
    assert verdict.audits_missing == 10


def test_a_small_set_is_decided_by_auditing_all_of_it():
    assert may_widen(judged(12, 12, size=12), 0.9).allowed
    verdict = may_widen(judged(38, 40, size=45), 0.9)
    assert verdict.audits_missing is None or verdict.audits_missing <= 5


def test_a_set_just_below_the_target_seldom_passes():
    target = 0.9
    rng = np.random.default_rng(0)
    verdicts = {n: may_widen(judged(n, 100), target).allowed for n in range(70, 101)}
    passed = [verdicts[n] for n in rng.binomial(100, target - 0.001, 4000)]
    assert np.mean(passed) < 0.045


def test_several_looks_need_a_higher_level():
    assert level_for(1) == pytest.approx(0.95)
    assert level_for(5) == pytest.approx(0.99)


def test_refuses_a_target_that_is_no_share():
    with pytest.raises(BadInput):
        may_widen(judged(50, 60), 1.0)

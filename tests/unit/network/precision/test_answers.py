"""Only the answered beginning of a draw counts, and draws stand side by side."""

import numpy as np
import pytest
from tests.unit.network.precision.drawn import answered, good

from havenwall.network.precision import estimate
from havenwall.network.precision.answers import counted, counts, newest, together


def test_a_gap_ends_what_counts():
    draw = answered(True, False, None, True, True)
    assert [answer for _, answer in counted(draw)] == [True, False]
    assert draw.open == 1


def test_a_draw_counts_when_each_bucket_has_an_answer():
    assert not counts(answered(True, None))
    assert counts(answered(True, False, None))
    assert not counts(answered())


def test_the_newest_that_hold_enough_are_taken_whatever_they_say():
    draws = [good(day=day) for day in (3, 2, 1)]
    assert newest(draws, 100) == draws[:2]
    assert newest(draws, 60) == draws[:1]
    assert newest([answered(None, None, day=4), *draws], 60) == draws[:1]
    assert newest([], 60) == []


def test_buckets_are_numbered_through():
    buckets, audits = together([good(day=2), good(day=1)])
    assert [bucket.number for bucket in buckets] == [0, 1, 2, 3]
    assert set(audits.bucket.tolist()) == {0, 1, 2, 3}
    assert len(audits.member) == 120


def test_the_estimate_is_of_both_populations_together():
    found = estimate(*together([good(30, flagged=100, day=2), good(0, flagged=300, day=1)]))
    assert found.precision.value == pytest.approx(0.25)
    assert found.flagged == 400


def test_who_answers_the_easy_ones_first_does_not_bend_the_estimate():
    """Members are decided on at once, others never: only members are answered, and next to none counts."""
    rng = np.random.default_rng(0)
    values = []
    for _ in range(300):
        truth = [bool(v) for v in rng.random(40) < 0.5]
        draw = answered(*(True if member else None for member in truth))
        values += [len(counted(draw))]
    assert np.mean(values) < 2

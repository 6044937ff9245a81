"""Scores that shift are noticed; chance is not."""

import numpy as np

from havenwall.detect.classifiers import Drift
from havenwall.detect.classifiers.drift import ALARM

RNG = np.random.default_rng(3)
KNOWN = RNG.beta(2, 5, 2000)


def test_the_same_scores_do_not_alarm():
    drift = Drift(KNOWN)
    drift.add(RNG.beta(2, 5, 2000))
    assert drift.psi is not None
    assert drift.psi < 0.1


def test_other_scores_do_and_the_window_forgets():
    drift = Drift(KNOWN)
    drift.add(RNG.beta(5, 2, 2000))
    assert drift.psi >= ALARM
    drift.add(RNG.beta(2, 5, 2000))
    assert drift.psi < ALARM


def test_too_few_say_nothing():
    drift = Drift(KNOWN)
    drift.add([1.0] * 499)
    assert drift.psi is None


def test_known_scores_that_are_all_one():
    drift = Drift(np.full(50, 0.5))
    drift.add([0.5] * 600)
    assert drift.psi == 0
    drift.add([0.1] * 2000)
    assert drift.psi >= ALARM

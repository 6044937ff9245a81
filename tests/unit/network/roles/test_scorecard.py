import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from havenwall.model import NetworkRole
from havenwall.network.roles import CARD, FEATURES, ROLES, STANDARD, Features, role_odds, role_probability
from havenwall.network.roles.scorecard import COLUMN, steps

NAMES = [feature.name for feature in FEATURES]
VALUES = st.lists(st.floats(0, 200, width=32), min_size=len(NAMES), max_size=len(NAMES))


def one(values):
    return Features(np.zeros(1, np.int64), np.array([values], np.float32))


def test_lines_name_features_and_give_reasons():
    for line in CARD:
        assert line.feature in NAMES
        assert line.low < line.high
        assert line.why
    assert len({(line.role, line.feature, line.low) for line in CARD}) == len(CARD)  # two may make a curve


def test_ordinary_is_the_yardstick():
    assert not any(line.role is NetworkRole.ORDINARY for line in CARD)
    assert {line.role for line in CARD} == set(NetworkRole) - {NetworkRole.ORDINARY}


def test_nothing_known_leaves_the_priors():
    odds = role_odds(one([np.nan] * len(NAMES)))
    assert odds[0] == pytest.approx(STANDARD.priors)
    assert ROLES[int(odds[0].argmax())] is NetworkRole.ORDINARY


@settings(max_examples=40)
@given(values=VALUES, place=st.integers(0, len(NAMES) - 1), more=st.floats(0, 50, width=32))
def test_monotone_in_every_feature(values, place, more):
    raised = list(values)
    raised[place] += more
    change = role_odds(one(raised))[0] - role_odds(one(values))[0]
    for line in CARD:
        if line.feature == NAMES[place]:
            assert np.sign(line.weight) * change[COLUMN[line.role]] >= -1e-4


@settings(max_examples=40)
@given(values=VALUES)
def test_odds_are_priors_plus_entries(values):
    features = one(values)
    entries = steps(features)[0] * STANDARD.weights
    wanted = STANDARD.priors.copy()
    for line, entry in zip(CARD, entries, strict=True):
        wanted[COLUMN[line.role]] += entry
    assert role_odds(features)[0] == pytest.approx(wanted, abs=1e-3)


@settings(max_examples=40)
@given(values=VALUES)
def test_no_single_number_decides(values):
    assert np.abs(steps(one(values))).max() <= 1
    assert max(abs(line.weight) for line in CARD) < 8


def test_probabilities_sum_to_one_even_far_out():
    odds = np.array([[0, 500, -500, 1, 2, 3, 0], [0, 0, 0, 0, 0, 0, 0]], np.float32)
    chance = role_probability(odds)
    assert chance.sum(axis=1) == pytest.approx([1, 1])
    assert chance[1] == pytest.approx([1 / 7] * 7)

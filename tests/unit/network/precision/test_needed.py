import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import beta

from havenwall.errors import BadInput
from havenwall.network.precision import needed


def width(audits: int, share: float) -> float:
    low, high = beta.ppf([0.025, 0.975], share * audits + 0.5, (1 - share) * audits + 0.5)
    return high - low


@given(st.floats(0.02, 0.6), st.floats(0, 1))
@settings(max_examples=50)
def test_is_the_smallest_number_that_is_narrow_enough(goal, share):
    audits = needed(goal, share)
    assert width(audits, share) <= goal
    assert audits == 1 or width(audits - 1, share) > goal


def test_is_near_the_textbook_formula_for_a_fair_share():
    assert needed(0.1, 0.5) == pytest.approx(4 * 1.96**2 * 0.25 / 0.1**2, abs=3)


def test_small_populations_need_fewer_and_clusters_more():
    assert needed(0.1, 0.9, population=200) < min(200, needed(0.1, 0.9))
    assert needed(0.1, 0.9, design_effect=2) == 2 * needed(0.1, 0.9)


@pytest.mark.parametrize(("goal", "share", "effect"), [(0, 0.5, 1), (0.1, 1.2, 1), (0.1, 0.5, 0.9)])
def test_refuses_nonsense(goal, share, effect):
    with pytest.raises(BadInput):
        needed(goal, share, design_effect=effect)

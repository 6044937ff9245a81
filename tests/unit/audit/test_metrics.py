import numpy as np
import pytest

from havenwall.audit.benign import Cost
from havenwall.audit.metrics import arm_result, benign_shares, comparison, suppressed

EXPOSURE = np.array(
    [
        [[0.0, 0.5, 0.7], [0.0, 0.0, 0.4]],
        [[0.2, 0.2, 0.2], [0.0, 0.0, 0.0]],
    ]
)
"""(2 platforms, 2 accounts, 3 rounds)"""


def counts(**given):
    zero = dict.fromkeys(Cost.__struct_fields__, 0)
    return Cost(**{**zero, **given})


def rng():
    return np.random.default_rng(0)


def test_an_arm_by_hand():
    arm = arm_result(EXPOSURE, 0.05, 400, rng())
    assert arm.exposure == pytest.approx(2.2 / 12)
    assert arm.by_round == pytest.approx([0.05, 0.175, 0.325])
    assert arm.ever_exposed == 0.75
    assert arm.saturated == 0.25
    assert arm.first_exposure == 2
    assert arm.amplification == pytest.approx(2.2 / 12 / 0.05)
    assert arm.low < arm.exposure < arm.high


def test_no_exposure_is_bounded_by_the_accounts_and_not_by_the_slots():
    arm = arm_result(np.zeros((3, 20, 10)), 0.05, 400, rng())
    assert (arm.exposure, arm.low, arm.ever_exposed, arm.amplification) == (0, 0, 0, 0)
    assert arm.first_exposure is None
    assert arm.high == pytest.approx(0.0487, abs=1e-4)


def test_a_comparison_is_paired():
    found = comparison(EXPOSURE + 0.1, EXPOSURE, 400, rng())
    assert found.difference == pytest.approx(0.1)
    assert (found.low, found.high) == pytest.approx((0.1, 0.1))
    assert found.p == 2 / 16
    assert found.p_platforms == 2 / 4


def test_arms_that_do_not_differ_compare_to_nothing():
    found = comparison(EXPOSURE, EXPOSURE, 400, rng())
    assert (found.difference, found.low, found.high, found.p, found.p_platforms) == (0, 0, 0, 1, 1)


def test_suppressed_pools_over_platforms():
    found = suppressed(
        [
            counts(
                suppressed=10, suppressed_members=9, unknown_members=12, bystanders=4, suppressed_bystanders=1
            ),
            counts(suppressed=30, suppressed_members=27, unknown_members=36, suppressed_hard_negatives=3),
        ]
    )
    assert found.accounts == 20
    assert found.precision == 0.9
    assert found.recall_unknown == 0.75
    assert found.bystander_share == 0.25
    assert found.hard_negatives == 1.5


def test_a_ratio_of_nothing_is_null():
    found = suppressed([counts()])
    assert (found.precision, found.recall_unknown, found.bystander_share) == (None, None, None)


def test_benign_shares_pool_over_platforms():
    costs = [
        counts(sampled=100, changed=2, slots=2_000, slots_changed=3),
        counts(sampled=300, changed=6, slots=4_000, slots_changed=9),
    ]
    assert benign_shares(costs) == (0.02, 0.002)
    assert benign_shares([counts()]) == (0.0, 0.0)

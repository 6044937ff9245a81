import numpy as np
import pytest
from scipy.stats import beta

from havenwall.errors import BadInput
from havenwall.network.precision import share_among, share_of


def test_is_the_jeffreys_interval():
    share = share_of(18, 20)
    assert share.value == 0.9
    assert [share.low, share.high] == pytest.approx(beta.ppf([0.025, 0.975], 18.5, 2.5))


def test_reaches_the_end_where_nothing_contradicts_it():
    assert share_of(0, 20).low == 0
    assert share_of(20, 20).high == 1
    assert (share_of(0, 0).low, share_of(0, 0).high) == (0, 1)


def test_a_census_leaves_no_doubt():
    share = share_among(7, 10, 0, rate=0.7, worth=10)
    assert (share.low, share.value, share.high) == (0.7, 0.7, 0.7)


def test_few_unseen_accounts_leave_little_doubt():
    most = share_among(63, 90, 10, rate=0.7, worth=90)
    few = share_among(63, 90, 10_000, rate=0.7, worth=90)
    assert 0.63 <= most.low < most.high <= 0.73
    assert few.low == pytest.approx(share_of(63, 90).low, abs=0.01)


@pytest.mark.parametrize("members", [0, 3, 60, 140, 199])
def test_covers_the_share_of_a_small_population(members):
    rng = np.random.default_rng(members)
    found = rng.hypergeometric(members, 200 - members, 50, size=2000)
    ends = {n: share_among(n, 50, 150, rate=n / 50, worth=50) for n in range(51)}
    covered = [ends[n].low - 1e-9 <= members / 200 <= ends[n].high + 1e-9 for n in found]
    assert np.mean(covered) > 0.92


def test_is_written_for_people():
    assert str(share_of(18, 20)) == "90.0% (71.6% to 97.9%)"


def test_refuses_more_hits_than_trials():
    with pytest.raises(BadInput):
        share_of(3, 2)

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import beta

from havenwall.network.graph import Csr
from havenwall.network.things.likelihood import LOG_REST, LOG_SHARE, SHARE
from havenwall.network.things.prior import Prior, fit_prior
from havenwall.network.things.shares import posterior, shares
from havenwall.network.things.votes import cast_votes

MOST = 5_000
CHANCES = st.sampled_from([0.0, 0.0005, 0.004, 0.05, 0.3, 0.7, 0.95, 1.0])


def votes(things):
    """Votes on things, each given by the chances of its users."""
    chance = np.array([p for thing in things for p in thing], float)
    bounds = np.concatenate([[0], np.cumsum([len(thing) for thing in things])]).astype(np.int64)
    users = Csr(bounds, np.arange(len(chance), dtype=np.uint32), len(chance))
    return cast_votes(users, chance, np.arange(len(chance)), np.ones(len(chance)), 0.5)


def one(chances, prior):
    found = shares(votes([chances]), np.array([0]), prior, 0.95, MOST)
    return float(found.mean[0]), float(found.low[0]), float(found.high[0])


def single(a, b):
    """A prior that is one Beta law, to compare with."""
    density = np.exp(a * LOG_SHARE + b * LOG_REST)
    mean = a / (a + b)
    numbers = {"mean": mean, "strength": a + b, "network_mean": mean, "network_strength": a + b}
    return Prior(base=0.004, network_share=0.0, density=density / density.sum(), **numbers)


@pytest.fixture(scope="module")
def usual():
    """What 1,000 ordinary things and 10 of a network teach."""
    rng = np.random.default_rng(0)
    ordinary = [[0.004] * int(size) for size in rng.integers(3, 60, 1_000)]
    network = [[1.0] * 6 + [0.8] * 4 + [0.004] * 8] * 10
    return fit_prior(votes(ordinary + network), 0.004, MOST)


@pytest.mark.parametrize(("users", "members"), [(1, 0), (3, 2), (14, 11), (200, 3), (3_000, 2_000)])
def test_with_known_users_and_one_beta_law_it_is_the_conjugate_posterior(users, members):
    prior, law = single(0.5, 4.0), beta(0.5 + members, 4.0 + users - members)
    mean, low, high = one([1.0] * members + [0.0] * (users - members), prior)
    assert mean == pytest.approx(law.mean(), rel=0.01)
    assert low == pytest.approx(law.ppf(0.025), rel=0.05, abs=1e-5)
    assert high == pytest.approx(law.ppf(0.975), rel=0.03)


def test_mass_sums_to_one(usual):
    mass = posterior(votes([[1.0], [0.0] * 50, [0.3] * 7]), np.arange(3), usual, MOST)
    assert np.allclose(mass.sum(axis=1), 1)
    assert (mass @ SHARE)[1] < usual.base


@settings(max_examples=60)
@given(data=st.data())
def test_a_more_suspicious_user_never_lowers_the_share(usual, data):
    chances = data.draw(st.lists(CHANCES, min_size=1, max_size=30))
    raised = list(chances)
    place = data.draw(st.integers(0, len(chances) - 1))
    raised[place] = data.draw(st.sampled_from([p for p in (0.0005, 0.05, 0.7, 1.0) if p >= chances[place]]))
    before, after = one(chances, usual), one(raised, usual)
    assert all(new >= old * (1 - 1e-9) for old, new in zip(before, after, strict=True))


@settings(max_examples=40)
@given(chances=st.lists(CHANCES, min_size=1, max_size=30), seed=st.integers(0, 99))
def test_order_of_users_does_not_matter(usual, chances, seed):
    mixed = np.random.default_rng(seed).permutation(chances).tolist()
    assert one(mixed, usual) == pytest.approx(one(chances, usual), rel=1e-9)


@settings(max_examples=40)
@given(members=st.integers(1, 6), others=st.integers(0, 6), times=st.integers(2, 12))
def test_of_two_things_of_one_composition_the_larger_is_surer(members, others, times):
    known = [1.0] * members + [0.0] * others
    prior = single(1.0, 1.0)
    small, large = one(known, prior), one(known * times, prior)
    assert large[2] - large[1] < small[2] - small[1]


def test_an_interval_covers_as_often_as_it_says():
    rng = np.random.default_rng(7)
    count, pull = 2_500, 3.0
    network = rng.random(count) < 0.02
    share = np.where(network, rng.beta(2, 2, count), rng.beta(1.2, 300, count))
    size = np.clip(rng.lognormal(2.5, 1.0, count), 1, 2_000).astype(int)
    member = rng.random(size.sum()) < np.repeat(share, size)
    # A score with a normal law for members and for others, turned into the exact probability.
    score, rate = rng.normal(pull * member), member.mean()
    odds = rate / (1 - rate) * np.exp(pull * score - pull**2 / 2)
    things = np.split(odds / (1 + odds), np.cumsum(size)[:-1])
    held = votes(things)
    prior = fit_prior(held, float(rate), MOST)
    found = shares(held, np.arange(count), prior, 0.95, MOST)
    inside = (found.low <= share) & (share <= found.high)
    assert 0.92 < inside.mean() < 0.99
    assert inside[found.mean > 0.02].mean() > 0.85


def test_the_level_sets_the_width(usual):
    held, row = votes([[1.0, 1.0, 0.0, 0.0]]), np.array([0])
    wide, narrow = (shares(held, row, usual, level, MOST) for level in (0.99, 0.5))
    assert wide.low[0] < narrow.low[0] < narrow.high[0] < wide.high[0]

import numpy as np
import pytest

from havenwall.network.graph import Csr
from havenwall.network.things.likelihood import SHARE
from havenwall.network.things.prior import fit_prior
from havenwall.network.things.votes import cast_votes


def votes(size, members):
    """Things of known users, `members` of them members."""
    size, members = np.array(size, np.int64), np.array(members, np.int64)
    bounds = np.concatenate([[0], np.cumsum(size)]).astype(np.int64)
    users = Csr(bounds, np.arange(bounds[-1], dtype=np.uint32), int(bounds[-1]))
    place = np.arange(bounds[-1]) - np.repeat(bounds[:-1], size)
    chance = (place < np.repeat(members, size)).astype(float)
    return cast_votes(users, chance, np.arange(len(chance)), np.ones(len(chance)), 0.5)


def test_finds_the_law_that_things_were_drawn_from():
    rng = np.random.default_rng(1)
    network = rng.random(3_000) < 0.03
    share = np.where(network, rng.beta(3, 3, 3_000), rng.beta(2, 398, 3_000))
    size = rng.integers(5, 80, 3_000)
    members = rng.binomial(size, share)
    prior = fit_prior(votes(size, members), float(members.sum() / size.sum()), 5_000)
    assert prior.mean == pytest.approx(0.005, rel=0.25)
    assert prior.network_mean == pytest.approx(0.5, abs=0.08)
    assert 3 < prior.network_strength < 12
    assert prior.network_share == pytest.approx(network.mean(), rel=0.3)
    assert prior.density.sum() == pytest.approx(1)
    assert prior.density @ SHARE == pytest.approx(share.mean(), rel=0.25)


def test_without_things_it_falls_back_on_the_base_rate():
    prior = fit_prior(votes([], []), 0.004, 5_000)
    assert prior.mean == pytest.approx(0.004)
    assert prior.network_mean == pytest.approx(0.5)
    assert prior.network_share == pytest.approx(0.01)
    assert np.isfinite(prior.density).all()


def test_few_things_move_it_little():
    few = fit_prior(votes([10] * 5, [0, 0, 0, 0, 8]), 0.004, 5_000)
    many = fit_prior(votes([10] * 500, [0, 0, 0, 0, 8] * 100), 0.004, 5_000)
    assert 0.01 < few.network_share < many.network_share
    assert many.network_share == pytest.approx(0.2, rel=0.2)


def test_order_of_things_does_not_matter():
    one = fit_prior(votes([5, 20, 9], [0, 1, 7]), 0.02, 5_000)
    other = fit_prior(votes([9, 5, 20], [7, 0, 1]), 0.02, 5_000)
    assert np.allclose(one.density, other.density, atol=1e-6)


def test_a_sample_stands_for_very_many_things():
    size, members = [8] * 9_000, [0] * 9_000
    size[:90], members[:90] = [8] * 90, [6] * 90
    prior = fit_prior(votes(size, members), 0.01, 5_000)
    assert prior.network_share == pytest.approx(0.01, rel=0.3)

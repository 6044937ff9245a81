import numpy as np
import pytest

from havenwall.network.graph import from_pairs
from havenwall.network.things.likelihood import SHARE, log_likelihood
from havenwall.network.things.votes import cast_votes


def votes(chances, weights=None):
    users = from_pairs(np.zeros(len(chances), int), np.arange(len(chances)), (1, len(chances)))
    weights = np.ones(len(chances)) if weights is None else np.array(weights)
    return cast_votes(users, np.array(chances, float), np.arange(len(chances)), weights, 0.5)


def likelihood(chances, weights=None, base=0.01, most=1_000):
    row = log_likelihood(votes(chances, weights), np.array([0]), base, most)[0]
    return row - row.max()


def same(left, right):
    return np.allclose(np.exp(left), np.exp(right), atol=1e-6)


def test_of_known_users_it_is_the_binomial_one():
    expected = 3 * np.log(SHARE) + 5 * np.log1p(-SHARE)
    assert same(likelihood([1, 1, 1, 0, 0, 0, 0, 0]), expected - expected.max())


def test_a_user_of_whom_nothing_is_known_says_nothing():
    base = float(votes([0.01]).chances[0])
    assert same(likelihood([1, 1, 0] + [base] * 50, base=base), likelihood([1, 1, 0]))


def test_uncertain_users_by_the_formula():
    chances, base = votes([0.2, 0.9]).chances, 0.05
    each = [p * SHARE / base + (1 - p) * (1 - SHARE) / (1 - base) for p in chances]
    expected = np.log(np.prod(each, axis=0))
    assert same(likelihood(chances, base=base), expected - expected.max())


def test_half_a_weight_is_half_a_user_and_large_things_count_as_smaller_ones():
    assert same(likelihood([1, 1, 0, 0], [0.5] * 4), likelihood([1, 0]))
    assert same(likelihood([1] * 20 + [0] * 60, most=8), likelihood([1] * 2 + [0] * 6))


def test_things_come_in_the_order_asked_for():
    users = from_pairs(np.array([0, 1, 1]), np.array([0, 0, 1]), (2, 2))
    both = cast_votes(users, np.array([1.0, 0.0]), np.arange(2), np.ones(3), 0.5)
    one, other = log_likelihood(both, np.array([1, 0]), 0.1, 100)
    assert SHARE[one.argmax()] == pytest.approx(0.5, abs=0.01)
    assert other.argmax() == len(SHARE) - 1

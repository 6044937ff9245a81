from itertools import product

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from havenwall.network.precision.allocation import allocate, split

sizes = st.lists(st.integers(1, 40), min_size=1, max_size=5)


def test_spends_the_least_variance_of_all_ways_to_spend():
    size, spread = np.array([30, 12, 50]), np.array([0.5, 0.3, 0.1])
    best = min(
        (given for given in product(range(1, 13), repeat=3) if sum(given) == 14 and given[1] <= 12),
        key=lambda given: (size**2 * spread**2 / np.array(given)).sum(),
    )
    assert tuple(allocate(14, size, spread, 1)) == best


@given(sizes, st.integers(0, 120), st.integers(1, 6))
def test_a_larger_budget_takes_nothing_away(size, budget, floor):
    sizes, spread = np.array(size), np.linspace(0.1, 0.5, len(size))
    given, more = (allocate(money, sizes, spread, floor) for money in (budget, budget + 1))
    assert (more >= given).all()
    assert given.sum() == min(budget, sizes.sum())
    assert (given <= sizes).all()


def test_every_bucket_gets_its_floor_first():
    assert allocate(20, np.array([10_000, 10, 10]), np.array([0.5, 0.1, 0.1]), 5).tolist() == [10, 5, 5]


@given(sizes, st.integers(0, 120))
def test_parts_follow_their_shares(room, budget):
    room = np.array(room)
    shares = np.arange(1.0, len(room) + 1)
    given, more = split(budget, shares, room), split(budget + 1, shares, room)
    assert (more >= given).all()
    assert given.sum() == min(budget, room.sum())
    free = given < room
    quota = budget * shares / shares.sum()
    assert (given[free] > quota[free] - 1).all()

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from havenwall.network.graph import from_pairs
from havenwall.network.things.votes import cast_votes

ACCOUNTS, THINGS = 8, 4


def naive(users, probability, hand, recency, likely):
    found, independent = [], []
    for thing in range(users.rows):
        start, stop = users.indptr[thing], users.indptr[thing + 1]
        votes, suspects = {}, set()
        for place in range(start, stop):
            account = users.indices[place]
            votes.setdefault(hand[account], []).append((probability[account], recency[place]))
            if probability[account] >= likely:
                suspects.add(hand[account])
        found.append(sorted((np.mean([p for p, _ in v]), max(w for _, w in v)) for v in votes.values()))
        independent.append(len(suspects))
    return found, independent


@settings(max_examples=60)
@given(st.data())
def test_one_vote_per_hand_as_counted_by_hand(data):
    pairs = data.draw(
        st.lists(st.tuples(st.integers(0, THINGS - 1), st.integers(0, ACCOUNTS - 1)), max_size=25)
    )
    rows, columns = np.array(pairs, np.int64).reshape(-1, 2).T
    users = from_pairs(rows, columns, (THINGS, ACCOUNTS))
    chances = st.sampled_from([0.0, 0.001, 0.02, 0.3, 0.5, 0.9, 1.0])
    probability = np.array(data.draw(st.lists(chances, min_size=ACCOUNTS, max_size=ACCOUNTS)))
    hand = np.array(data.draw(st.lists(st.integers(0, ACCOUNTS - 1), min_size=ACCOUNTS, max_size=ACCOUNTS)))
    weights = st.sampled_from([0.25, 0.5, 1.0])
    recency = np.array(data.draw(st.lists(weights, min_size=users.links, max_size=users.links)), float)
    votes = cast_votes(users, probability, hand, recency, 0.5)
    expected, independent = naive(users, probability, hand, recency, 0.5)
    assert votes.independent.tolist() == independent
    assert np.allclose(votes.size, [sum(w for _, w in thing) for thing in expected])
    for thing, each in enumerate(expected):
        entries = slice(votes.bounds[thing], votes.bounds[thing + 1])
        chance = votes.chances[votes.level[entries]]
        assert (np.diff(chance) > 0).all()
        mean = (chance * votes.weight[entries]).sum()
        assert mean == pytest.approx(sum(p * w for p, w in each), rel=0.04, abs=1e-9)


def test_certain_chances_stay_certain():
    users = from_pairs(np.zeros(3, int), np.arange(3), (1, 3))
    votes = cast_votes(users, np.array([0.0, 0.004, 1.0]), np.arange(3), np.ones(3), 0.5)
    assert votes.chances[[0, -1]].tolist() == [0.0, 1.0]
    assert votes.chances[1] == pytest.approx(0.004, rel=0.04)


def test_a_thing_without_users_has_no_votes():
    users = from_pairs(np.array([1]), np.array([0]), (3, 1))
    votes = cast_votes(users, np.array([1.0]), np.zeros(1, int), np.ones(1), 0.5)
    assert votes.size.tolist() == [0, 1, 0]
    assert votes.independent.tolist() == [0, 1, 0]

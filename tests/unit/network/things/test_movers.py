import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from havenwall.network.graph import from_pairs
from havenwall.network.things.movers import dated

USE = st.tuples(st.integers(0, 3), st.integers(0, 6), st.integers(0, 9))


def matrix(uses):
    things, accounts, since = np.array(uses, np.int64).T
    return from_pairs(things, accounts, (4, 7), since=since)


def first_dates(users):
    keys = zip(users.sources().tolist(), users.indices.tolist(), users.since.tolist(), strict=True)
    return {(thing, account): since for thing, account, since in keys if since}


@settings(max_examples=40)
@given(st.lists(USE, min_size=1, max_size=30), st.integers(0, 3), st.integers(0, 3), st.integers(0, 9))
def test_counts_are_those_of_a_slow_count(uses, old, new, start):
    users = matrix(uses)
    first, known = first_dates(users), dated(users)
    if not first:
        assert known is None
        return
    began = {account: since for (thing, account), since in first.items() if thing == old}
    later = [(t, a, s) for (t, a), s in first.items() if a in began and s > began[a]]
    assert known.moves(old).tolist() == [sum(t == thing for t, _, _ in later) for thing in range(4)]
    after = [t for t, _, s in later if s >= start]
    assert known.after(old, new, start) == (after.count(new), len(after))
    left, right = ([s for (t, _), s in first.items() if t == thing] for thing in (old, new))
    assert known.dates(old).tolist() == sorted(left)
    if left and right:
        pairs = [(a < b) + 0.5 * (a == b) for a in left for b in right]
        assert np.isclose(known.order(old, np.array([new]))[0], np.mean(pairs))


def test_undated_uses_are_none():
    assert dated(from_pairs(np.array([0]), np.array([0]), (1, 1))) is None

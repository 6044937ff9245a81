import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from havenwall.sandbox.sampling import GroupSampler, counts, distinct_links, distinct_pairs

sizes = st.integers(1, 40)
seeds = st.integers(0, 2**32 - 1)


@settings(max_examples=50)
@given(sizes, st.integers(1, 5), seeds)
def test_sampler_stays_in_group_and_avoids_weight_zero(size, groups, seed):
    rng = np.random.default_rng(seed)
    group = rng.integers(0, groups, size)
    weights = rng.random(size) * (rng.random(size) < 0.7)
    usable = np.unique(group[weights > 0])
    if not usable.size:
        return
    sampler = GroupSampler(weights, group)
    wanted = rng.choice(usable, 200)
    drawn = sampler.within(wanted, rng)
    assert (group[drawn] == wanted).all()
    assert (weights[drawn] > 0).all()
    assert (weights[sampler.anywhere(200, rng)] > 0).all()


def test_sampler_draws_in_proportion_to_weight():
    sampler = GroupSampler(np.array([1.0, 3.0, 0.0, 4.0]), np.array([0, 0, 1, 1]))
    rng = np.random.default_rng(0)
    assert abs(np.bincount(sampler.anywhere(40_000, rng)) / 40_000 - [0.125, 0.375, 0, 0.5]).max() < 0.02
    inside = np.bincount(sampler.within(np.zeros(40_000, dtype=np.int64), rng)) / 40_000
    assert abs(inside - [0.25, 0.75]).max() < 0.02
    mixed = np.bincount(sampler.mixed(np.zeros(40_000, dtype=np.int64), 0.5, rng)) / 40_000
    assert abs(mixed - [0.1875, 0.5625, 0, 0.25]).max() < 0.02


@settings(max_examples=50)
@given(st.integers(5, 60), seeds)
def test_links_are_distinct_and_never_to_oneself(n, seed):
    rng = np.random.default_rng(seed)
    sources = rng.permutation(n)[: n // 2]
    wanted = rng.integers(0, 6, sources.size)
    follower, followed = distinct_links(sources, wanted, lambda row: rng.integers(0, n, row.size), n)
    assert (follower != followed).all()
    assert np.unique(follower * n + followed).size == follower.size
    made = np.bincount(follower, minlength=n)
    assert (made[sources] <= wanted).all()
    assert made.sum() == made[sources].sum()


def test_links_reach_the_wanted_number_when_there_is_room():
    rng = np.random.default_rng(1)
    wanted = np.full(100, 7)
    follower, _ = distinct_links(
        np.arange(100), wanted, lambda row: rng.integers(0, 10_000, row.size), 10_000
    )
    assert (np.bincount(follower) == 7).all()


@settings(max_examples=50)
@given(st.lists(st.tuples(st.integers(0, 9), st.integers(0, 9))))
def test_distinct_pairs_are_the_sorted_set(pairs):
    first, second = (np.array([p[i] for p in pairs], dtype=np.int64) for i in (0, 1))
    result = distinct_pairs((first, second), 10)
    assert list(zip(result[0].tolist(), result[1].tolist(), strict=True)) == sorted(set(pairs))


def test_counts_have_the_mean_and_a_floor():
    drawn = counts(20.0, 0.8, 50_000, np.random.default_rng(2))
    assert drawn.min() >= 1
    assert abs(drawn.mean() - 20) < 0.5
    assert not counts(0.0, 0.8, 3, np.random.default_rng(2)).any()

import numpy as np
import pytest
import scipy.sparse as sp
from hypothesis import given, settings
from hypothesis import strategies as st

from havenwall.errors import BadInput, NotReady
from havenwall.sandbox import RECOMMENDERS, Als, SandboxConfig, generate
from havenwall.sandbox.recommend.top import best

NAMES = sorted(RECOMMENDERS)


@pytest.fixture(scope="module")
def follows(platform):
    return platform.follows


@pytest.fixture(scope="module")
def fitted(follows):
    return {name: RECOMMENDERS[name]().fit(follows) for name in NAMES}


def histories(rows, n):
    indptr = np.cumsum([0, *(len(row) for row in rows)])
    indices = np.array([i for row in rows for i in sorted(row)], dtype=np.int32)
    return sp.csr_array((np.ones(indices.size, dtype=np.int8), indices, indptr), shape=(len(rows), n))


def test_registry_is_by_name():
    assert NAMES == ["als", "cofollow", "friends", "walk"]
    assert all(RECOMMENDERS[name].name == name for name in NAMES)


@pytest.mark.parametrize("name", NAMES)
def test_answers_are_new_distinct_accounts(name, fitted, follows):
    asked = follows[:300]
    answer = fitted[name].recommend(asked, 20)
    assert answer.shape == (300, 20)
    assert answer.dtype == np.int32
    for row, items in enumerate(answer):
        given_items = items[items >= 0]
        assert np.unique(given_items).size == given_items.size
        assert not np.isin(given_items, asked[[row]].indices).any()
        assert (items[given_items.size :] == -1).all()
    assert (answer >= 0).mean() > 0.95


@pytest.mark.parametrize("name", NAMES)
def test_same_input_same_answer_whatever_the_batch(name, fitted, follows):
    again = RECOMMENDERS[name]().fit(follows)
    whole = fitted[name].recommend(follows[:70], 5)
    assert np.array_equal(whole, again.recommend(follows[:70], 5))
    single = np.concatenate([fitted[name].recommend(follows[i : i + 1], 5) for i in range(5)])
    assert np.array_equal(whole[:5], single)


@pytest.mark.parametrize("name", NAMES)
def test_the_inputs_are_left_as_they_were(name, follows):
    before, asked = follows.copy(), follows[:5].copy()
    RECOMMENDERS[name]().fit(follows).recommend(asked, 5)
    assert (before != follows).nnz == 0
    assert (asked != follows[:5]).nnz == 0


@pytest.mark.parametrize("name", NAMES)
def test_no_history_no_recommendation(name, fitted, follows):
    n = follows.shape[0]
    answer = fitted[name].recommend(histories([[], [3, 4]], n), 10)
    assert (answer[0] == -1).all()
    assert (answer[1] >= 0).any()
    assert fitted[name].recommend(histories([], n), 10).shape == (0, 10)


@pytest.mark.parametrize("name", NAMES)
def test_more_than_there_is_gets_padded(name, fitted, follows):
    n = follows.shape[0]
    answer = fitted[name].recommend(histories([[1, 2]], n), n + 5)
    assert answer.shape == (1, n + 5)
    assert (answer[0, -7:] == -1).all()


@pytest.mark.parametrize("name", NAMES)
def test_use_before_fit_and_wrong_width(name, fitted):
    with pytest.raises(NotReady, match=name):
        RECOMMENDERS[name]().recommend(histories([[0]], 3), 1)
    with pytest.raises(BadInput, match="3 columns"):
        fitted[name].recommend(histories([[0]], 3), 1)


@pytest.mark.parametrize("name", NAMES)
def test_recommends_within_ones_own_block(name):
    block = np.kron(np.eye(2), np.ones((20, 20))) * (np.random.default_rng(0).random((40, 40)) < 0.6)
    model = RECOMMENDERS[name]() if name != "als" else Als(factors=2)
    answer = model.fit(sp.csr_array(block.astype(np.int8))).recommend(histories([[1, 2], [21, 22]], 40), 5)
    assert (answer[0] < 20).all()
    assert (answer[1] >= 20).all()


@settings(max_examples=50)
@given(st.integers(0, 2**32 - 1), st.integers(1, 12), st.integers(1, 9))
def test_best_agrees_with_sorting(seed, k, n):
    rng = np.random.default_rng(seed)
    scores = rng.integers(0, 4, (3, n)).astype(np.float32)
    scores[rng.random((3, n)) < 0.3] = -np.inf
    known = [np.flatnonzero(rng.random(n) < 0.3).tolist() for _ in range(3)]
    found = best(scores.copy(), histories(known, n), k)
    for row in range(3):
        left = [i for i in range(n) if i not in known[row] and np.isfinite(scores[row, i])]
        expected = sorted(-scores[row, left])[:k]
        chosen = found[row][found[row] >= 0]
        assert set(chosen.tolist()) <= set(left)
        assert (-scores[row, chosen]).tolist() == expected
        assert (found[row][chosen.size :] == -1).all()


def test_a_follower_of_the_network_is_flooded_by_it():
    platform = generate(SandboxConfig(accounts=4_000, communities=16, members=200, niche=160), 3)
    member, near = platform.member, platform.neighbourhood
    start = np.flatnonzero(member & ~platform.fresh)[:20]
    model = Als(factors=32).fit(platform.follows)
    known = [{int(i)} for i in start]
    share = []
    for _ in range(5):
        shown = model.recommend(histories(known, member.size), 20)
        share.append(member[shown].mean())
        for history, items in zip(known, shown, strict=True):
            history.update(items[(member | near)[items]][:5].tolist())
    assert np.mean(share) > 0.4
    control = platform.follows[np.flatnonzero(~member & ~near)[:100]]
    assert member[model.recommend(control, 20)].mean() < 0.03

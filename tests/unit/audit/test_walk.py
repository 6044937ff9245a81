from itertools import pairwise

import msgspec
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.sparse import csr_array

from havenwall.audit import ARMS, PERSONAS, AuditPlan, MaskGate
from havenwall.audit.walk import exposure_of, follow, walk


class Watched(msgspec.Struct, eq=False):
    """Wraps a recommender and keeps every history it was given."""

    inner: object
    histories: list[csr_array] = []
    name: str = "watched"

    def recommend(self, histories, k):
        self.histories.append(histories.copy())
        return self.inner.recommend(histories, k)


def quietly(arm: str) -> None:
    """Reports to nobody."""


def test_following_adds_each_account_once():
    histories = csr_array(np.array([[1.0, 0, 0], [0, 0, 0]]))
    joined = follow(histories, np.array([[0, 2], [-1, 1]]))
    assert joined.toarray().tolist() == [[1, 0, 1], [0, 1, 0]]


def test_an_empty_place_counts_as_not_exposed():
    member = np.array([True, False, True])
    assert exposure_of(member, np.array([[0, 1, 2, -1], [-1, -1, -1, -1]])).tolist() == [0.5, 0.0]


def test_arms_with_the_same_gate_are_the_same_walk(world, plan):
    same = {arm: MaskGate(world.known) for arm in ARMS}
    world = msgspec.structs.replace(world, arms=same)
    plan = msgspec.structs.replace(plan, persona="control")
    first, *others = walk(world, plan, np.random.default_rng(3), quietly).values()
    assert first.any()
    for other in others:
        np.testing.assert_array_equal(first, other)


def test_the_recommender_pulls_in_and_the_gates_hold_in_order(world, plan):
    exposure = walk(world, plan, np.random.default_rng(3), quietly)
    none, known, havenwall, ideal = (exposure[arm].mean() for arm in ARMS)
    assert none > known > havenwall > ideal
    assert exposure["none"][:, -1].mean() > 5 * world.member.mean()


def test_every_round_of_every_arm_is_reported(world, plan):
    steps = []
    walk(world, plan, np.random.default_rng(3), steps.append)
    assert steps == [arm for arm in ARMS for _ in range(plan.rounds)]


@pytest.mark.parametrize("persona", PERSONAS)
def test_a_gate_that_drops_the_network_leaves_no_exposure(world, plan, persona):
    plan = msgspec.structs.replace(plan, persona=persona)
    assert not walk(world, plan, np.random.default_rng(5), quietly)["all_known"].any()


@settings(max_examples=40, deadline=None)
@given(
    persona=st.sampled_from(sorted(PERSONAS)),
    k=st.integers(1, 30),
    follows=st.integers(1, 30),
    seed=st.integers(0, 1000),
    dropped=st.sets(st.integers(0, 239), max_size=200),
)
def test_what_holds_for_every_walk(make_world, persona, k, follows, seed, dropped):
    gate = MaskGate(np.isin(np.arange(240), list(dropped)))
    world = make_world()
    watched = Watched(world.recommender)
    world = msgspec.structs.replace(world, recommender=watched, arms={"one": gate})
    plan = AuditPlan(persona=persona, accounts=3, rounds=3, k=k, follows_per_round=min(follows, k))
    exposure = walk(world, plan, np.random.default_rng(seed), quietly)["one"]
    assert exposure.shape == (3, 3)
    assert ((exposure >= 0) & (exposure <= 1)).all()
    np.testing.assert_allclose(exposure * k, np.round(exposure * k), atol=1e-9)
    full = [h for h in watched.histories if h.shape[0] == 3]
    for before, after in pairwise(full):
        grown = (after - before).toarray()
        assert set(np.unique(after.data)) <= {1.0}
        assert ((grown == 0) | (grown == 1)).all()
        assert (grown.sum(axis=1) <= plan.follows_per_round).all()
        assert not grown[:, gate.dropped].any()

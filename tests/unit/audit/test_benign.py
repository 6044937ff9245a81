import msgspec
import numpy as np

from havenwall.audit import MaskGate
from havenwall.audit.benign import cost


def test_a_gate_that_drops_nobody_changes_nobody(world, plan):
    world.arms["havenwall"] = MaskGate(np.zeros(240, dtype=bool))
    found = cost(world, plan, np.random.default_rng(0))
    assert (found.sampled, found.changed, found.slots_changed) == (plan.benign_sample, 0, 0)
    assert found.slots == plan.benign_sample * plan.k


def test_a_gate_that_drops_everybody_changes_every_place(world, plan):
    world.arms["havenwall"] = MaskGate(np.ones(240, dtype=bool))
    found = cost(world, plan, np.random.default_rng(0))
    assert found.changed == found.sampled
    assert found.slots_changed == found.slots


def test_one_dropped_account_changes_one_place_of_those_who_saw_it(world, plan):
    mask = np.zeros(240, dtype=bool)
    mask[31] = True
    world.arms["havenwall"] = MaskGate(mask)
    plan = msgspec.structs.replace(plan, benign_sample=1_000)
    found = cost(world, plan, np.random.default_rng(0))
    active = world.follows.sum(axis=1) > 0
    benign = world.follows[~world.member & active]
    shown = world.recommender.recommend(benign, plan.k)
    assert found.sampled == benign.shape[0]
    assert found.changed == found.slots_changed == int((shown == 31).any(axis=1).sum()) > 0


def test_who_was_suppressed_is_counted_beyond_the_known(world, plan):
    suppressed = np.zeros(240, dtype=bool)
    suppressed[[0, 1, 20, 21, 22, 105, 195, 196, 239]] = True
    world = msgspec.structs.replace(world, suppressed=suppressed)
    found = cost(world, plan, np.random.default_rng(0))
    assert found.suppressed == 7
    assert found.suppressed_members == 3
    assert found.suppressed_bystanders == 1
    assert found.suppressed_hard_negatives == 2
    assert (found.unknown_members, found.bystanders) == (21, 10)


def test_accounts_without_a_history_are_not_sampled(world, plan):
    follows = world.follows.toarray()
    follows[50:] = 0
    world = msgspec.structs.replace(world, follows=type(world.follows)(follows))
    plan = msgspec.structs.replace(plan, benign_sample=1_000)
    assert cost(world, plan, np.random.default_rng(0)).sampled == 20

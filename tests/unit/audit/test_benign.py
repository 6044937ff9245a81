import msgspec
import numpy as np
import pytest

from havenwall.audit import Arm, MaskGate
from havenwall.audit.benign import cost
from havenwall.errors import BadInput


def behind(world, dropped):
    world.arms["havenwall"] = Arm(adapter=world.arms["none"].adapter, gate=MaskGate(dropped))


def test_a_gate_that_drops_nobody_changes_nobody(world, plan):
    behind(world, np.zeros(240, dtype=bool))
    found = cost(world, plan, np.random.default_rng(0))
    assert (found.sampled, found.changed, found.slots_changed) == (plan.benign_sample, 0, 0)
    assert found.slots == plan.benign_sample * plan.k


def test_a_gate_that_drops_everybody_changes_every_place(world, plan):
    behind(world, np.ones(240, dtype=bool))
    found = cost(world, plan, np.random.default_rng(0))
    assert found.changed == found.sampled
    assert found.slots_changed == found.slots


def test_one_dropped_account_changes_one_place_of_those_who_saw_it(world, plan):
    mask = np.zeros(240, dtype=bool)
    mask[31] = True
    behind(world, mask)
    plan = msgspec.structs.replace(plan, benign_sample=1_000)
    found = cost(world, plan, np.random.default_rng(0))
    past = world.histories
    shown = world.arms["none"].adapter._model.recommend(past.follows[past.people], plan.k)
    assert found.sampled == past.people.size
    assert found.changed == found.slots_changed == int((shown == 31).any(axis=1).sum()) > 0


def test_who_was_suppressed_is_counted_beyond_the_known(world, plan):
    suppressed = np.zeros(240, dtype=bool)
    suppressed[[0, 1, 20, 21, 22, 105, 195, 196, 239]] = True
    past = msgspec.structs.replace(world.histories, suppressed=suppressed)
    world = msgspec.structs.replace(world, histories=past)
    found = cost(world, plan, np.random.default_rng(0))
    assert found.suppressed == 7
    assert found.suppressed_members == 3
    assert found.suppressed_bystanders == 1
    assert found.suppressed_hard_negatives == 2
    assert (found.unknown_members, found.bystanders) == (21, 10)


def test_a_world_without_histories_has_no_cost_to_measure(world, plan):
    with pytest.raises(BadInput, match="histories"):
        cost(msgspec.structs.replace(world, histories=None), plan, np.random.default_rng(0))

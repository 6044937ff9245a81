import numpy as np
import pytest
from sklearn.metrics import average_precision_score

from havenwall.network.precision import World, calibration_error, simulate


def people(world: World):
    return simulate(np.random.default_rng(1), world, accounts=50_000, members=350)


@pytest.mark.parametrize("world", list(World))
def test_worlds_are_as_wrong_as_they_say(world):
    made = people(world)
    top = made.top(1000)
    assert made.member.sum() == 350
    assert top.sum() == 1000
    assert made.score[top].min() >= made.score[~top].max()
    assert calibration_error(made.probability[top], made.member[top]) > 0.15


def test_worlds_differ_in_how_well_members_stand_out():
    found = {world: average_precision_score(people(world).member, people(world).score) for world in World}
    assert found[World.STRONG] > found[World.ORDINARY] > found[World.WEAK]
    assert found[World.ORDINARY] > found[World.BUMPY]

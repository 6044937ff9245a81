import numpy as np
import pytest

from havenwall.sandbox import Platform
from havenwall.sandbox.adversary import MOVES, Scene, rewired
from havenwall.sandbox.adversary.step import Step

ACTS = 300
RING = 2


def made(scene: Scene, move: str, acts: int = ACTS) -> Step:
    return MOVES[move](scene, RING, acts, np.random.default_rng(5))


def is_mate(platform: Platform) -> np.ndarray:
    return platform.member & (platform.ring == RING)


@pytest.mark.parametrize("move", MOVES)
@pytest.mark.parametrize("acts", [0, 7, ACTS])
def test_no_move_costs_more_than_there_is(scene: Scene, move: str, acts: int) -> None:
    assert made(scene, move, acts).acts <= acts


@pytest.mark.parametrize("move", MOVES)
def test_each_does_something_and_the_same_each_time(scene: Scene, move: str) -> None:
    first, again = made(scene, move), made(scene, move)
    assert first.acts > 50
    np.testing.assert_array_equal(first.follows.followed, again.follows.followed)
    np.testing.assert_array_equal(first.authors, again.authors)


@pytest.mark.parametrize("move", MOVES)
def test_all_of_it_lies_between_the_releases_and_after_the_accounts_are_born(scene: Scene, move: str) -> None:
    step = made(scene, move)
    times = np.concatenate([step.born, step.follows.at, step.unfollows.at, step.posted])
    assert scene.since <= times.min()
    assert times.max() <= scene.until
    if step.born.size:
        assert step.born.max() <= step.follows.at.min()


@pytest.mark.parametrize("move", MOVES)
def test_hidden_members_are_not_seen_to_act(scene: Scene, move: str) -> None:
    step = made(scene, move)
    hidden = np.flatnonzero(scene.hidden)
    for acting in (step.follows.follower, step.unfollows.follower, step.authors):
        assert not np.isin(acting, hidden).any()


def test_camouflage_follows_strangers(scene: Scene) -> None:
    step = made(scene, "camouflage")
    assert is_mate(scene.platform)[step.follows.follower].all()
    assert not scene.platform.member[step.follows.followed].any()


def test_no_more_come_back_than_were_hidden(scene: Scene) -> None:
    gone = scene.members(RING, hidden=True).size
    step = made(scene, "re-registration", 100_000)
    assert step.rings.tolist() == [RING] * gone


def test_tags_are_new_and_of_those_who_are_seen(scene: Scene) -> None:
    step = made(scene, "tag drift")
    assert step.tag not in scene.platform.tags
    assert is_mate(scene.platform)[step.authors].all()
    assert step.authors.size == ACTS


def test_bridges_take_the_place_of_links(scene: Scene) -> None:
    before = scene.platform
    step = made(scene, "bridges")
    after = rewired(before, step)
    inside = is_mate(before)
    between = before.follows[inside][:, inside].sum()
    assert after.follows[: len(before.ids), : len(before.ids)][inside][:, inside].sum() == (
        between - step.unfollows.at.size
    )
    assert step.unfollows.at.size > 0


@pytest.mark.parametrize("move", MOVES)
def test_a_ring_that_is_all_hidden_does_not_fail(scene: Scene, move: str) -> None:
    blind = Scene(platform=scene.platform, hidden=scene.platform.member, release=1, until=scene.until)
    assert made(blind, move).acts == 0

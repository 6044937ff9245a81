import msgspec
import numpy as np

from havenwall.sandbox import generate
from havenwall.sandbox.clock import present


def test_the_removed_came_back_as_fresh_members(platform, config):
    former = platform.former
    back = former.successor[former.successor >= 0]
    assert back.size == round(config.recreated_share * config.removed)
    assert np.unique(back).size == back.size
    assert (platform.member & platform.fresh)[back].all()
    assert (former.ring[former.successor >= 0] == platform.ring[back]).all()
    assert (platform.created_at[back] >= former.removed_at[former.successor >= 0]).all()


def test_a_successor_follows_part_of_the_old_audience_again(platform):
    former = platform.former
    for index in np.flatnonzero(former.successor >= 0):
        audience = former.follower[former.followed == index]
        again = platform.follows[[former.successor[index]]].indices
        shared = np.intersect1d(audience, again)
        assert platform.member[shared].any()
        assert shared.size < audience.size


def test_times_of_the_removed_are_in_order(platform):
    former = platform.former
    assert (former.created_at[former.followed] <= former.followed_at).all()
    assert (platform.created_at[former.follower] <= former.followed_at).all()
    assert (former.followed_at <= former.removed_at[former.followed]).all()
    assert (former.removed_at <= present(platform.config)).all()


def test_a_platform_may_have_none(config):
    former = generate(msgspec.structs.replace(config, removed=0), 7).former
    assert former.ids == []
    assert former.follower.size == former.successor.size == 0

"""What a ring of the network can do against the guard. Everything costs acts, of which it has so many."""

from __future__ import annotations

from collections.abc import Callable

import msgspec
import numpy as np

from havenwall.sandbox.adversary.scene import Scene
from havenwall.sandbox.adversary.step import Step
from havenwall.sandbox.sampling import GroupSampler, Ints, distinct_links
from havenwall.sandbox.words import NETWORK_TAGS

Move = Callable[[Scene, int, int, np.random.Generator], Step]
"""Of a scene, a ring, and the acts it has."""

_MATES = 4
"""Members that a new account follows, and that follow it."""
_STRANGERS = 5
"""Accounts outside the network that a new account follows."""
_CUT = 6
"""Links between members that a bridge takes the place of."""
_NEW = 1 + 2 * _MATES + _STRANGERS


def camouflage(scene: Scene, ring: int, acts: int, rng: np.random.Generator) -> Step:
    """Members that are not hidden follow strangers, most of them in the communities next to the network."""
    own = scene.members(ring, hidden=False)
    if not own.size:
        return Step.none()
    wanted = np.full(own.size, acts // own.size)
    wanted[: acts % own.size] += 1
    pairs = _strangers(scene, rng.permutation(own), wanted, rng)
    return msgspec.structs.replace(Step.none(), follows=scene.links(pairs, rng))


def reregistration(scene: Scene, ring: int, acts: int, rng: np.random.Generator) -> Step:
    """Hidden members come back as new accounts, and those who are not hidden find some of them."""
    back = min(scene.members(ring, hidden=True).size, acts // _NEW)
    return _joined(scene, ring, back, rng)


def tag_drift(scene: Scene, ring: int, acts: int, rng: np.random.Generator) -> Step:
    """Members that are not hidden post under a tag that the network has not used before."""
    own = scene.members(ring, hidden=False)
    if not own.size:
        return Step.none()
    times = np.sort(scene.times(acts, rng))
    word = NETWORK_TAGS[scene.release % len(NETWORK_TAGS)]
    return msgspec.structs.replace(
        Step.none(), authors=rng.choice(own, acts), posted=times, tag=f"{word}-{'abcd'[ring % 4]}"
    )


def bridges(scene: Scene, ring: int, acts: int, rng: np.random.Generator) -> Step:
    """New accounts that look ordinary stand between members, who unfollow each other."""
    made = acts // (_NEW + _CUT)
    step = _joined(scene, ring, made, rng)
    follower, followed = _inside(scene, ring)
    cut = rng.permutation(follower.size)[: step.rings.size * _CUT]
    return msgspec.structs.replace(step, unfollows=scene.links((follower[cut], followed[cut]), rng))


MOVES: dict[str, Move] = {
    "camouflage": camouflage,
    "re-registration": reregistration,
    "tag drift": tag_drift,
    "bridges": bridges,
}
"""By the name that reports call it."""


def _joined(scene: Scene, ring: int, count: int, rng: np.random.Generator) -> Step:
    """New accounts that follow some of the ring and some strangers, and that some of the ring follow."""
    own = scene.members(ring, hidden=False)
    if not count or not own.size:
        return Step.none()
    new = len(scene.platform.ids) + np.arange(count)
    mates = min(_MATES, own.size)
    out, back = (_each(own, count, mates, rng) for _ in range(2))
    pairs = (
        (np.repeat(new, mates), out),
        (back, np.repeat(new, mates)),
        _strangers(scene, new, np.full(count, _STRANGERS), rng),
    )
    together = (np.concatenate([p[0] for p in pairs]), np.concatenate([p[1] for p in pairs]))
    return msgspec.structs.replace(
        Step.none(),
        rings=np.full(count, ring),
        communities=rng.integers(0, scene.platform.config.gateways, count),
        born=scene.born(count, rng),
        follows=scene.links(together, rng),
    )


def _each(own: Ints, count: int, size: int, rng: np.random.Generator) -> Ints:
    """(count * size,) `size` different ones of `own` for each."""
    order = np.argsort(rng.random((count, own.size)), axis=1)[:, :size]
    return own[order].ravel()


def _strangers(scene: Scene, followers: Ints, wanted: Ints, rng: np.random.Generator) -> tuple[Ints, Ints]:
    platform = scene.platform
    config = platform.config
    sampler = GroupSampler(scene.popularity, platform.community)

    def draw(row: Ints) -> Ints:
        return sampler.mixed(rng.integers(0, config.gateways, row.size), config.gateway_share, rng)

    return distinct_links(followers, wanted, draw, len(platform.ids) + followers.size)


def _inside(scene: Scene, ring: int) -> tuple[Ints, Ints]:
    """Follows between members of the ring that are not hidden."""
    own = scene.members(ring, hidden=False)
    among = scene.platform.follows[own][:, own].tocoo()
    return own[among.row], own[among.col]

"""How a test account came to its first member: the steps, so that somebody can take them again."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from havenwall.audit.adapter import AuditSurface
from havenwall.audit.labels import Label
from havenwall.audit.release.finding import Replay, Step
from havenwall.audit.walk import Trail
from havenwall.audit.world import World

MOST = 3
"""Replays kept of one persona in one arm on one platform: those who were exposed first."""


def replays(world: World, persona: str, arm: str, trail: Trail) -> list[Replay]:
    """The shortest ways to a member that test accounts took in one arm."""
    member = world.labels.are(Label.MEMBER)
    surfaces = list(trail.shown)
    # (t, r, surfaces): a round looks at one surface after the other, so this is the order of time.
    seen = np.stack([member[trail.shown[surface]].any(axis=2) for surface in surfaces], axis=2)
    flat = seen.reshape(len(seen), -1)
    exposed = np.flatnonzero(flat.any(axis=1))
    at = flat.argmax(axis=1)
    quickest = sorted(exposed.tolist(), key=lambda account: (int(at[account]), account))[:MOST]
    return [
        _replay(world, persona, arm, trail, account, divmod(int(at[account]), len(surfaces)))
        for account in quickest
    ]


def _replay(
    world: World, persona: str, arm: str, trail: Trail, account: int, when: tuple[int, int]
) -> Replay:
    round_, place = when
    surfaces = list(trail.shown)
    shown = trail.shown[surfaces[place]][account, round_]
    first = int(world.labels.are(Label.MEMBER)[shown].argmax())
    return Replay(
        persona=persona,
        arm=arm,
        platform_seed=world.platform_seed,
        account=account,
        start=_named(world, trail.start[account]),
        steps=_steps(world, trail, account, round_ * len(surfaces) + place),
        surface=surfaces[place].value,
        round=round_ + 1,
        place=first + 1,
        member=world.labels.ids[int(shown[first])],
    )


def _steps(world: World, trail: Trail, account: int, before: int) -> list[Step]:
    surfaces: Sequence[AuditSurface] = list(trail.shown)
    found = []
    for look in range(before):
        round_, place = divmod(look, len(surfaces))
        chosen = _named(world, trail.chosen[surfaces[place]][account, round_])
        if chosen:
            found.append(Step(round=round_ + 1, surface=surfaces[place].value, chosen=chosen))
    return found


def _named(world: World, numbers: NDArray[Any]) -> list[str]:
    return [world.labels.ids[number] for number in numbers.tolist() if number >= 0]

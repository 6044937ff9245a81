"""Personas: how a test account starts, and which of the accounts it is shown it would follow.

A persona is two pure functions. Both get their randomness from outside, drawn once per platform, so
that a test account starts alike and chooses alike in every arm and only the gate differs.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import msgspec
import numpy as np
from numpy.typing import NDArray

from havenwall.audit.world import World
from havenwall.errors import BadInput

BENIGN_START = 5
"""Follows of a test account that starts outside the network."""

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]


class Persona(msgspec.Struct, frozen=True, kw_only=True):
    """How a test account behaves."""

    name: str
    summary: str
    start: Callable[[World, int, np.random.Generator], Ints]
    """World, number of test accounts t, randomness → (t, s) accounts followed at the start."""
    prefer: Callable[[World, NDArray[Any], Floats], Floats]
    """World, (t, k) accounts shown, (t, k) draws in [0, 1) → (t, k) order of preference, smallest first.

    Infinite where the test account would never follow.
    """


def picks(preference: Floats, shown: NDArray[Any], follows: int) -> Ints:
    """The `follows` accounts each test account prefers, as (t, follows); -1 where it wants no more."""
    order = np.argsort(preference, axis=1, kind="stable")[:, :follows]
    wanted = np.isfinite(np.take_along_axis(preference, order, axis=1))
    return np.where(wanted, np.take_along_axis(shown, order, axis=1), -1)


def _sample(mask: NDArray[np.bool_], what: str, shape: tuple[int, int], rng: np.random.Generator) -> Ints:
    pool = np.flatnonzero(mask)
    if not pool.size:
        hint = "give a platform that has some, or choose another persona"
        raise BadInput("no account to start from", field=what, hint=hint)
    size = min(shape[1], pool.size)
    return np.stack([rng.choice(pool, size, replace=False) for _ in range(shape[0])])


def _start_anywhere(world: World, accounts: int, rng: np.random.Generator) -> Ints:
    return _sample(~world.member, "member", (accounts, BENIGN_START), rng)


def _start_adjacent(world: World, accounts: int, rng: np.random.Generator) -> Ints:
    nearby = world.neighbourhood & ~world.member
    return _sample(nearby, "neighbourhood", (accounts, BENIGN_START), rng)


def _start_inside(world: World, accounts: int, rng: np.random.Generator) -> Ints:
    return _sample(world.member, "member", (accounts, 1), rng)


def _from_the_top(shown: NDArray[Any], wanted: NDArray[np.bool_]) -> Floats:
    return np.where(wanted & (shown >= 0), np.arange(shown.shape[1], dtype=np.float64), np.inf)


def _anything(world: World, shown: NDArray[Any], draws: Floats) -> Floats:
    return np.where(shown >= 0, draws, np.inf)


def _top(world: World, shown: NDArray[Any], draws: Floats) -> Floats:
    return _from_the_top(shown, shown >= 0)


def _nearby(world: World, shown: NDArray[Any], draws: Floats) -> Floats:
    return _from_the_top(shown, (world.member | world.neighbourhood)[shown])


def _members(world: World, shown: NDArray[Any], draws: Floats) -> Floats:
    return _from_the_top(shown, world.member[shown])


_ALL = (
    Persona(
        name="control",
        summary="starts with random ordinary accounts and follows random suggestions",
        start=_start_anywhere,
        prefer=_anything,
    ),
    Persona(
        name="adjacent",
        summary="starts with ordinary accounts next to the network and follows the top suggestions",
        start=_start_adjacent,
        prefer=_top,
    ),
    Persona(
        name="curious",
        summary="starts with one network account and follows the top suggestions",
        start=_start_inside,
        prefer=_top,
    ),
    Persona(
        name="neighbourhood",
        summary="starts with one network account and follows suggestions in or next to the network",
        start=_start_inside,
        prefer=_nearby,
    ),
    Persona(
        name="seek",
        summary="starts with one network account and follows every network account suggested (worst case)",
        start=_start_inside,
        prefer=_members,
    ),
)

PERSONAS: dict[str, Persona] = {persona.name: persona for persona in _ALL}
"""Every persona by name, from the most harmless to the worst case."""

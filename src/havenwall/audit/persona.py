"""Personas: how a test account starts, and which of the entities it is shown it would choose.

A persona is two pure functions. Both get their randomness from outside, drawn once per platform, so
that a test account starts alike and chooses alike in every arm and only the arm differs.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import msgspec
import numpy as np
from numpy.typing import NDArray

from havenwall.audit.adapter import ActKind
from havenwall.audit.labels import Label, LabelService
from havenwall.errors import BadInput

BENIGN_START = 5
"""What a test account that starts outside the network follows first."""

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]


class Persona(msgspec.Struct, frozen=True, kw_only=True):
    """How a test account behaves."""

    name: str
    summary: str
    start: Callable[[LabelService, int, np.random.Generator], Ints]
    """Labels, number of test accounts t, randomness → (t, s) numbers of entities it begins with."""
    prefer: Callable[[LabelService, NDArray[Any], Floats], Floats]
    """Labels, (t, k) numbers shown, (t, k) draws in [0, 1) → (t, k) order of preference, smallest first.

    Infinite where the test account would never choose.
    """
    first: ActKind = ActKind.FOLLOW
    """What it does with those it begins with."""
    viewer: str = "ordinary"
    """Whom the platform takes it for; `minor` for somebody under age."""


def picks(preference: Floats, shown: NDArray[Any], most: int) -> Ints:
    """The `most` entities each test account prefers, as (t, most); -1 where it wants no more."""
    order = np.argsort(preference, axis=1, kind="stable")[:, :most]
    wanted = np.isfinite(np.take_along_axis(preference, order, axis=1))
    return np.where(wanted, np.take_along_axis(shown, order, axis=1), -1)


def _sample(pool: Ints, what: str, shape: tuple[int, int], rng: np.random.Generator) -> Ints:
    if not pool.size:
        hint = "label some, or choose another persona"
        raise BadInput("no entity to start from", field=what, hint=hint)
    size = min(shape[1], pool.size)
    return np.stack([rng.choice(pool, size, replace=False) for _ in range(shape[0])])


_OUTSIDE = (Label.ORDINARY, Label.NEIGHBOUR, Label.BYSTANDER, Label.LOOKALIKE)


def _start_anywhere(labels: LabelService, accounts: int, rng: np.random.Generator) -> Ints:
    return _sample(np.flatnonzero(labels.are(*_OUTSIDE)), "ordinary", (accounts, BENIGN_START), rng)


def _start_adjacent(labels: LabelService, accounts: int, rng: np.random.Generator) -> Ints:
    return _sample(np.flatnonzero(labels.are(Label.NEIGHBOUR)), "neighbour", (accounts, BENIGN_START), rng)


def _start_inside(labels: LabelService, accounts: int, rng: np.random.Generator) -> Ints:
    return _sample(np.flatnonzero(labels.are(Label.MEMBER)), "member", (accounts, 1), rng)


def _from_the_top(shown: NDArray[Any], wanted: NDArray[np.bool_]) -> Floats:
    return np.where(wanted & (shown >= 0), np.arange(shown.shape[1], dtype=np.float64), np.inf)


def _anything(labels: LabelService, shown: NDArray[Any], draws: Floats) -> Floats:
    return np.where(shown >= 0, draws, np.inf)


def _anything_outside(labels: LabelService, shown: NDArray[Any], draws: Floats) -> Floats:
    return np.where((shown >= 0) & ~labels.are(Label.MEMBER)[shown], draws, np.inf)


def _top(labels: LabelService, shown: NDArray[Any], draws: Floats) -> Floats:
    return _from_the_top(shown, shown >= 0)


def _nearby(labels: LabelService, shown: NDArray[Any], draws: Floats) -> Floats:
    return _from_the_top(shown, labels.are(Label.MEMBER, Label.NEIGHBOUR)[shown])


def _members(labels: LabelService, shown: NDArray[Any], draws: Floats) -> Floats:
    return _from_the_top(shown, labels.are(Label.MEMBER)[shown])


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
        name="minor",
        summary="as adjacent, known to the platform as a minor",
        start=_start_adjacent,
        prefer=_top,
        viewer="minor",
    ),
    Persona(
        name="one-view",
        summary="views one network account, follows none at first, and then the top suggestions",
        start=_start_inside,
        prefer=_top,
        first=ActKind.VIEW,
    ),
    Persona(
        name="twin",
        summary="starts with one network account and follows random suggestions outside the network",
        start=_start_inside,
        prefer=_anything_outside,
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
"""Every persona by name, from the most harmless to the worst case.

`twin` is the counterfactual of `curious`, `neighbourhood` and `seek`: it starts from the same account and is
led by nothing, so what they see beyond it is what following the suggestions adds (Hosseinmardi et al.,
Causally estimating the effect of YouTube's recommender system, 2024).
"""

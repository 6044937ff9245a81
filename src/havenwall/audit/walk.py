"""The walk: test accounts look, are shown entities, choose some, and look again."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from typing import Any

import msgspec
import numpy as np
from numpy.typing import NDArray

from havenwall.audit.adapter import ASKED_WITH_WORDS, Act, ActKind, AuditSurface, Profile
from havenwall.audit.labels import LabelService
from havenwall.audit.persona import PERSONAS, Floats, Ints, Persona, picks
from havenwall.audit.plan import AuditPlan
from havenwall.audit.serve import Look, serve
from havenwall.audit.world import Arm, World


class Trail(msgspec.Struct, frozen=True, kw_only=True, eq=False):
    """What t test accounts were shown in r rounds of one arm, and what they chose of it; -1 is nothing."""

    shown: dict[AuditSurface, Ints]
    """By surface, (t, r, k) numbers."""
    chosen: dict[AuditSurface, Ints]
    """By surface, (t, r, f) numbers; f at most, in the order of choice."""
    start: Ints
    """(t, s) numbers of what they began with."""


def walk(
    world: World, plan: AuditPlan, rng: np.random.Generator, step: Callable[[str], None]
) -> dict[str, Trail]:
    """Let the same test accounts walk the platform once in every arm.

    Args:
        world: the platform.
        plan: persona, surfaces, number of test accounts t, rounds r, places k.
        rng: drawn from once for all arms; the arms differ by recommender and gate alone.
        step: called with the arm's name after each of its rounds.

    Returns:
        What was shown and chosen, by arm.

    Raises:
        SourceFailed: a platform did not answer.
        BadInput: there is no entity to start from.
    """
    persona = PERSONAS[plan.persona]
    shape = (len(plan.surfaces), plan.rounds, plan.accounts, plan.k)
    start = persona.start(world.labels, plan.accounts, rng)
    course = _Course(persona=persona, plan=plan, labels=world.labels, start=start, draws=rng.random(shape))
    return {
        name: course.along(arm, world.platform_seed, partial(step, name)) for name, arm in world.arms.items()
    }


class _Course(msgspec.Struct, frozen=True, kw_only=True, eq=False):
    """One and the same course of all test accounts, to be taken along each arm."""

    persona: Persona
    plan: AuditPlan
    labels: LabelService
    start: Ints
    draws: Floats
    """(surfaces, rounds, accounts, k)"""

    def along(self, arm: Arm, seed: int, step: Callable[[], None]) -> Trail:
        plan = self.plan
        arm.adapter.reset(seed)
        accounts = arm.adapter.create_accounts(self._profiles())
        self._do(arm, accounts, self.start, self.persona.first)
        shown, chosen = self._empty(plan.k), self._empty(plan.follows_per_round)
        for at in range(plan.rounds):
            for place, surface in enumerate(plan.surfaces):
                found = self._round(arm, accounts, surface, at, self.draws[place, at])
                shown[surface][:, at], chosen[surface][:, at] = found
            step()
        return Trail(shown=shown, chosen=chosen, start=self.start)

    def _empty(self, places: int) -> dict[AuditSurface, Ints]:
        shape = (self.plan.accounts, self.plan.rounds, places)
        return {surface: np.full(shape, -1, dtype=np.int64) for surface in self.plan.surfaces}

    def _profiles(self) -> list[Profile]:
        name, viewer = self.persona.name, self.persona.viewer
        return [Profile(name=f"{name}-{n}", viewer=viewer) for n in range(self.plan.accounts)]

    def _round(
        self, arm: Arm, accounts: Sequence[str], surface: AuditSurface, at: int, draws: Floats
    ) -> tuple[Ints, Ints]:
        look = Look(
            accounts=accounts,
            surface=surface,
            k=self.plan.k,
            queries=self._queries(surface, at),
            viewer=self.persona.viewer,
        )
        (shown,) = serve(arm.adapter, [arm.gate], self.labels, look)
        chosen = picks(self.persona.prefer(self.labels, shown, draws), shown, self.plan.follows_per_round)
        self._do(arm, accounts, chosen)
        return shown, chosen

    def _queries(self, surface: AuditSurface, at: int) -> tuple[str, ...]:
        if surface not in ASKED_WITH_WORDS:
            return ()
        words = self.plan.queries
        return tuple(words[(n + at) % len(words)] for n in range(self.plan.accounts))

    def _do(self, arm: Arm, accounts: Sequence[str], chosen: Ints, kind: ActKind | None = None) -> None:
        rows, places = np.nonzero(chosen >= 0)
        targets = [self.labels.ids[number] for number in chosen[rows, places].tolist()]
        arm.adapter.act(
            [
                Act(account=accounts[row], kind=kind or act_on(target), target=target)
                for row, target in zip(rows.tolist(), targets, strict=True)
            ]
        )


_DONE = dict.fromkeys(("account", "group", "tag"), ActKind.FOLLOW) | {"query": ActKind.SEARCH}


def act_on(target: str) -> ActKind:
    """What a test account does with what it chose: follow what can be followed, type what was completed, and
    view all else."""
    return _DONE.get(target.partition(":")[0], ActKind.VIEW)


def exposure_of(member: NDArray[np.bool_], shown: NDArray[Any]) -> Floats:
    """Share of the k places in `shown` (..., k) that hold a member, as (...).

    Args:
        member: (n + 1,) by number; the last stands for -1, an empty place.
    """
    return member[shown].mean(axis=-1)

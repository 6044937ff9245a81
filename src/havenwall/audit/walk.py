"""The walk: test accounts look, are shown accounts, follow some, and look again."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array

from havenwall.audit.persona import PERSONAS, Floats, Ints, Persona, picks
from havenwall.audit.plan import AuditPlan
from havenwall.audit.serve import serve
from havenwall.audit.world import Gate, World

_NONE = np.empty(0, dtype=np.int64)


def walk(
    world: World, plan: AuditPlan, rng: np.random.Generator, step: Callable[[str], None]
) -> dict[str, Floats]:
    """Let the same test accounts walk the platform once in every arm.

    Args:
        world: the platform.
        plan: persona, number of test accounts t, rounds r, places k.
        rng: drawn from once for all arms; the arms differ by their gate alone.
        step: called with the arm's name after each of its rounds.

    Returns:
        Per arm, (t, r): the share of the k places that showed a network account. An empty place counts
        as not exposed.
    """
    persona = PERSONAS[plan.persona]
    nobody = csr_array((_NONE, (_NONE, _NONE)), shape=(plan.accounts, len(world.member)))
    start = follow(nobody, persona.start(world, plan.accounts, rng))
    draws = rng.random((plan.rounds, plan.accounts, plan.k))

    def arm(name: str, gate: Gate) -> Floats:
        histories, exposure = start, np.zeros((plan.accounts, plan.rounds))
        for i in range(plan.rounds):
            exposure[:, i], histories = _round(world, plan, persona, gate, histories, draws[i])
            step(name)
        return exposure

    return {name: arm(name, gate) for name, gate in world.arms.items()}


def follow(histories: csr_array, chosen: Ints) -> csr_array:
    """Histories (t, n) with the (t, f) chosen accounts added; -1 adds nothing."""
    row, place = np.nonzero(chosen >= 0)
    rows = np.concatenate([np.repeat(np.arange(len(chosen)), np.diff(histories.indptr)), row])
    columns = np.concatenate([histories.indices, chosen[row, place]])
    shape = (len(chosen), histories.shape[1])
    joined = csr_array((np.ones(rows.size, dtype=np.float32), (rows, columns)), shape=shape)
    joined.data[:] = 1
    return joined


def exposure_of(member: NDArray[np.bool_], shown: NDArray[Any]) -> Floats:
    """Share of each row's k places in `shown` (t, k) that hold a member, as (t,)."""
    return (member[shown] & (shown >= 0)).mean(axis=1)


def _round(
    world: World, plan: AuditPlan, persona: Persona, gate: Gate, histories: csr_array, draws: Floats
) -> tuple[Floats, csr_array]:
    (shown,) = serve(world.recommender, [gate], histories, plan.k)
    chosen = picks(persona.prefer(world, shown, draws), shown, plan.follows_per_round)
    return exposure_of(world.member, shown), follow(histories, chosen)

"""What Havenwall costs: how ordinary people's recommendations change, and who is suppressed by mistake."""

from __future__ import annotations

import msgspec
import numpy as np
from numpy.typing import NDArray

from havenwall.audit.plan import AuditPlan
from havenwall.audit.serve import serve
from havenwall.audit.world import World

_AT_ONCE = 250
"""Accounts ranked in one call: bounds memory for recommenders that score everybody densely."""


class Cost(msgspec.Struct, frozen=True, kw_only=True):
    """Counts on one platform."""

    sampled: int
    """Ordinary accounts looked at."""
    changed: int
    """Of these, accounts whose k recommendations differ behind Havenwall's gate."""
    slots: int
    """Places filled for the sampled accounts without a gate."""
    slots_changed: int
    """Of these, places whose account Havenwall's gate drops."""
    suppressed: int
    suppressed_members: int
    suppressed_bystanders: int
    suppressed_hard_negatives: int
    unknown_members: int
    bystanders: int


def cost(world: World, plan: AuditPlan, rng: np.random.Generator) -> Cost:
    """Count what Havenwall suppressed on one platform and what that changes for a random ordinary sample.

    The sample is drawn from accounts outside the network that follow somebody: nobody recommends
    anything personal to an account without a history.
    """
    active = np.diff(world.follows.indptr) > 0
    pool = np.flatnonzero(active & ~world.member)
    users = rng.choice(pool, min(plan.benign_sample, pool.size), replace=False)
    changed, slots, slots_changed = _shifts(world, plan.k, users)
    new = world.suppressed & ~world.known
    return Cost(
        sampled=users.size,
        changed=changed,
        slots=slots,
        slots_changed=slots_changed,
        suppressed=int(new.sum()),
        suppressed_members=int((new & world.member).sum()),
        suppressed_bystanders=int((new & world.bystander).sum()),
        suppressed_hard_negatives=int((new & world.hard_negative).sum()),
        unknown_members=int((world.member & ~world.known).sum()),
        bystanders=int(world.bystander.sum()),
    )


def _shifts(world: World, k: int, users: NDArray[np.int64]) -> tuple[int, int, int]:
    """Users with a change, places filled, places changed."""
    gates = (world.arms["none"], world.arms["havenwall"])
    totals = np.zeros(3, dtype=np.int64)
    for at in range(0, users.size, _AT_ONCE):
        histories = world.follows[users[at : at + _AT_ONCE]]
        before, after = serve(world.recommender, gates, histories, k)
        gone = np.array([~np.isin(b, a) & (b >= 0) for b, a in zip(before, after, strict=True)])
        totals += gone.any(axis=1).sum(), (before >= 0).sum(), gone.sum()
    return int(totals[0]), int(totals[1]), int(totals[2])

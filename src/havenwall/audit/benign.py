"""What Havenwall costs: how ordinary people's recommendations change, and who is suppressed by mistake."""

from __future__ import annotations

import msgspec
import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array

from havenwall.audit.adapter import Act, ActKind, AuditSurface, Profile
from havenwall.audit.labels import Label
from havenwall.audit.plan import AuditPlan
from havenwall.audit.serve import Look, serve
from havenwall.audit.world import World
from havenwall.errors import BadInput


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

    Raises:
        BadInput: the world has no histories of ordinary people.
    """
    past = world.histories
    if past is None:
        hint = "give whom ordinary people follow"
        raise BadInput("the cost to others cannot be measured", field="histories", hint=hint)
    users = rng.choice(past.people, min(plan.benign_sample, past.people.size), replace=False)
    changed, slots, slots_changed = _shifts(world, past.follows, plan.k, users)
    labels, n = world.labels, past.suppressed.size
    suppressed = past.suppressed & ~labels.are(Label.KNOWN)[:n]

    def count(label: Label) -> int:
        return int((suppressed & labels.are(label)[:n]).sum())

    return Cost(
        sampled=users.size,
        changed=changed,
        slots=slots,
        slots_changed=slots_changed,
        suppressed=int(suppressed.sum()),
        suppressed_members=count(Label.MEMBER),
        suppressed_bystanders=count(Label.BYSTANDER),
        suppressed_hard_negatives=count(Label.LOOKALIKE),
        unknown_members=len(labels.having(Label.MEMBER, besides=[Label.KNOWN])),
        bystanders=len(labels.having(Label.BYSTANDER)),
    )


def _shifts(world: World, follows: csr_array, k: int, users: NDArray[np.int64]) -> tuple[int, int, int]:
    """Users with a change, places filled, places changed."""
    arm = world.arms["none"]
    gates = (arm.gate, world.arms["havenwall"].gate)
    arm.adapter.reset(world.platform_seed)
    names = arm.adapter.create_accounts([Profile(name=f"ordinary-{user}") for user in users.tolist()])
    arm.adapter.act(
        [act for name, user in zip(names, users, strict=True) for act in _past(world, follows, name, user)]
    )
    look = Look(accounts=names, surface=AuditSurface.ACCOUNTS, k=k)
    before, after = serve(arm.adapter, gates, world.labels, look)
    gone = np.array([~np.isin(b, a) & (b >= 0) for b, a in zip(before, after, strict=True)])
    return int(gone.any(axis=1).sum()), int((before >= 0).sum()), int(gone.sum())


def _past(world: World, follows: csr_array, name: str, user: int) -> list[Act]:
    followed = follows.indices[follows.indptr[user] : follows.indptr[user + 1]]
    ids = world.labels.ids
    return [Act(account=name, kind=ActKind.FOLLOW, target=ids[each]) for each in followed.tolist()]

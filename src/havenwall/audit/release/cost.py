"""What an arm costs ordinary people: how their recommendations change, and whom of the innocent they lose."""

from __future__ import annotations

from collections.abc import Sequence

import msgspec
import numpy as np
from numpy.typing import NDArray

from havenwall.audit.adapter import Act, ActKind, AuditSurface, Profile
from havenwall.audit.labels import Label
from havenwall.audit.release.finding import Cost
from havenwall.audit.serve import Ints, Look, serve
from havenwall.audit.world import Arm, Histories, World

SAMPLE = 1_000
"""Ordinary people looked at per platform, at most."""


class Shift(msgspec.Struct, frozen=True, kw_only=True):
    """Counts of one arm on one platform, against the first arm."""

    people: int
    changed: int
    slots: int
    slots_changed: int
    lookalikes: int
    lookalikes_lost: int
    bystanders: int
    bystanders_lost: int


def shifts(world: World, k: int, rng: np.random.Generator) -> dict[str, Shift]:
    """Per arm but the first, what changes for a random sample of ordinary people; empty without histories.

    Raises:
        SourceFailed: a platform did not answer.
    """
    if world.histories is None or AuditSurface.ACCOUNTS not in _served(world):
        return {}
    people = world.histories.people
    sample = rng.choice(people, min(SAMPLE, people.size), replace=False)
    (_, first), *others = world.arms.items()
    before = _shown(world, first, world.histories, sample, k)
    return {
        name: _shift(world, before, _shown(world, arm, world.histories, sample, k)) for name, arm in others
    }


def _served(world: World) -> frozenset[AuditSurface]:
    return frozenset.intersection(*(arm.adapter.surfaces for arm in world.arms.values()))


def _shown(world: World, arm: Arm, past: Histories, people: NDArray[np.int64], k: int) -> Ints:
    arm.adapter.reset(world.platform_seed)
    names = arm.adapter.create_accounts([Profile(name=f"ordinary-{person}") for person in people.tolist()])
    arm.adapter.act(
        [act for name, person in zip(names, people, strict=True) for act in _acts(world, past, name, person)]
    )
    look = Look(accounts=names, surface=AuditSurface.ACCOUNTS, k=k)
    return serve(arm.adapter, [arm.gate], world.labels, look)[0]


def _acts(world: World, past: Histories, name: str, person: int) -> list[Act]:
    rows = past.follows
    followed = rows.indices[rows.indptr[person] : rows.indptr[person + 1]].tolist()
    return [Act(account=name, kind=ActKind.FOLLOW, target=world.labels.ids[each]) for each in followed]


def _shift(world: World, before: Ints, after: Ints) -> Shift:
    gone = np.array([~np.isin(b, a) & (b >= 0) for b, a in zip(before, after, strict=True)])
    lookalike, bystander = (world.labels.are(label)[before] for label in (Label.LOOKALIKE, Label.BYSTANDER))
    return Shift(
        people=len(before),
        changed=int(gone.any(axis=1).sum()),
        slots=int((before >= 0).sum()),
        slots_changed=int(gone.sum()),
        lookalikes=int(lookalike.sum()),
        lookalikes_lost=int((lookalike & gone).sum()),
        bystanders=int(bystander.sum()),
        bystanders_lost=int((bystander & gone).sum()),
    )


def costs(found: Sequence[dict[str, Shift]]) -> list[Cost]:
    """Sums over platforms, as shares."""
    arms = list(found[0]) if found else []
    return [_cost(arm, [each[arm] for each in found]) for arm in arms]


def _cost(arm: str, found: Sequence[Shift]) -> Cost:
    def share(part: str, whole: str) -> float:
        total = sum(getattr(each, whole) for each in found)
        return sum(getattr(each, part) for each in found) / total if total else 0.0

    return Cost(
        arm=arm,
        sampled=sum(each.people for each in found),
        changed=share("changed", "people"),
        slots_changed=share("slots_changed", "slots"),
        lookalikes_lost=share("lookalikes_lost", "lookalikes"),
        bystanders_lost=share("bystanders_lost", "bystanders"),
    )

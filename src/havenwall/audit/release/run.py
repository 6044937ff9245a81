"""Runs a registered plan: every persona walks every arm of every platform; then figures and verdict."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from functools import partial

import msgspec
import numpy as np
from numpy.typing import NDArray

from havenwall.audit.labels import Label
from havenwall.audit.plan import AuditPlan
from havenwall.audit.release.cost import Shift, costs, shifts
from havenwall.audit.release.figures import Key, cells, comparisons, measured
from havenwall.audit.release.finding import Finding, Replay
from havenwall.audit.release.measures import Seen
from havenwall.audit.release.plan import ReleasePlan
from havenwall.audit.release.replay import replays
from havenwall.audit.threshold import Measure
from havenwall.audit.verdict import judge
from havenwall.audit.walk import Trail, walk
from havenwall.audit.world import World
from havenwall.errors import BadInput
from havenwall.model import new_id, now

Progress = Callable[[str, int, int], None]
"""What is being done, steps done, steps in all."""


class Release(msgspec.Struct, frozen=True, kw_only=True, eq=False):
    """A finding, and what was measured of each test account: enough to judge it again."""

    finding: Finding
    values: dict[Measure, NDArray[np.float64]]
    """(platforms, accounts)"""


class Visit(msgspec.Struct, frozen=True, kw_only=True, eq=False):
    """What is kept of one platform once it has been walked."""

    seen: dict[Key, Seen]
    replays: list[Replay]
    shifts: dict[str, Shift]
    snapshots: dict[str, str]
    prevalence: float
    popular: float | None


def run_release(
    plan: ReleasePlan,
    worlds: Iterable[World],
    *,
    labels_hash: str,
    version: str,
    popular: Sequence[str] = (),
    progress: Progress | None = None,
) -> Release:
    """Let test accounts walk each platform in every arm, and judge what they saw.

    Args:
        plan: what to do.
        worlds: `plan.platform_seeds` platforms with the plan's arms. May be a generator: one is held.
        labels_hash: of the truth, for the evidence.
        version: of Havenwall, for the evidence.
        popular: entity ids, the most popular first, if there is such a list.
        progress: called after each round of each arm.

    Raises:
        BadInput: the plan or a world cannot be used, or there are more or fewer worlds than planned.
        SourceFailed: a platform did not answer.
    """
    plan, started = plan.validated(), now()
    visits: list[Visit] = []
    for world in worlds:
        step = _Steps(plan, len(visits), progress)
        visits.append(_visit(plan, _checked(plan, world), popular, step))
        del world  # or it would stay while the generator makes the next one
    if len(visits) != plan.platform_seeds:
        hint = "give as many platforms as the plan says"
        raise BadInput(
            f"the plan says {plan.platform_seeds}, got {len(visits)}", field="platform_seeds", hint=hint
        )
    seen = {key: [visit.seen[key] for visit in visits] for key in visits[0].seen}
    prevalence = float(np.mean([visit.prevalence for visit in visits]))
    values = measured(plan, seen)
    finding = Finding(
        id=new_id(),
        plan=plan,
        plan_hash=plan.hash,
        labels_hash=labels_hash,
        version=version,
        started_at=started,
        ended_at=now(),
        snapshots={arm: [visit.snapshots[arm] for visit in visits] for arm in plan.arms},
        prevalence=prevalence,
        cells=cells(plan, seen, prevalence, _popular(visits)),
        comparisons=comparisons(plan, seen),
        costs=costs([visit.shifts for visit in visits]),
        replays=[replay for visit in visits for replay in visit.replays],
        verdict=judge(plan.thresholds, values),
    )
    return Release(finding=finding, values=values)


def _popular(visits: Sequence[Visit]) -> float | None:
    shares = [visit.popular for visit in visits if visit.popular is not None]
    return float(np.mean(shares)) if shares else None


class _Steps:
    """Counts rounds over all platforms, personas and arms for a progress bar."""

    def __init__(self, plan: ReleasePlan, platform: int, progress: Progress | None) -> None:
        each = len(plan.arms) * plan.rounds * len(plan.personas)
        self._label = f"platform {platform + 1} of {plan.platform_seeds}"
        self._done, self._total = platform * each, plan.platform_seeds * each
        self._progress = progress

    def __call__(self, persona: str, arm: str) -> None:
        self._done += 1
        if self._progress:
            self._progress(f"{self._label}: {persona}, {arm}", self._done, self._total)


def _checked(plan: ReleasePlan, world: World) -> World:
    if tuple(world.arms) != tuple(plan.arms):
        raise BadInput("not the arms of the plan", field="arms", hint="give " + ", ".join(plan.arms))
    for name, arm in world.arms.items():
        for surface in plan.surfaces:
            if surface not in arm.adapter.surfaces:
                hint = "it serves " + ", ".join(sorted(arm.adapter.surfaces))
                raise BadInput(
                    f"the platform of arm {name} has no {surface.value}", field="surfaces", hint=hint
                )
    return world.validated()


def _visit(plan: ReleasePlan, world: World, popular: Sequence[str], step: _Steps) -> Visit:
    seen: dict[Key, Seen] = {}
    ways: list[Replay] = []
    for course in plan.walks():
        # The same draws for every persona: a twin starts from the very account that it is the twin of.
        rng = np.random.default_rng([plan.seed, world.platform_seed])
        trails = walk(world, course, rng, partial(step, course.persona))
        for arm, trail in trails.items():
            seen |= _seen(world, course, arm, trail)
            ways += replays(world, course.persona, arm, trail)
    return Visit(
        seen=seen,
        replays=ways,
        shifts=shifts(world, plan.k, np.random.default_rng([plan.seed, world.platform_seed])),
        snapshots={name: arm.adapter.snapshot_id() for name, arm in world.arms.items()},
        prevalence=world.prevalence,
        popular=_share(world, popular[: plan.k]) if popular else None,
    )


def _seen(world: World, course: AuditPlan, arm: str, trail: Trail) -> dict[Key, Seen]:
    return {
        (course.persona, arm, surface.value): Seen.of(shown, world.labels)
        for surface, shown in trail.shown.items()
    }


def _share(world: World, popular: Sequence[str]) -> float:
    return float(world.labels.are(Label.MEMBER)[world.labels.numbers(popular)].mean())

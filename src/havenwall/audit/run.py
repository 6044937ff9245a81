"""Runs an audit: every platform, every arm, then the figures."""

from __future__ import annotations

from collections.abc import Callable, Iterable

import msgspec
import numpy as np
from numpy.typing import NDArray

from havenwall.audit.benign import Cost, cost
from havenwall.audit.labels import Label
from havenwall.audit.metrics import arm_result, benign_shares, comparison, suppressed
from havenwall.audit.plan import AuditPlan
from havenwall.audit.result import AuditResult
from havenwall.audit.walk import Trail, exposure_of, walk
from havenwall.audit.world import ARMS, World
from havenwall.errors import BadInput

Progress = Callable[[str, int, int], None]
"""What is being done, steps done, steps in all."""

PAIRS: tuple[tuple[str, str], ...] = (("none", "havenwall"), ("known", "havenwall"))
"""The comparisons declared beforehand: does Havenwall help, and does it help beyond a list of the known?"""


class _Platform(msgspec.Struct, frozen=True, kw_only=True):
    """What is kept of a world once it has been walked."""

    platform_seed: int
    exposure: dict[str, NDArray[np.float64]]
    """(accounts, rounds) by arm, mean over the surfaces."""
    cost: Cost
    prevalence: float


def run_audit(plan: AuditPlan, worlds: Iterable[World], progress: Progress | None = None) -> AuditResult:
    """Let test accounts follow the recommender of each platform in four arms, and report.

    Args:
        plan: what to do.
        worlds: `plan.platform_seeds` platforms. May be a generator: one at a time is held.
        progress: called after each round of each arm.

    Raises:
        BadInput: the plan or a world cannot be used, or there are more or fewer worlds than planned.
    """
    plan = plan.validated()
    platforms: list[_Platform] = []
    for world in worlds:
        _expect(plan, platforms, world)
        _four(world)
        platforms.append(_visit(plan, world.validated(), _Steps(plan, len(platforms), progress)))
        del world  # or it would stay while the generator makes the next one
    if len(platforms) != plan.platform_seeds:
        raise _miscounted(plan, len(platforms))
    return _result(plan, platforms)


class _Steps:
    """Counts rounds over all arms and platforms for a progress bar."""

    def __init__(self, plan: AuditPlan, platform: int, progress: Progress | None) -> None:
        each = len(ARMS) * plan.rounds
        self._label = f"platform {platform + 1} of {plan.platform_seeds}"
        self._done, self._total = platform * each, plan.platform_seeds * each
        self._progress = progress

    def __call__(self, arm: str) -> None:
        self._done += 1
        if self._progress:
            self._progress(f"{self._label}: {arm}", self._done, self._total)


def _expect(plan: AuditPlan, platforms: list[_Platform], world: World) -> None:
    if len(platforms) == plan.platform_seeds:
        raise _miscounted(plan, len(platforms) + 1)
    if world.platform_seed in {p.platform_seed for p in platforms}:
        hint = "give each platform a seed of its own; the same platform twice is no new evidence"
        raise BadInput(f"{world.platform_seed} came twice", field="platform_seed", hint=hint)


def _four(world: World) -> None:
    if tuple(world.arms) != ARMS:
        raise BadInput("not the four arms in order", field="arms", hint="give " + ", ".join(ARMS))


def _miscounted(plan: AuditPlan, found: int) -> BadInput:
    hint = "give as many platforms as the plan says"
    return BadInput(f"the plan says {plan.platform_seeds}, got {found}", field="platform_seeds", hint=hint)


def _visit(plan: AuditPlan, world: World, steps: _Steps) -> _Platform:
    walking, sampling = np.random.default_rng([plan.seed, world.platform_seed]).spawn(2)
    trails = walk(world, plan, walking, steps)
    member = world.labels.are(Label.MEMBER)
    return _Platform(
        platform_seed=world.platform_seed,
        exposure={arm: _exposure(member, trail) for arm, trail in trails.items()},
        cost=cost(world, plan, sampling),
        prevalence=world.prevalence,
    )


def _exposure(member: NDArray[np.bool_], trail: Trail) -> NDArray[np.float64]:
    return np.mean([exposure_of(member, each) for each in trail.shown.values()], axis=0)


def _rng(plan: AuditPlan) -> np.random.Generator:
    """A fresh stream, alike for every figure: the order of the figures must not change them."""
    return np.random.default_rng([plan.seed, plan.platform_seeds])


def _result(plan: AuditPlan, platforms: list[_Platform]) -> AuditResult:
    exposure = {arm: np.stack([p.exposure[arm] for p in platforms]) for arm in ARMS}
    prevalence = float(np.mean([p.prevalence for p in platforms]))
    costs = [p.cost for p in platforms]
    draws = plan.bootstrap_draws
    changed, slots = benign_shares(costs)
    return AuditResult(
        arms={arm: arm_result(exposure[arm], prevalence, draws, _rng(plan)) for arm in ARMS},
        suppressed=suppressed(costs),
        benign_changed=changed,
        benign_slots_changed=slots,
        comparisons={
            f"{a}_vs_{b}": comparison(exposure[a], exposure[b], draws, _rng(plan)) for a, b in PAIRS
        },
        plan=plan,
        prevalence=prevalence,
    )

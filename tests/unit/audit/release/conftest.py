"""A small plan over the tiny platform of the audit's tests, and what came out of it."""

from __future__ import annotations

from collections.abc import Callable

import msgspec
import pytest

from havenwall.audit import World
from havenwall.audit.release import Release, ReleasePlan, parse_plan, run_release

PLAN = """
name: nightly
platform: {adapter: sandbox}
labels: sandbox
personas: [control, twin, seek]
arms:
  none: {}
  best: {drop_labelled: true}
thresholds:
  - {metric: exposure, arm: best, persona: seek, at_most: 0.2}
accounts: 12
rounds: 3
k: 20
platform_seeds: 4
"""


@pytest.fixture(scope="session")
def release_plan() -> ReleasePlan:
    return parse_plan(PLAN)


@pytest.fixture(scope="session")
def worlds(make_world: Callable[..., World]) -> Callable[[int], list[World]]:
    """Worlds with the plan's two arms: an open one, and one without the network."""

    def make(count: int) -> list[World]:
        made = [make_world(seed) for seed in range(count)]
        arms = [{"none": world.arms["none"], "best": world.arms["all_known"]} for world in made]
        return [msgspec.structs.replace(w, arms=a) for w, a in zip(made, arms, strict=True)]

    return make


@pytest.fixture(scope="session")
def release(release_plan: ReleasePlan, worlds: Callable[[int], list[World]]) -> Release:
    return run_release(
        release_plan,
        worlds(4),
        labels_hash="truth",
        version="1.2.3",
        popular=[f"account:{n}" for n in (100, 3, 101, 102, 103, 104, 105, 106, 107, 108)],
    )

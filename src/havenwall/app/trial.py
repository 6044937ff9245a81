"""One sandbox platform taken through the real pipeline, ready to be audited."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import msgspec
import numpy as np
from numpy.typing import NDArray

from havenwall.app.app import App
from havenwall.app.config import Config
from havenwall.audit import AuditPlan, Gate, MaskGate, World
from havenwall.guard import BoundGuard, Guard, Surface, publish
from havenwall.model import Restriction, Standing, now
from havenwall.sandbox import (
    RECOMMENDERS,
    Platform,
    Role,
    SandboxConfig,
    confirmed_events,
    event_frames,
    generate,
)

Tell = Callable[[str], None]
"""Is told what begins now."""


class GuardGate(msgspec.Struct, frozen=True, eq=False):
    """A real guard as the audit's gate."""

    guard: Guard
    bound: BoundGuard

    def allowed(self, candidates: NDArray[np.int32]) -> NDArray[np.bool_]:
        """Which of the candidates (places in the platform's ids) may be recommended."""
        self.guard.refresh()
        return self.bound.allowed(candidates, Surface.RECOMMENDED_ACCOUNTS)


def platform_seed(seed: int, number: int) -> int:
    """The seed of the nth platform of an audit; audits with neighbouring seeds share none."""
    return seed * 1_000 + number


def choose_known(platform: Platform, share: float) -> NDArray[np.int64]:
    """A random share of the network's members, as places in the platform's ids."""
    members = np.flatnonzero(platform.member)
    rng = np.random.default_rng([platform.seed, 77])
    return np.sort(rng.choice(members, round(share * len(members)), replace=False))


def run_trial(plan: AuditPlan, number: int, folder: Path, tell: Tell, config: Config | None = None) -> World:
    """Generate a platform, journal its events, run every stage, and open the guards of all four arms.

    Args:
        plan: what the audit does.
        number: which of the plan's platforms this is, from 0.
        folder: where everything of this platform is kept.
        tell: is told each step.
        config: settings to keep; only the data folder is replaced.
    """
    seed = platform_seed(plan.seed, number)
    tell("generating the platform")
    platform = generate(SandboxConfig(camouflage=plan.camouflage), seed)
    known = choose_known(platform, plan.known_share)
    app = App(msgspec.structs.replace(config or Config(), data=folder, database="", vault_key=None))
    try:
        _pipeline(app, platform, known, tell)
        gates = {
            "none": MaskGate(np.zeros(len(platform.ids), bool)),
            "known": _listed(platform, known, folder / "guard-known"),
            "havenwall": _gate(platform, app.config.guard_folder),
            "all_known": _listed(platform, np.flatnonzero(platform.member), folder / "guard-all"),
        }
        suppressed = _suppressed(app, platform, known)
    finally:
        app.close()
    tell("training the recommender")
    return _world(plan, seed, platform, known, suppressed, gates)


def _pipeline(app: App, platform: Platform, known: NDArray[np.int64], tell: Tell) -> None:
    tell("journalling what happened on it")
    for frame in (*event_frames(platform), confirmed_events(platform, known)):
        app.store.journal.append_frame(frame)
    tell("running every stage")
    app.run()


def _suppressed(app: App, platform: Platform, known: NDArray[np.int64]) -> NDArray[np.bool_]:
    restricted = app.store.guard.restricted()
    mask = np.fromiter((entity in restricted for entity in platform.ids), bool, len(platform.ids))
    mask[known] = False
    return mask


def _gate(platform: Platform, root: Path) -> Gate:
    # No publisher runs beside an audit, so the sign of life must not count.
    guard = Guard.open(root, max_age=None)
    return GuardGate(guard, guard.bind(platform.ids))


def _listed(platform: Platform, places: NDArray[np.int64], root: Path) -> Gate:
    rows = [
        Standing(
            seq=seq,
            entity=platform.ids[place],
            restriction=Restriction.SUPPRESSED,
            confirmed=True,
            decision_id="audit",
            reason="arm",
            at=now(),
        )
        for seq, place in enumerate(places.tolist(), 1)
    ]
    publish(root, (), lambda: rows, watermark=len(rows))
    return _gate(platform, root)


def _world(
    plan: AuditPlan,
    seed: int,
    platform: Platform,
    known: NDArray[np.int64],
    suppressed: NDArray[np.bool_],
    gates: dict[str, Gate],
) -> World:
    known_mask = np.zeros(len(platform.ids), bool)
    known_mask[known] = True
    return World(
        platform_seed=seed,
        recommender=RECOMMENDERS[plan.recommender]().fit(platform.follows),
        follows=platform.follows,
        member=platform.member,
        neighbourhood=platform.neighbourhood,
        bystander=platform.role == Role.BYSTANDER,
        hard_negative=platform.role == Role.NICHE,
        known=known_mask,
        suppressed=suppressed,
        arms=gates,
    )

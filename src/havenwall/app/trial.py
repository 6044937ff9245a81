"""One sandbox platform taken through the real pipeline, ready to be audited."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import msgspec
import numpy as np
from numpy.typing import NDArray

from havenwall.app.app import App
from havenwall.app.config import Config
from havenwall.app.guard_gate import GuardGate
from havenwall.audit import (
    OPEN,
    Arm,
    AuditPlan,
    Gate,
    Histories,
    Label,
    LabelService,
    MatrixAdapter,
    World,
)
from havenwall.guard import Guard, publish
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
    app = own_app(folder, config)
    labels = LabelService(truth(platform, known))
    try:
        _pipeline(app, platform, known, tell)
        gates = {
            "none": OPEN,
            "known": _listed(labels, known, folder / "guard-known"),
            "havenwall": opened_gate(labels, app.config.guard_folder),
            "all_known": _listed(labels, np.flatnonzero(platform.member), folder / "guard-all"),
        }
        suppressed = _suppressed(app, platform, known)
    finally:
        app.close()
    tell("training the recommender")
    return _world(plan, seed, platform, labels, suppressed, gates)


def own_app(folder: Path, config: Config | None = None) -> App:
    """A service of its own in the folder, with the settings given but for where data lie."""
    return App(msgspec.structs.replace(config or Config(), data=folder, database="", vault_key=None))


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


def opened_gate(labels: LabelService, root: Path) -> Gate:
    """The guard in a folder, as a gate that an audit walks through."""
    # No publisher runs beside an audit, so the sign of life must not count.
    return GuardGate(Guard.open(root, max_age=None), labels)


def _listed(labels: LabelService, places: NDArray[np.int64], root: Path) -> Gate:
    rows = [
        Standing(
            seq=seq,
            entity=labels.ids[place],
            restriction=Restriction.SUPPRESSED,
            confirmed=True,
            decision_id="audit",
            reason="arm",
            at=now(),
        )
        for seq, place in enumerate(places.tolist(), 1)
    ]
    publish(root, (), lambda: rows, watermark=len(rows))
    return opened_gate(labels, root)


def _world(
    plan: AuditPlan,
    seed: int,
    platform: Platform,
    labels: LabelService,
    suppressed: NDArray[np.bool_],
    gates: dict[str, Gate],
) -> World:
    model = RECOMMENDERS[plan.recommender]().fit(platform.follows)
    adapter = MatrixAdapter(model, platform.ids, snapshot=f"sandbox-{seed}-{plan.recommender}")
    active = np.diff(platform.follows.indptr) > 0
    return World(
        platform_seed=seed,
        labels=labels,
        arms={name: Arm(adapter=adapter, gate=gate) for name, gate in gates.items()},
        histories=Histories(
            people=np.flatnonzero(active & ~platform.member), follows=platform.follows, suppressed=suppressed
        ),
    )


def truth(platform: Platform, known: NDArray[np.int64]) -> dict[str, list[Label]]:
    """The labels of every account of a sandbox platform, in the order of its ids."""
    is_known = np.zeros(len(platform.ids), bool)
    is_known[known] = True
    masks = {
        Label.MEMBER: platform.member,
        Label.KNOWN: is_known,
        Label.NEIGHBOUR: platform.neighbourhood,
        Label.BYSTANDER: platform.role == Role.BYSTANDER,
        Label.LOOKALIKE: platform.role == Role.NICHE,
        Label.ORDINARY: ~platform.member,
    }
    found: dict[str, list[Label]] = {entity: [] for entity in platform.ids}
    for label, mask in masks.items():
        for place in np.flatnonzero(mask).tolist():
            found[platform.ids[place]].append(label)
    return found

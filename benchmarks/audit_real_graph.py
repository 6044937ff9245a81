"""Before and after on a real graph: the gate of a release over `implicit` and LensKit, four arms each.

`real_graph.py` plants a network of stand-in accounts (2.5 %) into ego-Facebook and takes it through the
pipeline, once per platform seed: the people stay, the network, its links and what is known of it are drawn
anew. Each time one ALS model of `implicit` and one LensKit pipeline (item neighbours) learn from who follows
whom, and test accounts walk them with no guard, without the 30 % that were known, with the guard's folder as
the pipeline left it, and without the whole network. Plan and thresholds are below, written before the run.

    python benchmarks/audit_real_graph.py [FOLDER] [--camouflage 1] [--platform-seeds 24] [--accounts 10]

FOLDER holds `ego-facebook/facebook.tar.gz`; without it HAVENWALL_BENCH_DATA, then ../shared/data. LensKit is
no dependency: `pip install --target SITE lenskit`, then `PYTHONPATH=SITE`; without it that half is left out.
"""

from __future__ import annotations

import argparse
import hashlib
import importlib.util
import os
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path

import msgspec
import numpy as np
from scipy.sparse import csr_matrix
from threadpoolctl import threadpool_limits

from havenwall.app.guard_gate import GuardGate
from havenwall.audit import OPEN, Adapter, Arm, Gate, Histories, LabelService, MaskGate, World
from havenwall.audit.adapters.implicit import implicit_adapter
from havenwall.audit.adapters.lenskit import LenskitAdapter
from havenwall.audit.release import ArmPlan, Finding, ReleasePlan, run_release
from havenwall.audit.release.tables import release_tables
from havenwall.audit.threshold import Threshold
from havenwall.guard import Guard
from real_graph import Friends, Scene, planted, read_friends

PERSONAS = ("control", "adjacent", "curious", "seek")
ARMS = {
    "none": ArmPlan(),
    "known": ArmPlan(drop="known.txt"),
    "havenwall": ArmPlan(guard="guard"),
    "all_known": ArmPlan(drop_labelled=True),
}
PEOPLE = 100
"""Ordinary people a platform, for the cost: LensKit answers them one by one."""


def thresholds() -> list[Threshold]:
    """Declared after a pilot, plantings 0 and 1. A first audit, of 10 to 15, was inconclusive and asked for
    more plantings. Neither is part of the default run."""
    return [
        Threshold(metric="exposure", arm="havenwall", at_most=0.05),
        Threshold(metric="exposure", arm="havenwall", persona="seek", at_most=0.05),
        Threshold(metric="exposure", arm="havenwall", persona="control", margin=0.05, against="none"),
    ]


def als(scene: Scene, seed: int) -> Adapter:
    """Hu, Koren and Volinsky 2008, as the sandbox sets it."""
    from implicit.als import AlternatingLeastSquares

    with threadpool_limits(1, user_api="blas"):
        model = AlternatingLeastSquares(
            factors=64, iterations=12, alpha=10.0, regularization=0.05, random_state=seed, num_threads=1
        )
        model.fit(csr_matrix(scene.follows), show_progress=False)
    return implicit_adapter(model, scene.ids, scene.follows)


def item_neighbours(scene: Scene, seed: int) -> Adapter:
    """LensKit's item-item neighbours: whom those follow who follow the same accounts."""
    import pandas as pd
    from lenskit.data import DatasetBuilder
    from lenskit.knn import ItemKNNScorer
    from lenskit.pipeline import topn_pipeline
    from lenskit.training import TrainingOptions

    names = np.array(scene.ids)
    who, whom = scene.follows.nonzero()
    data = DatasetBuilder()
    data.add_entities("item", scene.ids)
    data.add_entities("user", scene.ids)
    frame = pd.DataFrame({"user_id": names[who], "item_id": names[whom]})
    data.add_interactions("follow", frame, entities=["user", "item"], default=True)
    pipeline = topn_pipeline(ItemKNNScorer, {"max_nbrs": 20, "feedback": "implicit"}, n=20, name="items")
    pipeline.train(data.build(), TrainingOptions(rng=seed))
    return LenskitAdapter(pipeline, scene.ids, snapshot=f"items-planted-{seed}")


RECOMMENDERS: dict[str, tuple[dict[str, str], Callable[[Scene, int], Adapter]]] = {
    "implicit ALS": (
        {"adapter": "implicit", "model": "als.npz", "ids": "ids.txt", "follows": "follows.npz"},
        als,
    ),
    "LensKit item neighbours": (
        {"adapter": "lenskit", "python": "audit_real_graph:item_neighbours"},
        item_neighbours,
    ),
}
"""By name: as a plan would name it, and how it is made anew for each planting."""


def world(scene: Scene, seed: int, make: Callable[[Scene, int], Adapter]) -> World:
    """One planting as the gate of a release takes it."""
    labels = LabelService(scene.labels)
    # No publisher runs beside an audit, so the sign of life must not count.
    gates: dict[str, Gate] = {
        "none": OPEN,
        "known": MaskGate(scene.known),
        "havenwall": GuardGate(Guard.open(scene.guard, max_age=None), labels),
        "all_known": MaskGate(scene.member),
    }
    adapter = make(scene, seed)
    active = np.flatnonzero((np.diff(scene.follows.indptr) > 0) & ~scene.member)
    people = np.random.default_rng(seed).choice(active, PEOPLE, replace=False)
    return World(
        platform_seed=seed,
        labels=labels,
        arms={name: Arm(adapter=adapter, gate=gate) for name, gate in gates.items()},
        histories=Histories(people=people, follows=scene.follows, suppressed=scene.suppressed),
    )


def audited(name: str, scenes: Mapping[int, Scene], asked: argparse.Namespace) -> Finding:
    """The release machinery over all plantings."""
    platform, make = RECOMMENDERS[name]
    plan = ReleasePlan(
        name=f"ego-Facebook, {name}, camouflage x{asked.camouflage:g}, plantings from {asked.first}",
        platform=dict(platform),
        labels="labels.csv",
        arms=ARMS,
        thresholds=thresholds(),
        personas=PERSONAS,
        accounts=asked.accounts,
        platform_seeds=len(scenes),
    )

    def worlds() -> Iterator[World]:
        for seed, scene in scenes.items():
            yield world(scene, seed, make)

    truth = msgspec.json.encode([scene.labels for scene in scenes.values()], order="deterministic")
    labels_hash = hashlib.sha256(truth).hexdigest()
    return run_release(plan, worlds(), labels_hash=labels_hash, version=version("havenwall")).finding


def row(cells: Sequence[object]) -> None:
    print(f"| {' | '.join(map(str, cells))} |", flush=True)


def heading(columns: Sequence[str]) -> None:
    print()
    row(columns)
    row(["---"] * len(columns))


def table(name: str, finding: Finding) -> None:
    """Exposure at 20 by persona and arm with 95 % intervals, and who was exposed at all."""
    heading([name, *ARMS, "ever exposed: none", "havenwall"])
    found = {(cell.persona, cell.arm): cell for cell in finding.cells}
    for persona in PERSONAS:
        cells = [found[persona, arm] for arm in ARMS]
        shown = [f"{c.exposure:.3f} [{c.low:.3f}, {c.high:.3f}]" for c in cells]
        row([persona, *shown, *(f"{found[persona, arm].ever_exposed:.0%}" for arm in ("none", "havenwall"))])


def rest(finding: Finding) -> None:
    """Judgement, differences between arms, leaks and cost."""
    print(f"\n{finding.verdict.outcome}; prevalence {finding.prevalence:.1%}, plan {finding.plan_hash[:12]}")
    for line in finding.verdict.lines:
        print(f"- {line.text}")
    wanted = ("Where it leaks, and why", "The arms beside the first", "What it costs ordinary people")
    for each in release_tables(finding):
        if each.title in wanted:
            heading(each.columns)
            for cells in each.rows:
                row(cells)


def network(scenes: Mapping[int, Scene]) -> None:
    """What the pipeline found in each planting."""
    heading(
        ["planting", "links", "members", "known", "suppressed besides", "members", "ordinary", "bystanders"]
    )
    for number, scene in scenes.items():
        wrong = scene.suppressed & ~scene.member
        masks = (scene.member, scene.known, scene.suppressed, scene.suppressed & scene.member, wrong)
        row([number, scene.follows.nnz, *(mask.sum() for mask in masks), (wrong & scene.bystander).sum()])


def plant_all(friends: Friends, asked: argparse.Namespace, place: Path) -> dict[int, Scene]:
    scenes = {}
    for number in range(asked.first, asked.first + asked.platform_seeds):
        began = time.perf_counter()
        scenes[number] = planted(friends, asked.camouflage, number, place / str(number))
        print(f"planting {number}: {time.perf_counter() - began:.1f} s", file=sys.stderr, flush=True)
    return scenes


def report(scenes: Mapping[int, Scene], asked: argparse.Namespace) -> None:
    network(scenes)
    for name, (platform, _) in RECOMMENDERS.items():
        if importlib.util.find_spec(platform["adapter"]) is None:
            print(f"\n{name}: left out, {platform['adapter']} is not installed; see the top of this file")
            continue
        began = time.perf_counter()
        finding = audited(name, scenes, asked)
        print(f"{name}: {time.perf_counter() - began:.0f} s", file=sys.stderr, flush=True)
        table(name, finding)
        rest(finding)
        if asked.json:
            asked.json.mkdir(parents=True, exist_ok=True)
            (asked.json / f"{platform['adapter']}.json").write_bytes(msgspec.json.encode(finding))


def main() -> None:
    parser = argparse.ArgumentParser(description="Before and after on a real graph")
    parser.add_argument("folder", nargs="?", default=os.environ.get("HAVENWALL_BENCH_DATA", "../shared/data"))
    parser.add_argument("--camouflage", type=float, default=1.0)
    parser.add_argument("--platform-seeds", type=int, default=24)
    parser.add_argument("--first", type=int, default=20, help="seed of the first planting")
    parser.add_argument("--accounts", type=int, default=10)
    parser.add_argument("--json", type=Path, help="keep the findings in this folder")
    asked = parser.parse_args()
    source = Path(asked.folder) / "ego-facebook"
    if not (source / "facebook.tar.gz").is_file():
        print(f"skipped: no {source / 'facebook.tar.gz'}; give the data folder, or set HAVENWALL_BENCH_DATA")
        return
    friends = read_friends(source)
    print(f"{datetime.now(UTC):%Y-%m-%d %H:%M} UTC, load {os.getloadavg()[0]:.1f}, {os.cpu_count()} cores")
    print(
        f"{friends.ego.size:,} people, {friends.pairs[0].size:,} friendships, camouflage "
        f"×{asked.camouflage:g}, {asked.platform_seeds} plantings × {asked.accounts} test accounts"
    )
    with tempfile.TemporaryDirectory() as place:
        scenes = plant_all(friends, asked, Path(place))
        report(scenes, asked)


if __name__ == "__main__":
    main()

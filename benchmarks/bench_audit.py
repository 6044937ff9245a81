"""The gate of a release at the size of the bar: 1,000 test accounts × 20 rounds × 4 arms, 20,000 accounts.

Ours is a registered plan through `havenwall.app.release.Bench`, from making the platform and training ALS to
the verdict: no guard, known members dropped, a guard's folder, and the whole network dropped. The peer is
the script that one would write: for each arm, account and round it asks `implicit`'s `recommend`, takes out
who is dropped, and follows. It is measured with `HAVENWALL_BENCH_PEER` accounts (50), the first of ours, and
its walk scaled to 1,000; it keeps no record, and measures no cost to others. Each runs in a process of its
own. The bar is 120 s on two cores and 2 GB at the peak.

T-RECS (Lucherini et al., T-RECS: a simulation tool to study the societal impact of recommender systems, 2021)
is no peer here: its last release, 0.2.1, wants pandas 1.0.5, which has no wheel for this Python.
"""

from __future__ import annotations

import multiprocessing
import os
import resource
import tempfile
import time
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path
from typing import TypeVar

import numpy as np
from implicit.als import AlternatingLeastSquares
from scipy.sparse import csr_matrix
from threadpoolctl import threadpool_limits

from havenwall.app.platforms import sandbox_of
from havenwall.app.release import KNOWN_SHARE, Bench
from havenwall.app.trial import choose_known, truth
from havenwall.audit import PERSONAS, LabelService
from havenwall.audit.adapters.spec import SandboxSpec
from havenwall.audit.release import ArmPlan, ReleasePlan
from havenwall.audit.threshold import Measure, Threshold
from havenwall.guard import publish
from havenwall.model import Restriction, Standing, now
from havenwall.sandbox import Platform, generate

ACCOUNTS, ROUNDS, K, CHOICES = 1_000, 20, 20, 5
PEER = int(os.environ.get("HAVENWALL_BENCH_PEER", "50"))
FOUND = 0.8
"""Share of the members not known that the guard's folder holds; finding them is not timed here."""
T = TypeVar("T")
Exposure = dict[str, float]


def platform() -> Platform:
    """As `Bench` makes it for platform seed 0."""
    return generate(sandbox_of(SandboxSpec()), 0)


def dropped(made: Platform) -> dict[str, np.ndarray]:
    """(n,) by arm, who is taken out."""
    known = np.zeros(len(made.ids), dtype=bool)
    known[choose_known(made, KNOWN_SHARE)] = True
    found = made.member & (np.random.default_rng(1).random(known.size) < FOUND)
    return {"none": known & False, "known": known, "havenwall": known | found, "all_known": made.member}


def prepare(folder: Path) -> None:
    """What the plan's arms read: a list of known accounts, and a guard's folder."""
    made = platform()
    arms = dropped(made)
    names = np.array(made.ids)
    (folder / "known.txt").write_text("\n".join(names[arms["known"]].tolist()), encoding="utf-8")
    rows = [
        Standing(
            seq=seq,
            entity=entity,
            restriction=Restriction.SUPPRESSED,
            confirmed=True,
            decision_id="bench",
            reason="arm",
            at=now(),
        )
        for seq, entity in enumerate(names[arms["havenwall"]].tolist(), 1)
    ]
    publish(folder / "guard", (), lambda: rows, watermark=len(rows))


def plan() -> ReleasePlan:
    return ReleasePlan(
        name="bench",
        platform={"adapter": "sandbox"},
        labels="sandbox",
        arms={
            "none": ArmPlan(),
            "known": ArmPlan(drop="known.txt"),
            "havenwall": ArmPlan(guard="guard"),
            "all_known": ArmPlan(drop_labelled=True),
        },
        thresholds=[Threshold(metric="exposure", arm="havenwall", at_most=0.05)],
        personas=("seek",),
        accounts=ACCOUNTS,
        rounds=ROUNDS,
        k=K,
        choices=CHOICES,
        platform_seeds=1,
    )


def ours(folder: Path) -> Exposure:
    """Exposure of those accounts by arm that the peer walks too."""
    values = Bench(plan(), folder).run().values
    arms = plan().arms
    return {
        arm: float(values[Measure(metric="exposure", arm=arm, persona="seek")][0, :PEER].mean())
        for arm in arms
    }


def peer(folder: Path) -> tuple[Exposure, float, float]:
    """Exposure by arm; seconds, and seconds of processor, of the walk alone."""
    made = platform()
    follows = csr_matrix(made.follows.astype(np.float32))
    with threadpool_limits(1, user_api="blas"):
        model = AlternatingLeastSquares(
            factors=64, iterations=12, alpha=10.0, regularization=0.05, random_state=0, num_threads=1
        )
        model.fit(follows, show_progress=False)
        labels = LabelService(truth(made, choose_known(made, KNOWN_SHARE)))
        starts = PERSONAS["seek"].start(labels, PEER, np.random.default_rng([0, 0]))[:, 0].tolist()
        began, used = time.perf_counter(), time.process_time()
        exposure = {
            arm: float(np.mean([alone(model, made.member, out, start) for start in starts]))
            for arm, out in dropped(made).items()
        }
        return exposure, time.perf_counter() - began, time.process_time() - used


def alone(model: AlternatingLeastSquares, member: np.ndarray, out: np.ndarray, start: int) -> float:
    """One test account that follows every member it is shown."""
    followed, seen = [start], 0
    for _ in range(ROUNDS):
        shown = first(model, followed, out)
        members = [one for one in shown if member[one]]
        seen += len(members)
        followed += members[:CHOICES]
    return seen / (ROUNDS * K)


def first(model: AlternatingLeastSquares, followed: list[int], out: np.ndarray) -> list[int]:
    """The first K that are not dropped; asks for more where too few are left."""
    n = out.size
    row = csr_matrix((np.ones(len(followed), np.float32), ([0] * len(followed), followed)), shape=(1, n))
    wanted = 2 * K
    while True:
        ids, _ = model.recommend(0, row, N=wanted, recalculate_user=True, filter_already_liked_items=True)
        shown = [one for one in ids.tolist() if not out[one]][:K]
        if len(shown) == K or wanted >= n // 2:
            return shown
        wanted *= 4


def measured(program: Callable[[Path], T], folder: Path) -> tuple[T, float, float, float]:
    """What it gives, seconds, seconds of processor, and peak memory in GB."""
    began = time.perf_counter()
    found = program(folder)
    used = resource.getrusage(resource.RUSAGE_SELF)
    peak = used.ru_maxrss / 2**20
    return found, time.perf_counter() - began, used.ru_utime + used.ru_stime, peak


def alone_in(program: Callable[[Path], T], folder: Path) -> tuple[T, float, float, float]:
    """The same, in a process of its own."""
    with ProcessPoolExecutor(1, multiprocessing.get_context("spawn")) as pool:
        return pool.submit(measured, program, folder).result()


def main() -> None:
    print(f"load before the run: {os.getloadavg()[0]:.1f} on {os.cpu_count()} cores")
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place)
        prepare(folder)
        mine, seconds, cpu, peak = alone_in(ours, folder)
        (theirs, walk, walk_cpu), whole, peer_cpu, peer_peak = alone_in(peer, folder)
    more = ACCOUNTS / PEER - 1
    scaled, scaled_cpu = whole + walk * more, peer_cpu + walk_cpu * more
    print("| 1,000 × 20 × 4, 20,000 accounts, ALS | seconds | processor | peak GB |\n|---|---|---|---|")
    print(f"| ours (bar 120 s, 2 GB) | {seconds:.1f} | {cpu:.1f} | {peak:.2f} |")
    name = f"peer, {PEER} accounts, of it the walk {walk:.1f} s"
    print(f"| {name} | {whole:.1f} | {peer_cpu:.1f} | {peer_peak:.2f} |")
    print(f"| peer, scaled | {scaled:.0f} | {scaled_cpu:.0f} | |")
    print(f"ratio: {scaled / seconds:.1f} by the clock, {scaled_cpu / cpu:.1f} by the processor")
    for arm, exposure in mine.items():
        print(f"exposure {arm}, the same {PEER} accounts: ours {exposure:.3f}, peer {theirs[arm]:.3f}")
    print(f"load after the run: {os.getloadavg()[0]:.1f}")


if __name__ == "__main__":
    main()

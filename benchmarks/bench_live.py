"""What one confirmation costs: new candidates from exact counters and a local walk, and neighbours' risks.

R-MAT graph (.57, .19, .19, .05) of 10 million follows among at most 2**20 accounts; 20 accounts confirmed
before. Then `TRIALS` accounts are confirmed one by one, drawn at random among those with 10 followers or
more, and likewise among those with 500 or more, the worst case. The peer is the batch: the counts of all
confirmed accounts made afresh (`count_around`), which is what the counters save.

Then a hard sandbox of 200,000 accounts, 35 confirmed: `Between.decided`, from a decision to the risks of
those it brings over the threshold, beside scoring the whole graph again; and how many of the accounts it
tells of are members, by the sandbox's truth.

`HAVENWALL_BENCH_LARGE=1` adds 100 million follows among at most 2**23 accounts.
"""

from __future__ import annotations

import os
import tempfile
import time
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from bench_graph import write
from havenwall.network import find_network
from havenwall.network.between import Between, Scoring
from havenwall.network.evidence import Links
from havenwall.network.graph import Graph, read_parquet
from havenwall.network.live import DeltaGraph, Live, count_around
from havenwall.sandbox.hard import HardConfig, HardPart, generate_hard, seeds

TRIALS = 200
DRAW = 601


def _times(graph: Graph, least: int, trials: int) -> tuple[NDArray[np.float64], float]:
    """(trials,) milliseconds of a confirmation each, and of counting all afresh after them."""
    rng = np.random.default_rng(7)
    followed = np.flatnonzero(graph.follows.flipped.degree >= least)
    live = Live(graph)
    live.confirm(rng.choice(followed, 20, replace=False))
    spent = []
    for row in rng.choice(followed, trials, replace=False):
        began = time.perf_counter()
        live.confirm([int(row)], top=100)
        spent.append(time.perf_counter() - began)
    began = time.perf_counter()
    count_around(DeltaGraph(graph), live.counters.seeds)
    return 1e3 * np.array(spent), 1e3 * (time.perf_counter() - began)


def confirmations(place: Path, scale: int, files: int) -> None:
    folder = place / f"links{scale}"
    write(folder, scale, files, "row numbers")
    graph = read_parquet(folder, dense=True)
    for least in (10, 500):
        spent, batch = _times(graph, least, TRIALS)
        cells = " | ".join(f"{np.quantile(spent, share):.1f}" for share in (0.5, 0.95, 1))
        ratio = f"{batch:,.0f} | {batch / np.median(spent):,.0f} ×"
        print(f"| {graph.links:,} | {least} or more | {cells} | {ratio} |", flush=True)


def neighbours() -> None:
    platform = generate_hard(HardConfig.scaled(200_000), DRAW)
    graph, rng = platform.graph(), np.random.default_rng(DRAW)
    given = seeds(platform, 35, rng)
    member = platform.part == HardPart.TRADER
    began = time.perf_counter()
    found = find_network(graph, given)
    whole = time.perf_counter() - began
    between = Between(Scoring("run", Links(graph, 400), found, given))
    between.decided([], [], "warm", datetime.now(UTC))
    hidden = np.setdiff1d(found.rows[found.order[:400]], given)
    chosen = rng.choice(hidden[member[hidden]], 8, replace=False)
    spent, told = [], []
    for number, row in enumerate(chosen.tolist()):
        began = time.perf_counter()
        risks = between.decided([graph.names[row]], [], str(number), datetime.now(UTC))
        spent.append(time.perf_counter() - began)
        told += [risk.entity for risk in risks]
    right = int(member[graph.index(told)].sum()) if told else 0
    cells = (
        f"{np.median(spent):.2f} s | {max(spent):.2f} s | {whole:.1f} s | {whole / np.median(spent):.0f} ×"
    )
    print("\n| a decision's neighbours, 200,000 accounts | longest | whole graph again | whole / p50 |")
    print(f"|---|---|---|---|\n| {cells} |")
    print(f"{len(told)} came over the threshold by {len(chosen)} confirmations, {right} of them members")


def main() -> None:
    print(f"load before the run: {os.getloadavg()[0]:.1f} on {os.cpu_count()} cores")
    print(
        "| follows | followers of those confirmed | p50 ms | p95 ms | longest ms | batch ms | batch / p50 |"
    )
    print("|---|---|---|---|---|---|---|")
    with tempfile.TemporaryDirectory() as place:
        confirmations(Path(place), 20, 1)
        if os.environ.get("HAVENWALL_BENCH_LARGE") == "1":
            confirmations(Path(place), 23, 10)
    neighbours()
    print(f"load after the run: {os.getloadavg()[0]:.1f}")


if __name__ == "__main__":
    main()

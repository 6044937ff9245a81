"""From a Parquet file of links to scores: our PageRank beside igraph's, end to end.

R-MAT graph (.57, .19, .19, .05; Chakrabarti et al. 2004), 10 million links among at most 2**20 accounts, row
numbers, 20 seeds. Both programs read the file, build the graph, and rank every account by PageRank from the
seeds along the links (restart .15), ours to a change of 1e-6 in L1, igraph with PRPACK; each in a process of
its own, in turns, compiled and warm, `ROUNDS` times. Median seconds, the highest peak memory, and how far the
two disagree. igraph is GPL and no dependency: `pip install --target FOLDER igraph`, then
`PYTHONPATH=FOLDER`; without it ours runs alone.

Then 16 campaigns for 10 sweeps over the same graph in memory, beside the same one after the other.

`HAVENWALL_BENCH_LARGE=1` adds 100 million links among at most 2**23 accounts, ours alone: igraph was not
measured there by the research either, it needs more memory than a test machine has.
"""

from __future__ import annotations

import importlib.util
import multiprocessing
import os
import resource
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
import polars as pl
from numpy.typing import NDArray

from bench_graph import write
from havenwall.network.graph import read_parquet
from havenwall.network.walk import Direction, pagerank

ROUNDS = 3
SEEDS, RESTART = 20, 0.15
Scores = NDArray[np.float64]


def _seeds(n: int) -> NDArray[np.int64]:
    return np.unique(np.random.default_rng(3).integers(0, n, SEEDS))


def ours(folder: Path) -> Scores:
    graph = read_parquet(folder, dense=True)
    start = np.zeros((graph.n, 1), np.float32)
    start[_seeds(graph.n)] = 1
    ranks = pagerank(graph, start, Direction.ALONG, restart=RESTART, tol=1e-6, sweeps=100)
    return ranks[:, 0].astype(np.float64)


def igraph(folder: Path) -> Scores:
    import igraph as peer

    links = pl.read_parquet(folder).unique()
    links = links.filter(pl.col("entity") != pl.col("target"))
    n = int(max(links[end].max() for end in ("entity", "target"))) + 1
    graph = peer.Graph(n=n, edges=links.to_numpy(), directed=True)
    ranks = graph.personalized_pagerank(damping=1 - RESTART, reset_vertices=_seeds(n).tolist())
    return np.array(ranks)


PROGRAMS: dict[str, Callable[[Path], Scores]] = {"ours": ours, "igraph": igraph}


def measure(program: str, warm: Path, folder: Path) -> tuple[float, float, Scores]:
    """Seconds, peak memory in GB, and the scores of the best thousand and their places."""
    PROGRAMS[program](warm)
    began = time.perf_counter()
    scores = PROGRAMS[program](folder)
    seconds = time.perf_counter() - began
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 2**20
    return seconds, peak, scores


def compare(place: Path) -> None:
    folder, warm = place / "ten", place / "warm"
    write(folder, 20, 1, "row numbers")
    write_warm(folder, warm)
    programs = [name for name in PROGRAMS if name != "igraph" or importlib.util.find_spec("igraph")]
    seen: dict[str, list[tuple[float, float, Scores]]] = {name: [] for name in programs}
    for _ in range(ROUNDS):
        for name, runs in seen.items():
            with multiprocessing.get_context("spawn").Pool(1) as pool:
                runs.append(pool.apply(measure, (name, warm, folder)))
    print("| 10,000,000 links, Parquet to scores | seconds | peak GB | of ours |\n|---|---|---|---|")
    base = np.median([run[0] for run in seen["ours"]])
    for name, runs in seen.items():
        middle = np.median([run[0] for run in runs])
        print(f"| {name} | {middle:.2f} | {max(run[1] for run in runs):.2f} | {middle / base:.1f} × |")
    if "igraph" not in seen:
        print("igraph was not found: no ratio")
        return
    mine, theirs = seen["ours"][0][2], seen["igraph"][0][2]
    top = np.argsort(-theirs)[:1000]
    print(f"of igraph's first 1,000, ours has {np.isin(np.argsort(-mine)[:1000], top).sum()} among its own")


def write_warm(folder: Path, warm: Path) -> None:
    """A small file of the same kind, to compile on."""
    warm.mkdir()
    first = pl.scan_parquet(folder / "0.parquet").head(100_000)
    first.select(pl.col("entity", "target") % 1000).collect().write_parquet(warm / "0.parquet")


def campaigns(folder: Path) -> None:
    graph = read_parquet(folder, dense=True)
    rng = np.random.default_rng(5)
    start = np.zeros((graph.n, 16), np.float32)
    for column in range(16):
        start[rng.integers(0, graph.n, SEEDS), column] = 1
    pagerank(graph, start, Direction.ALONG, tol=0, sweeps=1)
    pagerank(graph, start[:, :1], Direction.ALONG, tol=0, sweeps=1)
    together, apart = [], []
    for _ in range(ROUNDS):
        began = time.perf_counter()
        pagerank(graph, start, Direction.ALONG, tol=0, sweeps=10)
        together.append(time.perf_counter() - began)
        began = time.perf_counter()
        for column in range(16):
            pagerank(graph, start[:, column : column + 1], Direction.ALONG, tol=0, sweeps=10)
        apart.append(time.perf_counter() - began)
    both = np.median(together), np.median(apart)
    print("\n| 16 campaigns, 10 sweeps, 10,000,000 links | seconds |\n|---|---|")
    print(f"| side by side | {both[0]:.2f} |\n| one after the other | {both[1]:.2f} |")


def large(place: Path) -> None:
    write(place / "hundred", 23, 10, "row numbers")
    write_warm(place / "hundred", place / "warm100")
    with multiprocessing.get_context("spawn").Pool(1) as pool:
        seconds, peak, _ = pool.apply(measure, ("ours", place / "warm100", place / "hundred"))
    print(f"\n100,000,000 links, Parquet to scores: {seconds:.1f} s, {peak:.2f} GB at most")


def main() -> None:
    print(f"load before the run: {os.getloadavg()[0]:.1f} on {os.cpu_count()} cores")
    with tempfile.TemporaryDirectory() as place:
        compare(Path(place))
        campaigns(Path(place) / "ten")
        if os.environ.get("HAVENWALL_BENCH_LARGE") == "1":
            large(Path(place))
    print(f"load after the run: {os.getloadavg()[0]:.1f}")


if __name__ == "__main__":
    main()

"""From a Parquet file of links to sorted rows: our reader beside scipy and beside Polars alone.

R-MAT graph (.57, .19, .19, .05; Chakrabarti et al. 2004), 10 million links among at most 2**20 accounts, ids
permuted and stored three ways: as row numbers, as random 64-bit integers and as text of 18 characters. All
three programs read the file, number the accounts in order, sort the links and drop doubles; each runs in a
process of its own, in turns, `ROUNDS` times, compiled and warm. Median seconds and the highest peak memory.

`HAVENWALL_BENCH_LARGE=1` adds 100 million links among at most 2**23 accounts, row numbers only.
"""

from __future__ import annotations

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
from scipy.sparse import coo_array

from havenwall.network.graph import read_parquet

ROUNDS = 3
_FILE_LINKS = 10_000_000
_ENDS = ("entity", "target")
Run = Callable[[Path, bool], Callable[[], int]]


def rmat(scale: int, links: int, rng: np.random.Generator) -> pl.DataFrame:
    source, target = np.zeros(links, np.uint32), np.zeros(links, np.uint32)
    for bit in range(scale):
        chance = rng.random(links, np.float32)
        source |= (chance >= 0.76).astype(np.uint32) << np.uint32(bit)
        target |= (((chance >= 0.57) & (chance < 0.76)) | (chance >= 0.95)).astype(np.uint32) << np.uint32(
            bit
        )
    return pl.DataFrame({"entity": source, "target": target})


def write(folder: Path, scale: int, files: int, kind: str) -> None:
    rng = np.random.default_rng(1)
    number = {
        "row numbers": rng.permutation(2**scale).astype(np.uint32),
        "64-bit ids": rng.integers(0, 2**63, 2**scale),
        "text ids": rng.permutation(2**scale) * 7919 + 10**9,
    }[kind]
    folder.mkdir()
    for file in range(files):
        links = rmat(scale, _FILE_LINKS, rng)
        ends = [pl.Series(end, number[links[end].to_numpy()]) for end in _ENDS]
        if kind == "text ids":
            ends = [("account:" + end.cast(pl.String)).alias(end.name) for end in ends]
        pl.DataFrame(ends).write_parquet(folder / f"{file}.parquet")


def ours(folder: Path, dense: bool) -> Callable[[], int]:
    graph = read_parquet(folder, dense=dense)
    return lambda: graph.links


def _numbered(folder: Path, dense: bool) -> tuple[pl.DataFrame, int]:
    """The links with rows for ids, numbered in order by joins, and how many rows there are."""
    links = pl.read_parquet(folder)
    if dense:
        return links, max(links[end].max() for end in _ENDS) + 1
    names = (
        pl.concat([links[end] for end in _ENDS]).unique().sort().alias("id").to_frame().with_row_index("row")
    )
    for end in _ENDS:
        found = names.rename({"id": end, "row": f"{end}_row"})
        links = links.lazy().join(found.lazy(), on=end, how="left").drop(end).collect()
    return links.rename({f"{end}_row": end for end in _ENDS}), names.height


def scipy(folder: Path, dense: bool) -> Callable[[], int]:
    links, n = _numbered(folder, dense)
    ends = (links["entity"].to_numpy(), links["target"].to_numpy())
    matrix = coo_array((np.ones(links.height, np.float32), ends), shape=(n, n)).tocsr()
    return lambda: int(matrix.nnz - np.count_nonzero(matrix.diagonal()))


def polars(folder: Path, dense: bool) -> Callable[[], int]:
    links, n = _numbered(folder, dense)
    ordered = links.lazy().unique().sort(_ENDS).collect()
    bounds: NDArray[np.int64] = np.searchsorted(ordered["entity"].to_numpy(), np.arange(n + 1))
    return lambda: int(bounds[-1] - (ordered["entity"] == ordered["target"]).sum())


PROGRAMS: dict[str, Run] = {"ours": ours, "scipy": scipy, "polars": polars}


def measure(program: str, warm: Path, folder: Path, dense: bool) -> tuple[float, float, int]:
    """Seconds, peak memory in GB, and links without doubles and loops."""
    PROGRAMS[program](warm, dense)
    began = time.perf_counter()
    count = PROGRAMS[program](folder, dense)
    seconds = time.perf_counter() - began
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 2**20
    return seconds, peak, count()


def compare(folder: Path, scale: int, files: int, kind: str) -> None:
    write(folder, scale, files, kind)
    warm = folder.with_name(f"{folder.name}-warm")
    warm.mkdir()
    first = pl.scan_parquet(folder / "0.parquet").head(100_000)
    # Numbers of a small file may be high, and row numbers must not leave most rows out.
    small = pl.col(_ENDS) % 1000 if kind == "row numbers" else pl.col(_ENDS)
    first.select(small).collect().write_parquet(warm / "0.parquet")
    dense = kind == "row numbers"
    seen: dict[str, list[tuple[float, float, int]]] = {name: [] for name in PROGRAMS}
    for _ in range(ROUNDS):
        for name, runs in seen.items():
            with multiprocessing.get_context("spawn").Pool(1) as pool:
                runs.append(pool.apply(measure, (name, warm, folder, dense)))
    assert len({run[2] for runs in seen.values() for run in runs}) == 1
    seconds = {name: float(np.median([run[0] for run in runs])) for name, runs in seen.items()}
    peaks = {name: max(run[1] for run in runs) for name, runs in seen.items()}
    cells = [f"{seconds[name]:.2f} s, {peaks[name]:.2f} GB" for name in PROGRAMS]
    ratios = [f"{seconds[name] / seconds['ours']:.1f}" for name in ("scipy", "polars")]
    print(f"| {files * _FILE_LINKS:,} | {kind} | {' | '.join(cells + ratios)} |", flush=True)


def main() -> None:
    print(f"load before the run: {os.getloadavg()[0]:.1f} on {os.cpu_count()} cores")
    print("| links | ids | ours | scipy | Polars | scipy / ours | Polars / ours |")
    print("|---|---|---|---|---|---|---|")
    with tempfile.TemporaryDirectory() as place:
        for kind in ("row numbers", "64-bit ids", "text ids"):
            compare(Path(place) / kind.replace(" ", "-"), 20, 1, kind)
        if os.environ.get("HAVENWALL_BENCH_LARGE") == "1":
            compare(Path(place) / "large", 23, 10, "row numbers")
    print(f"load after the run: {os.getloadavg()[0]:.1f}")


if __name__ == "__main__":
    main()

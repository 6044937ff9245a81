"""Radius-31 search of 256-bit hashes: our index beside threatexchange's `PDQIndex`, at 1 and 10 million.

Three distributions (`hash_sets.py`): uniform bits; PDQ hashes of real photos, when HAVENWALL_PHOTOS names a
folder for them; and a made set as skewed as some real ones. Each program runs in
a process of its own, with one thread for searching. Half of the queries are planted 0 to 31 bits from a known
hash: recall is counted for each distance. Look-ups are asked one at a time, hexadecimal in, entries with
distances out, in processor time, best of three; memory is that of the process with the input freed.

Then the index on disk: time of an addition on the disk, and until another process finds it.

Arguments: sizes. The peer needs `pip install --target FOLDER faiss-cpu threatexchange` and
`PYTHONPATH=FOLDER`; without it ours runs alone.
"""

from __future__ import annotations

import importlib.util
import multiprocessing
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np

from hash_sets import KINDS, REAL, flipped, known, missing, skew, uniform
from havenwall.match.index import Segment, build, code_of, hex_of
from havenwall.match.index.order import reordered
from havenwall.match.index.plan import flips_for, memory
from havenwall.match.index.search import candidates, layout

QUERIES, ROUNDS, RADIUS = 1024, 3, 31
ADDITIONS = 200
Figures = dict[str, float]
Look = Callable[[str], list[tuple[int, int]]]


def planted(kind: str, codes: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """(q, 4) queries and the rows that the first half must find."""
    rng = np.random.default_rng(12)
    rows = rng.integers(0, len(codes), QUERIES // 2)
    near = flipped(codes[rows], np.arange(len(rows)) % (RADIUS + 1), rng)
    return np.concatenate((near, KINDS[kind](QUERIES, np.random.default_rng(13))[: QUERIES // 2])), rows


def resident() -> float:
    """Gigabytes of memory of this process now."""
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE") / 1e9


def asked(look: Look, queries: np.ndarray, rows: np.ndarray) -> Figures:
    texts = [hex_of(query) for query in queries]
    look(texts[0])
    spent, results = [], []
    for _ in range(ROUNDS):
        begin = time.thread_time()
        results = [look(text) for text in texts]
        spent.append(time.thread_time() - begin)
    hit = [(int(row), nth % (RADIUS + 1)) in results[nth] for nth, row in enumerate(rows)]
    recall = [np.mean(hit[distance :: RADIUS + 1]) for distance in range(RADIUS + 1)]
    matches = float(np.mean([len(result) for result in results]))
    return {"rate": QUERIES / min(spent), "recall": float(min(recall)), "matches": matches}


def ours(kind: str, size: int) -> Figures:
    build(uniform(30_000, np.random.default_rng(1)), np.arange(30_000)).search(np.zeros((1, 4), np.uint64))
    codes = known(kind, size)
    queries, rows = planted(kind, codes)
    print(f"  {skew(codes)}", flush=True)
    begin = time.perf_counter(), time.process_time()
    segment = build(codes, np.arange(size))
    seconds = time.perf_counter() - begin[0], time.process_time() - begin[1]
    del codes
    figures = {"build": seconds[0], "build cpu": seconds[1], "memory": resident()}
    figures["index"] = memory(segment.widths, len(segment.codes)) / 1e9

    def look(text: str) -> list[tuple[int, int]]:
        found = segment.search(code_of(text)[None])
        return list(zip(found.entry.tolist(), found.distance.tolist(), strict=True))

    figures |= asked(look, queries, rows)
    spent = []
    for _ in range(ROUNDS):
        start = time.thread_time()
        segment.search(queries)
        spent.append(time.thread_time() - start)
    figures["batch"] = QUERIES / min(spent)
    return figures | work(segment, queries[::8])


def work(segment: Segment, queries: np.ndarray) -> Figures:
    """What a look-up does, whatever else the machine does: buckets and hashes looked at, by the plan."""
    flips = flips_for(segment.widths, len(segment.codes), RADIUS)
    if flips is None:
        return {"probes": 0, "candidates": len(segment.codes)}
    bands, _, masks = layout(segment.widths, flips)
    counts = candidates(segment.offsets, bands, masks, reordered(queries, segment.order))
    return {"probes": float(bands[:, 4].sum()), "candidates": float(counts.mean())}


def peer(kind: str, size: int) -> Figures:
    import faiss
    from threatexchange.signal_type.pdq.pdq_index import PDQIndex

    faiss.omp_set_num_threads(1)
    codes = known(kind, size)
    queries, rows = planted(kind, codes)
    pairs = [(hex_of(code), nth) for nth, code in enumerate(codes)]
    del codes
    begin = time.perf_counter(), time.process_time()
    index = PDQIndex(pairs)
    seconds = time.perf_counter() - begin[0], time.process_time() - begin[1]
    del pairs
    figures = {"build": seconds[0], "build cpu": seconds[1], "memory": resident()}

    def look(text: str) -> list[tuple[int, int]]:
        return [(match.metadata, int(match.similarity_info.distance)) for match in index.query(text)]

    return figures | asked(look, queries, rows)


def apart(program: Callable[[str, int], Figures], kind: str, size: int) -> Figures:
    """Run in a fresh process."""
    os.environ["OMP_NUM_THREADS"] = "1"
    with multiprocessing.get_context("spawn").Pool(1) as pool:
        return pool.apply(program, (kind, size))


def show(name: str, figures: Figures) -> None:
    print(
        f"  {name}: {figures['rate']:,.0f} look-ups/s one at a time"
        + (f" ({figures['batch']:,.0f} in one call)" if "batch" in figures else "")
        + f", least recall of a distance {figures['recall']:.3f}, {figures['matches']:.1f} matches a query; "
        f"built in {figures['build']:.1f} s ({figures['build cpu']:.1f} s of processors), "
        f"process {figures['memory']:.2f} GB"
        + (f" (index {figures['index']:.2f} GB)" if "index" in figures else ""),
        flush=True,
    )
    if "probes" in figures:
        touched = 4 * figures["probes"] + 36 * figures["candidates"]
        print(
            f"    a look-up reads {figures['probes']:,.0f} buckets and {figures['candidates']:,.0f} hashes "
            f"on average, {touched / 1000:,.0f} kB"
        )


def compare(size: int) -> None:
    for kind in KINDS:
        if kind == REAL and (reason := missing()):
            print(f"{size:,} hashes, {kind}: skipped, {reason}")
            continue
        if kind == REAL:
            # Made once and kept, before the clocks start.
            planted(kind, known(kind, size))
        print(f"{size:,} hashes, {kind}:", flush=True)
        mine = apart(ours, kind, size)
        show("ours", mine)
        if importlib.util.find_spec("threatexchange") is None:
            print("  peer skipped: threatexchange is not installed, see the top of this file")
            continue
        theirs = apart(peer, kind, size)
        show("threatexchange", theirs)
        print(f"  ratio of look-ups, ours / peer: {mine['rate'] / theirs['rate']:.1f}", flush=True)


READER = """
import sys, time
from pathlib import Path
from havenwall.detect.media.index import HashIndex
index = HashIndex.open(Path(sys.argv[1]))
print("ready", flush=True)
for line in sys.stdin:
    while not index.search(line.strip()):
        time.sleep(0.002)
    print(time.monotonic(), flush=True)
"""


def fresh(size: int) -> None:
    """Additions one by one on the disk, and when a reader in another process finds them."""
    from havenwall.detect.media.index import HashIndex

    rng = np.random.default_rng(5)
    with tempfile.TemporaryDirectory() as name, HashIndex.open(Path(name), writer=True) as index:
        begin = time.perf_counter()
        index.add_codes(np.arange(size), uniform(size, rng))
        loaded = time.perf_counter() - begin
        index.compact()
        spent, seen = [], []
        command = [sys.executable, "-c", READER, name]
        with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as reader:
            assert reader.stdin is not None
            assert reader.stdout is not None
            reader.stdout.readline()
            for nth, code in enumerate(uniform(ADDITIONS, rng)):
                text, start = hex_of(code), time.monotonic()
                index.add([(size + nth, text)])
                spent.append(time.monotonic() - start)
                print(text, file=reader.stdin, flush=True)
                seen.append(float(reader.stdout.readline()) - start)
                time.sleep(rng.uniform(0, 0.05))
            reader.stdin.close()
    print(f"on disk, {size:,} hashes added in one call in {loaded:.2f} s; then {ADDITIONS} one by one:")
    for title, times in (("acknowledged", spent), ("found by another process", seen)):
        p50, p99 = np.percentile(np.array(times) * 1000, [50, 99])
        print(f"  {title} after p50 {p50:.1f} ms, p99 {p99:.1f} ms")


if __name__ == "__main__":
    sizes = [int(float(text)) for text in sys.argv[1:]] or [1_000_000, 10_000_000]
    fresh(sizes[0])
    for each in sizes:
        compare(each)

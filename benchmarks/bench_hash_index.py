"""Radius-31 search of 256-bit hashes: our index beside threatexchange's `PDQIndex`, at 1 and 10 million.

Two distributions: uniform bits; and as pictures have them: kinds of pictures that share likely bits, families
of near-duplicates of very different sizes, exact copies, flat pictures by the thousand. Each program runs in
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

from havenwall.detect.media.index import HashIndex
from havenwall.match.index import build, code_of, hex_of
from havenwall.match.index.plan import memory

QUERIES, ROUNDS, RADIUS = 1024, 3, 31
ADDITIONS = 200
Figures = dict[str, float]
Look = Callable[[str], list[tuple[int, int]]]


def flipped(codes: np.ndarray, counts: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """Each code with exactly so many bits turned."""
    turned = codes.copy()
    for begin in range(0, len(codes), 50_000):
        part = slice(begin, begin + 50_000)
        order = rng.random((len(codes[part]), 256), dtype=np.float32).argsort(axis=1)
        bits = np.packbits(order < counts[part, None], axis=1)
        turned[part] ^= bits.view(">u8").astype(np.uint64)
    return turned


def uniform(size: int, rng: np.random.Generator) -> np.ndarray:
    return rng.integers(0, 1 << 64, (size, 4), dtype=np.uint64)


def pictures(size: int, rng: np.random.Generator) -> np.ndarray:
    """Half singles, three tenths near them, a tenth copies, a tenth singles, 0.2 % flat pictures.

    In 16 bands of 16 bits a query has 4 times the candidates it has among uniform hashes. On 22,000 real
    pictures 3 to 6 times were measured.
    """
    singles = of_kinds(size // 2, rng)
    ranks = rng.zipf(1.3, 4 * size // 10) % len(singles)
    # A popular picture comes back a few hundred times in a list, not a million times.
    spread = singles[(ranks * 7919 + rng.integers(0, 1 + size // 2000, len(ranks))) % len(singles)]
    copies, near = spread[: size // 10], spread[size // 10 :]
    near = flipped(near, rng.integers(0, 41, len(near)), rng)
    flats = size - len(singles) - len(spread)
    flat = flats // 50
    centres = uniform(20, np.random.default_rng(4))
    level = flipped(centres[rng.integers(0, 20, flat)], rng.integers(0, 13, flat), rng)
    rest = of_kinds(flats - flat, rng)
    return rng.permutation(np.concatenate((singles, copies, near, level, rest)))


def of_kinds(size: int, rng: np.random.Generator) -> np.ndarray:
    """Codes whose bits are more or less likely by their kind of picture, the same kinds each time."""
    likely = (np.random.default_rng(3).beta(1.1, 1.1, (8, 256)) * 255).astype(np.uint8)
    codes = np.empty((size, 4), np.uint64)
    for begin in range(0, size, 50_000):
        part = codes[begin : begin + 50_000]
        bits = rng.integers(0, 255, (len(part), 256), dtype=np.uint8) < likely[rng.integers(0, 8, len(part))]
        part[:] = np.packbits(bits, axis=1).view(">u8")
    return codes


KINDS: dict[str, Callable[[int, np.random.Generator], np.ndarray]] = {
    "uniform": uniform,
    "pictures": pictures,
}


def known(kind: str, size: int) -> np.ndarray:
    return KINDS[kind](size, np.random.default_rng(11))


def planted(kind: str, codes: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """(q, 4) queries and the rows that the first half must find."""
    rng = np.random.default_rng(12)
    rows = rng.integers(0, len(codes), QUERIES // 2)
    near = flipped(codes[rows], np.arange(len(rows)) % (RADIUS + 1), rng)
    return np.concatenate((near, KINDS[kind](QUERIES, rng)[: QUERIES // 2])), rows


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
    return figures


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


def compare(size: int) -> None:
    for kind in KINDS:
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

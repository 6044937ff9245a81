"""Unseeded discovery on the hard sandbox, beside what finds dense blocks without anchors.

200,000 accounts, 700 of them traders; mean over `DRAWS`, which were not used to choose a setting. Drawn
signals: hash hits on 5 % of the traders, visible ones first; reports on as many accounts as 10 % of the
traders, half of them wrong and then on popular accounts; two of six network tags on the term list, and one
popular tag by mistake. "Own hints" are the sandbox's: listed media, and reports of which 19 in 20 are wrong.
"""

from __future__ import annotations

import time
from collections import defaultdict
from collections.abc import Callable
from heapq import heappop, heappush

import networkit
import numpy as np
from numba import njit

from havenwall.model import LinkKind
from havenwall.network.discover import AnchorKind, Anchors, discover, make_anchors, reported, tagged
from havenwall.network.graph import Graph
from havenwall.sandbox.hard import HardConfig, HardPart, HardPlatform, generate_hard

DRAWS = (101, 102, 103)
NOBODY = np.empty(0, np.int64)
HASH, TERM, REPORT = AnchorKind.HASH, AnchorKind.TERM, AnchorKind.REPORT
COLUMNS = (HardPart.VICTIM, HardPart.PRESS, HardPart.LOOKALIKE, HardPart.RING, HardPart.CELEBRITY)


def drawn(platform: HardPlatform, graph: Graph, rng: np.random.Generator) -> dict[AnchorKind, tuple]:
    """Rows and strengths of each kind of signal, and the listed tags."""
    trader = platform.part == HardPart.TRADER
    visible = platform.visible / platform.visible.sum()
    others = np.where(trader, 0, graph.follows.flipped.degree + 1)
    each = round(0.05 * trader.sum())
    hit, right = (rng.choice(graph.n, each, replace=False, p=visible) for _ in range(2))
    wrong = rng.choice(graph.n, each, replace=False, p=others / others.sum())
    scene = platform.catalogues[LinkKind.TAG_USE].scene
    users = graph.uses[LinkKind.TAG_USE].flipped.degree
    popular = np.flatnonzero(scene == HardPart.ORDINARY)[np.argsort(-users[scene == HardPart.ORDINARY])[:50]]
    network = np.flatnonzero(scene == HardPart.TRADER)
    listed = np.append(rng.choice(network, 2, replace=False), rng.choice(popular))
    using, strengths = tagged(graph.uses[LinkKind.TAG_USE], listed, np.full(3, 0.5))
    return {
        HASH: (hit, np.ones(each)),
        REPORT: (np.concatenate([right, wrong]), np.full(2 * each, 0.3)),
        TERM: (using, strengths),
        "listed": {LinkKind.TAG_USE: listed},
    }


def anchors(
    signals: dict, *kinds: AnchorKind, more: np.ndarray = NOBODY, moved: Callable | None = None
) -> Anchors:
    rows = np.concatenate([*(signals[kind][0] for kind in kinds), more])
    strengths = np.concatenate([*(signals[kind][1] for kind in kinds), np.full(len(more), 0.3)])
    of = [kind for kind in kinds for _ in signals[kind][0]] + [REPORT] * len(more)
    things = signals["listed"] if TERM in kinds else {}
    return make_anchors(moved(rows) if moved else rows, strengths, of, things=things)


def own_hints(platform: HardPlatform) -> Anchors:
    hit, reports = np.flatnonzero(platform.hits), platform.hints.reports
    rows, strengths, source = reported(reports.reporter, reports.reported)
    return make_anchors(
        np.concatenate([hit, rows]),
        np.concatenate([np.ones(len(hit)), strengths]),
        [HASH] * len(hit) + [REPORT] * len(rows),
        source=np.concatenate([np.full(len(hit), -1), source]),
        things={LinkKind.SHARED_MEDIA: np.flatnonzero(platform.hints.listed)},
    )


def found(graph: Graph, name: str, held: Anchors) -> dict[str, np.ndarray]:
    """Members of the first finding and of all; a name ending in * looks at what was set aside as well."""
    began = time.perf_counter()
    discovery = discover(graph, held, NOBODY)
    print(
        f"  {name}: {time.perf_counter() - began:.1f} s; {discovery.reason or len(discovery.findings)}",
        flush=True,
    )
    members = [each.members for each in discovery.findings]
    rows = {f"{name}, all findings": np.concatenate([NOBODY, *members])}
    if members:
        rows = {f"{name}, first finding": members[0], **rows}
    if name.endswith("*"):
        rows[f"{name}, set aside"] = np.concatenate([NOBODY, *(each.members for each in discovery.set_aside)])
    return rows


def undirected(graph: Graph) -> networkit.Graph:
    ends = graph.follows.sources().astype(np.uint64), graph.follows.indices.astype(np.uint64)
    plain = networkit.GraphFromCoo(ends, n=graph.n, weighted=False, directed=True)
    plain = networkit.graphtools.toUndirected(plain)
    plain.removeMultiEdges()
    plain.removeSelfLoops()
    return plain


def dense_blocks(platform: HardPlatform, graph: Graph, size: int) -> dict[str, np.ndarray]:
    """What density alone ranks first, and what knowing the answer would pick from it."""
    plain = undirected(graph)
    core = np.array(networkit.centrality.CoreDecomposition(plain).run().scores())
    networkit.setSeed(1, False)
    label = np.array(networkit.community.ParallelLeiden(plain).run().getPartition().getVector())
    inside, follows = np.bincount(label), graph.follows
    same = label[follows.sources()] == label[follows.indices]
    ties = np.bincount(label[follows.sources()][same], minlength=len(inside))
    density = np.where(inside >= 20, ties / np.maximum(inside * (inside - 1.0), 1), 0)
    traders = np.bincount(label[platform.part == HardPart.TRADER], minlength=len(inside))
    best = np.argmax(np.where(inside >= 20, traders / inside, 0))
    return {
        "innermost k-core": np.flatnonzero(core == core.max()),
        "Leiden, densest community": np.flatnonzero(label == np.argmax(density)),
        "Leiden, densest ten": np.flatnonzero(np.isin(label, np.argsort(-density)[:10])),
        "Leiden, best by the truth": np.flatnonzero(label == best),
        "FRAUDAR, followed side": fraudar(graph),
        f"most followers, {size}": np.argsort(-follows.flipped.degree)[:size],
    }


def fraudar(graph: Graph) -> np.ndarray:
    """Rows of the followed side of the densest block, popular accounts' links damped (Hooi et al., 2016)."""
    back = graph.follows.flipped
    weight = 1 / np.log(back.degree + 5.0)
    return np.flatnonzero(
        _peel(graph.follows.indptr, graph.follows.indices, back.indptr, back.indices, weight)
    )


@njit
def _peel(out, to, into, by, weight):
    """Drop the follower or followed account with least weight until the mean is greatest."""
    n = len(weight)
    left, heap = np.zeros(2 * n), [(0.0, -1)]
    heap.pop()
    for row in range(n):
        for at in range(out[row], out[row + 1]):
            left[row] += weight[to[at]]
        left[n + row] = weight[row] * (into[row + 1] - into[row])
    for node in range(2 * n):
        heappush(heap, (left[node], node))
    total, best, kept = left[:n].sum(), 0.0, 0
    order, gone = np.empty(2 * n, np.int64), np.zeros(2 * n, np.bool_)
    done = 0
    while heap:
        value, node = heappop(heap)
        if gone[node] or value != left[node]:
            continue
        if total / (2 * n - done) > best:
            best, kept = total / (2 * n - done), done
        gone[node], order[done] = True, node
        done += 1
        total -= left[node]
        first, last = (out[node], out[node + 1]) if node < n else (into[node - n], into[node - n + 1])
        for at in range(first, last):
            other = n + to[at] if node < n else by[at]
            if not gone[other]:
                left[other] = max(left[other] - (weight[to[at]] if node < n else weight[node - n]), 0.0)
                heappush(heap, (left[other], other))
    stays = np.ones(2 * n, np.bool_)
    stays[order[:kept]] = False
    return stays[n:]


def counted(graph: Graph, held: Anchors, size: int) -> np.ndarray:
    """The accounts most followed by those who follow two anchors or more: one sparse product, no cleaning."""
    start = np.zeros((graph.n, 1), np.float32)
    start[held.rows] = 1
    informed = (graph.follows.gather(start) >= 2).astype(np.float32)
    return np.argsort(-graph.follows.flipped.gather(informed)[:, 0], kind="stable")[:size]


def figures(part: np.ndarray, rows: np.ndarray) -> list[float]:
    held = part[rows]
    trader, network = held == HardPart.TRADER, np.isin(held, (HardPart.TRADER, HardPart.BUYER))
    share = [trader.sum() / max(len(rows), 1), network.sum() / max(len(rows), 1)]
    recall = trader.sum() / (part == HardPart.TRADER).sum()
    return [len(rows), *share, recall, *((held == each).sum() for each in COLUMNS)]


def measure(seed: int) -> dict[str, list[float]]:
    platform = generate_hard(HardConfig(), seed)
    graph, part = platform.graph(), platform.part
    print(f"draw {seed}: {graph.n:,} accounts, {graph.links:,} links", flush=True)
    rng = np.random.default_rng(seed)
    signals = drawn(platform, graph, rng)
    lookalikes, rings = (np.flatnonzero(part == each) for each in (HardPart.LOOKALIKE, HardPart.RING))
    seen = np.where(np.isin(part, (HardPart.TRADER, HardPart.BUYER)), 0, graph.follows.flipped.degree + 1)

    def elsewhere(rows: np.ndarray) -> np.ndarray:
        return rng.choice(graph.n, len(rows), replace=False, p=seen / seen.sum())

    every = anchors(signals, HASH, TERM, REPORT)
    rows = found(graph, "ours", every)
    size = len(rows["ours, all findings"])
    for name, held in (
        ("ours, own hints", own_hints(platform)),
        ("ours, no hash list", anchors(signals, TERM, REPORT)),
        ("ours, hash hits only", anchors(signals, HASH)),
        ("ours, reports only*", anchors(signals, REPORT)),
        ("no signals", anchors(signals)),
        ("signals on others as visible", anchors(signals, HASH, TERM, REPORT, moved=elsewhere)),
        ("all look-alikes reported, nothing else*", anchors({}, more=lookalikes)),
        ("all ring accounts reported, nothing else*", anchors({}, more=rings)),
        ("all look-alikes reported besides", anchors(signals, HASH, TERM, REPORT, more=lookalikes)),
    ):
        rows |= found(graph, name, held)
    rows["anchors, followers of two, as many"] = counted(graph, every, size)
    rows |= dense_blocks(platform, graph, 700)
    return {name: figures(part, np.asarray(held, np.int64)) for name, held in rows.items()}


def main() -> None:
    table = defaultdict(list)
    for seed in DRAWS:
        for name, row in measure(seed).items():
            table[name].append(row)
    print("\n| accounts found by | how many | traders | traders or buyers | of all traders", end="")
    print("".join(f" | {each.name.lower()}" for each in COLUMNS) + " | draws |\n|---|" + "---|" * 10)
    for name, rows in table.items():
        values = np.array(rows)
        size, trader, network, recall, *others = values.mean(axis=0)
        shares = " | ".join(f"{share:.2f}" if size else "-" for share in (trader, network))
        counts = " | ".join(f"{count:.0f}" for count in others)
        print(f"| {name} | {size:.0f} | {shares} | {recall:.2f} | {counts} | {len(rows)} |")


if __name__ == "__main__":
    main()

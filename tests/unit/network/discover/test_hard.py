"""On the hard sandbox, a tenth of its size: what is found, who is swept up, and what the baselines find.

The sandbox's degrees do not shrink with it, so figures from here are not those of the full platform; those
are in `benchmarks/bench_discover.py`.
"""

from __future__ import annotations

import networkit
import numpy as np
import pytest

from havenwall.model import LinkKind
from havenwall.network.discover import AnchorKind, Doubt, discover, make_anchors, tagged
from havenwall.sandbox.hard import HardConfig, HardPart, generate_hard

NOBODY = np.empty(0, np.int64)
HASH, TERM, REPORT = AnchorKind.HASH, AnchorKind.TERM, AnchorKind.REPORT


@pytest.fixture(scope="module")
def platform():
    return generate_hard(HardConfig.scaled(20_000), 5)


@pytest.fixture(scope="module")
def graph(platform):
    return platform.graph()


@pytest.fixture(scope="module")
def followers(graph):
    return graph.follows.flipped.degree


@pytest.fixture(scope="module")
def drawn(platform, graph, followers):
    """Signals as (rows, strengths, kinds, listed tags): hashes on 14 visible traders, 14 reports of which
    half are wrong, and two network tags with one wrong one on the list."""
    rng = np.random.default_rng(5)
    weight = platform.visible / platform.visible.sum()
    others = np.where(platform.part == HardPart.TRADER, 0, followers + 1)
    hit = rng.choice(len(weight), 14, replace=False, p=weight)
    right = rng.choice(len(weight), 7, replace=False, p=weight)
    wrong = rng.choice(len(weight), 7, replace=False, p=others / others.sum())
    tags = platform.catalogues[LinkKind.TAG_USE].scene
    listed = np.append(np.flatnonzero(tags == HardPart.TRADER)[:2], np.flatnonzero(tags == 0)[40])
    using, strengths = tagged(graph.uses[LinkKind.TAG_USE], listed, np.full(3, 0.5))
    rows = np.concatenate([hit, right, wrong, using])
    held = np.concatenate([np.ones(14), np.full(14, 0.3), strengths])
    return rows, held, [HASH] * 14 + [REPORT] * 14 + [TERM] * len(using), {LinkKind.TAG_USE: listed}


@pytest.fixture(scope="module")
def found(graph, drawn):
    rows, strengths, kinds, listed = drawn
    return discover(graph, make_anchors(rows, strengths, kinds, things=listed), NOBODY)


def members(discovery):
    return np.concatenate([NOBODY, *(each.members for each in discovery.findings)])


def share(platform, rows, *parts):
    return float(np.isin(platform.part[rows], parts).mean()) if len(rows) else 0.0


def undirected(graph):
    ends = graph.follows.sources().astype(np.uint64), graph.follows.indices.astype(np.uint64)
    return networkit.graphtools.toUndirected(
        networkit.GraphFromCoo(ends, n=graph.n, weighted=False, directed=True)
    )


def test_the_network_is_found(platform, found):
    rows = members(found)
    assert share(platform, rows, HardPart.TRADER, HardPart.BUYER) >= 0.75
    traders = (platform.part == HardPart.TRADER).sum()
    assert (platform.part[rows] == HardPart.TRADER).sum() >= 0.4 * traders


def test_press_celebrities_and_rings_are_not_in_it(platform, found):
    parts = platform.part[members(found)]
    assert not np.isin(parts, (HardPart.PRESS, HardPart.CELEBRITY, HardPart.RING)).any()


def test_the_densest_blocks_are_benign(platform, graph, found):
    """What density alone finds on the same graph: no network, while ours is most of it."""
    plain = undirected(graph)
    plain.removeSelfLoops()
    cores = np.array(networkit.centrality.CoreDecomposition(plain).run().scores())
    innermost = np.flatnonzero(cores == cores.max())
    assert share(platform, innermost, HardPart.TRADER) <= 0.1
    assert share(platform, members(found), HardPart.TRADER) >= 0.5


def test_signals_moved_to_others_as_visible_find_nothing(platform, graph, followers, drawn):
    _, strengths, kinds, listed = drawn
    rng = np.random.default_rng(1)
    weight = np.where(np.isin(platform.part, (HardPart.TRADER, HardPart.BUYER)), 0, followers + 1)
    rows = rng.choice(len(weight), len(kinds), replace=False, p=weight / weight.sum())
    moved = discover(graph, make_anchors(rows, strengths, kinds, things=listed), NOBODY)
    assert share(platform, members(moved), HardPart.TRADER) == 0
    assert len(members(moved)) <= 5


@pytest.mark.parametrize("part", [HardPart.RING, HardPart.LOOKALIKE])
def test_reports_against_benign_blocks_change_little(platform, graph, drawn, part):
    """A quarter of all ring accounts, or of all look-alikes, reported by as many different reporters."""
    rows, strengths, kinds, listed = drawn
    block = np.flatnonzero(platform.part == part)
    block = np.random.default_rng(2).choice(block, len(block) // 4, replace=False)
    anchors = make_anchors(
        np.concatenate([rows, block]),
        np.concatenate([strengths, np.full(len(block), 0.3)]),
        kinds + [REPORT] * len(block),
        things=listed,
    )
    both = discover(graph, anchors, NOBODY)
    assert share(platform, both.findings[0].members, HardPart.TRADER) >= 0.6
    assert share(platform, members(both), part) <= 0.1
    alone = make_anchors(block, np.full(len(block), 0.3), [REPORT] * len(block))
    nothing = discover(graph, alone, NOBODY)
    assert not nothing.findings
    assert {each.doubt for each in nothing.set_aside} <= {Doubt.ONE_KIND, Doubt.BENIGN, Doubt.FEW}

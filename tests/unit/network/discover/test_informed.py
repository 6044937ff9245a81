from __future__ import annotations

from itertools import combinations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from havenwall.network.discover.anchors import KINDS, Anchors
from havenwall.network.discover.channels import Channel
from havenwall.network.discover.informed import inform
from havenwall.network.graph import from_pairs


def anchors_of(rows, beliefs, sources):
    belief = np.zeros((len(rows), len(KINDS)), np.float32)
    belief[:, 0] = beliefs
    return Anchors(np.array(rows, np.int64), belief, np.array(sources, np.int64))


def two_right(beliefs):
    """Probability that at least two of independent beliefs are right, one outcome after another."""
    total = 0.0
    for size in range(2, len(beliefs) + 1):
        for right in combinations(range(len(beliefs)), size):
            total += np.prod([p if at in right else 1 - p for at, p in enumerate(beliefs)])
    return total


def reference(holds, telling, anchors, hub):
    """Value of every thing, one at a time."""
    believed = anchors.strength * np.minimum(1, hub / np.maximum(holds.degree[anchors.rows], 1))
    into = believed @ holds.degree[anchors.rows]
    values = np.zeros(holds.columns)
    for thing in np.flatnonzero(telling > 0):
        best = {}
        for row, strength, source in zip(anchors.rows, anchors.strength, anchors.source, strict=True):
            if thing in holds.row(row):
                known = min(1, hub / holds.degree[row])
                best[source] = max(best.get(source, 0), float(strength) * known)
        users = holds.flipped.degree[thing]
        chosen = max(0, 1 - users * into / holds.links / max(sum(best.values()), 1e-9)) ** 2
        values[thing] = two_right(list(best.values())) * chosen * telling[thing]
    return values


@settings(max_examples=40)
@given(st.integers(0, 2**32 - 1))
def test_values_and_leave_one_out_match_a_slow_reference(seed):
    rng = np.random.default_rng(seed)
    holds = from_pairs(rng.integers(0, 60, 260), rng.integers(0, 50, 260), (60, 50))
    channel = Channel("things", holds, rng.choice([0.0, 0.5, 1.0, 1.0], 50).astype(np.float32))
    rows = np.sort(rng.choice(60, 9, replace=False))
    anchors = anchors_of(rows, rng.uniform(0.1, 0.95, 9), rng.integers(0, 7, 9))
    informed = inform(channel, anchors, hub=4)
    expected = reference(holds, channel.telling, anchors, 4)
    found = np.zeros(50)
    found[informed.things] = informed.value
    assert found == pytest.approx(expected, abs=1e-5)
    known = holds.flipped.degree[channel.telling > 0].sum()
    assert informed.rate == pytest.approx(expected @ holds.flipped.degree / known, abs=1e-5)
    assert informed.size.tolist() == [(channel.telling[holds.row(row)] > 0).sum() for row in rows]
    for at, row in enumerate(rows):
        rest = reference(holds, channel.telling, anchors.only(anchors.source != anchors.source[at]), 4)
        own = rest[holds.row(row)]
        assert informed.seen[at] == pytest.approx(own.sum(), abs=1e-4)
        assert informed.count[at] == (own > 1e-12).sum()


def test_the_reference_is_not_all_zero():
    rng = np.random.default_rng(0)
    holds = from_pairs(rng.integers(0, 60, 260), rng.integers(0, 50, 260), (60, 50))
    anchors = anchors_of(np.arange(9), np.full(9, 0.9), np.arange(9))
    assert (reference(holds, np.ones(50, np.float32), anchors, 4) > 0.05).sum() >= 5


def test_one_strong_anchor_informs_nobody_and_one_source_is_one_anchor():
    holds = from_pairs(np.array([0, 1, 2]), np.array([0, 0, 1]), (9, 3))
    channel = Channel("things", holds, np.ones(3, np.float32))
    assert len(inform(channel, anchors_of([0], [0.99], [0]), 400).things) == 0
    assert len(inform(channel, anchors_of([0, 1], [0.9, 0.9], [3, 3]), 400).things) == 0


def test_a_follower_of_everybody_is_worth_less_than_a_choosy_one():
    everybody = np.stack([np.arange(50), np.zeros(50, int)])
    choosy = np.array([[0, 1, 2], [1, 1, 1]])
    others = np.stack([np.arange(50), np.full(50, 2)])
    holds = from_pairs(*np.concatenate([everybody, choosy, others], axis=1), (50, 3))
    channel = Channel("followers", holds, np.ones(3, np.float32))
    informed = inform(channel, anchors_of([0, 1, 2], [0.9] * 3, [0, 1, 2]), 400)
    value = dict(zip(informed.things.tolist(), informed.value.tolist(), strict=True))
    assert value[1] > 0.3
    assert value.get(0, 0) < 0.01

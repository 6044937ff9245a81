from __future__ import annotations

import msgspec
import numpy as np
import pytest

from havenwall.network.discover.anchors import AnchorKind, make_anchors
from havenwall.network.discover.candidates import corroborated, expand
from havenwall.network.discover.channels import channels
from havenwall.network.discover.config import DiscoverConfig
from havenwall.network.discover.informed import inform
from havenwall.network.discover.surprise import surprise

CONFIG = DiscoverConfig()


def hits(rows):
    return make_anchors(np.sort(rows), np.ones(len(rows)), [AnchorKind.HASH] * len(rows))


@pytest.fixture(scope="module")
def found(town):
    ways = channels(town.graph, CONFIG.hub, {})
    return expand(ways, hits(town.traders[:12]), town.graph.n, CONFIG)


def test_most_candidates_are_traders_and_most_traders_are_candidates(town, found):
    traders = np.isin(found.rows, town.traders).sum()
    assert traders >= 0.8 * len(found)
    assert traders >= 0.8 * len(town.traders)


def test_dense_blocks_and_stars_are_not_candidates(town, found):
    assert not np.isin(found.rows, town.ring).any()
    assert not np.isin(found.rows, town.club).any()
    assert town.star not in found.rows


def test_the_most_surprising_come_first_and_no_more_than_asked(town, found):
    assert (np.diff(found.score) <= 0).all()
    assert found.score.min() >= CONFIG.surprise
    assert found.score == pytest.approx(np.sum(list(found.by_channel.values()), axis=0), rel=1e-4)
    ways = channels(town.graph, CONFIG.hub, {})
    few = msgspec.structs.replace(CONFIG, most=5)
    first = expand(ways, hits(town.traders[:12]), town.graph.n, few)
    assert first.rows.tolist() == found.rows[:5].tolist()


def test_an_account_is_scored_as_a_naive_count_would(town, found):
    ways, anchors = channels(town.graph, CONFIG.hub, {}), hits(town.traders[:12])
    row = int(next(row for row in found.rows if row not in anchors.rows))
    for way in ways:
        informed = inform(way, anchors, CONFIG.hub)
        value = dict(zip(informed.things.tolist(), informed.value.tolist(), strict=True))
        held = [thing for thing in way.holds.row(row).tolist() if way.telling[thing] > 0]
        seen = sum(value.get(thing, 0) for thing in held)
        expected = surprise(np.array([seen]), np.array([len(held)]), informed.rate)[0]
        at = np.flatnonzero(found.rows == row)[0]
        assert found.by_channel[way.name][at] == pytest.approx(expected, rel=1e-3, abs=1e-3)


def test_an_anchor_does_not_vouch_for_itself(town):
    """A stranger among the anchors is no candidate, and the traders among them do not depend on it."""
    ways = channels(town.graph, CONFIG.hub, {})
    stranger = int(np.setdiff1d(town.club, town.traders)[0])
    anchors = hits(np.append(town.traders[:12], stranger))
    assert stranger not in expand(ways, anchors, town.graph.n, CONFIG).rows
    told = corroborated(ways, anchors, CONFIG)
    assert told[anchors.rows == stranger] == 0
    assert (told >= CONFIG.surprise).sum() >= 8


def test_an_anchor_is_scored_as_if_it_were_none(town, found):
    ways, anchors = channels(town.graph, CONFIG.hub, {}), hits(town.traders[:12])
    row = int(next(row for row in found.rows if row in anchors.rows))
    for way in ways:
        rest = inform(way, anchors.only(anchors.rows != row), CONFIG.hub)
        value = dict(zip(rest.things.tolist(), rest.value.tolist(), strict=True))
        held = [thing for thing in way.holds.row(row).tolist() if way.telling[thing] > 0]
        seen = np.array([sum(value.get(thing, 0) for thing in held)])
        rate = inform(way, anchors, CONFIG.hub).rate
        at = np.flatnonzero(found.rows == row)[0]
        expected = surprise(seen, np.array([len(held)]), rate)[0]
        assert found.by_channel[way.name][at] == pytest.approx(expected, rel=1e-3, abs=1e-3)


def test_one_shared_thing_is_a_coincidence(town):
    ways, anchors = channels(town.graph, CONFIG.hub, {}), hits(town.traders[:12])
    loose = expand(ways, anchors, town.graph.n, msgspec.structs.replace(CONFIG, shared=1, surprise=1.0))
    strict = expand(ways, anchors, town.graph.n, msgspec.structs.replace(CONFIG, shared=3, surprise=1.0))
    assert set(strict.rows) < set(loose.rows)
    things = [set(inform(way, anchors, CONFIG.hub).things.tolist()) for way in ways]
    for row in set(strict.rows) - set(anchors.rows):
        shared = [
            len(some & set(way.holds.row(int(row)).tolist())) for way, some in zip(ways, things, strict=True)
        ]
        assert sum(shared) >= 3

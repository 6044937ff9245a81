"""The whole way on a toy town, and what must not fool it."""

from __future__ import annotations

import msgspec
import numpy as np
import pytest

from havenwall.errors import BadConfig
from havenwall.network.discover import AnchorKind, DiscoverConfig, Doubt, discover, make_anchors, reported
from havenwall.network.discover.benign import Benign
from havenwall.network.discover.candidates import expand
from havenwall.network.discover.channels import channels
from havenwall.network.discover.coherence import coherence, visibility

NOBODY = np.empty(0, np.int64)


def hits(rows):
    return make_anchors(np.asarray(rows), np.ones(len(rows)), [AnchorKind.HASH] * len(rows))


def members(discovery):
    return np.concatenate([NOBODY, *(each.members for each in discovery.findings)])


def everyone(discovery):
    parts = [*discovery.findings, *discovery.set_aside]
    return np.concatenate([NOBODY, *(each.members for each in parts)])


@pytest.fixture(scope="module")
def found(town, signals):
    return discover(town.graph, signals, NOBODY)


def test_findings_are_the_network_and_hardly_anybody_else(town, found):
    assert found.reason is None
    assert np.isin(members(found), town.traders).mean() >= 0.9
    assert len(members(found)) >= 0.6 * len(town.traders)


def test_press_is_named_and_left_out(town, found):
    assert not np.isin(members(found), town.press).any()
    near = np.intersect1d(found.candidates.rows, town.press)
    named = [each.bystanders.get(Benign.WATCHES, NOBODY) for each in (*found.findings, *found.set_aside)]
    assert np.isin(near, np.concatenate(named)).all()


def test_denser_blocks_and_the_star_are_nowhere(town, found):
    for block in (town.ring, town.club, [town.star]):
        assert not np.isin(found.candidates.rows, block).any()


def test_the_same_input_gives_the_same_findings(town, signals, found):
    again = discover(town.graph, signals, NOBODY)
    assert [each.sentence for each in again.findings] == [each.sentence for each in found.findings]
    pairs = zip(again.findings, found.findings, strict=True)
    assert all((one.members == other.members).all() for one, other in pairs)


def test_findings_do_not_overlap_and_stand_in_order(found):
    assert len(np.unique(everyone(found))) == len(everyone(found))
    scores = [each.score for each in found.findings]
    assert scores == sorted(scores, reverse=True)
    assert all(each.doubt is None for each in found.findings)
    assert all(each.doubt is not None for each in found.set_aside)


@pytest.mark.parametrize("rows", [[], [5]])
def test_without_signals_nothing_is_found_and_it_says_why(town, rows):
    nothing = discover(town.graph, hits(rows), NOBODY)
    assert (nothing.findings, nothing.set_aside, len(nothing.candidates)) == ((), (), 0)
    assert "at least two are needed" in nothing.reason


def test_signals_on_random_accounts_find_nothing(town):
    others = np.setdiff1d(np.arange(town.graph.n), town.traders)
    rng = np.random.default_rng(8)
    drawn = [discover(town.graph, hits(rng.choice(others, 30, replace=False)), NOBODY) for _ in range(5)]
    assert not any(each.findings for each in drawn)
    # By the nature of a test at 5 %, one in twenty gets past it, to be stopped later.
    assert sum("no more in common than random accounts" in each.reason for each in drawn) >= 4


def test_only_anchors_that_others_vouch_for_are_expanded(town, signals, found):
    config = DiscoverConfig()
    ways = channels(town.graph, config.hub, {})
    vouched = coherence(ways, signals, visibility(town.graph), config).vouched
    assert 0 < vouched.sum() < len(signals)
    clean, raw = (expand(ways, held, town.graph.n, config) for held in (signals.only(vouched), signals))
    assert found.candidates.rows.tolist() == clean.rows.tolist() != raw.rows.tolist()


def test_clearing_the_anchors_ends_it(town, signals):
    assert discover(town.graph, signals, signals.rows).reason.startswith("no account has a signal")


def test_a_ring_in_which_hashes_were_hit_is_set_aside(town):
    """Two mistaken hits make every member of a follow-back ring a candidate, for they all share followers."""
    ring = discover(town.graph, hits(town.ring[:3]), NOBODY)
    assert np.isin(ring.candidates.rows, town.ring).sum() >= 30
    assert not ring.findings
    assert {each.doubt for each in ring.set_aside} <= {Doubt.BENIGN, Doubt.FEW}


def test_reporters_who_act_together_cannot_make_a_finding(town):
    reporters, targets = np.repeat(np.arange(50), 30), np.tile(town.club[:30], 50)
    rows, strengths, source = reported(reporters, targets)
    kinds = [AnchorKind.REPORT] * len(rows)
    nothing = discover(town.graph, make_anchors(rows, strengths, kinds, source=source), NOBODY)
    assert not nothing.findings
    assert "1 independent source" in nothing.reason


def test_reporters_nobody_knows_cannot_either(town):
    """As many different reporters look independent; then it is the single kind of signal that tells."""
    anchors = make_anchors(town.club[:30], np.full(30, 0.3), [AnchorKind.REPORT] * 30)
    aside = discover(town.graph, anchors, NOBODY)
    assert np.isin(aside.candidates.rows, town.club).sum() >= 30
    assert not aside.findings
    assert Doubt.ONE_KIND in {each.doubt for each in aside.set_aside}


def test_a_club_that_people_cleared_is_set_aside(town):
    """A fan club with real hits goes to a person once; when most of it is cleared it does not come back."""
    anchors = hits(town.club[:6])
    first = members(discover(town.graph, anchors, NOBODY))
    assert np.isin(first, town.club).sum() >= 20
    again = discover(town.graph, anchors, np.setdiff1d(first, anchors.rows))
    assert not again.findings
    assert Doubt.BENIGN in {each.doubt for each in again.set_aside}


def test_smaller_communities_are_no_findings(town, signals):
    large = discover(town.graph, signals, NOBODY, DiscoverConfig(smallest=1000))
    assert (large.findings, large.set_aside) == ((), ())
    assert large.reason.startswith("none of 0 communities")


@pytest.mark.parametrize(
    ("field", "value"),
    [("hub", 0), ("most", 0), ("chance", 0.0), ("confidence", 1.0), ("surprise", 0.0), ("resolution", -1.0)],
)
def test_wrong_settings_are_refused(field, value):
    with pytest.raises(BadConfig, match=field):
        msgspec.structs.replace(DiscoverConfig(), **{field: value})

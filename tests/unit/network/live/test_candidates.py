import numpy as np
import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from havenwall.errors import BadInput
from havenwall.model import LinkKind
from havenwall.network.graph import from_edges
from havenwall.network.live import Count, CountRule, DeltaGraph, Live, LiveConfig, count_around
from havenwall.network.live.ledger import UNIT
from havenwall.network.walk import Direction, Push, PushConfig

FOLLOW, TAG = LinkKind.FOLLOW, LinkKind.TAG_USE
PUSH = PushConfig(teleport=0.4, eps=1e-3)
CONFIG = LiveConfig(counts=CountRule(hub=3, crowd=3), push=PUSH)
COUNTS = (Count.TO_SEEDS, Count.FROM_SEEDS, Count.AUDIENCE, Count.AUDIENCE_TWO, Count.COTAGS)


def exact(delta, direction, seeds, teleport):
    """(n, n) where a walker that ends with chance `teleport` ends (rows), by seed (columns); and the sum."""
    n = delta.n
    follows = np.zeros((n, n))
    for row in range(n):
        follows[row, delta.out(FOLLOW, row)] = 1
    oriented = {Direction.ALONG: follows, Direction.AGAINST: follows.T}.get(direction, follows + follows.T)
    step = (oriented / np.maximum(oriented.sum(axis=1, keepdims=True), 1)).T
    ends = teleport * np.linalg.inv(np.eye(n) - (1 - teleport) * step)
    return ends, ends[:, sorted(seeds)].sum(axis=1)


class AnyOrderOfEvents(RuleBasedStateMachine):
    @initialize(seed=st.integers(0, 5), direction=st.sampled_from(list(Direction)))
    def begin(self, seed, direction):
        self.live = Live(self.small(seed), LiveConfig(counts=CONFIG.counts, push=PUSH, direction=direction))
        self.seeds = set()

    @rule(row=st.integers(0, 10))
    def confirm(self, row):
        row %= self.live.graph.n
        found = self.live.confirm([row], top=1_000)
        self.seeds.add(row)
        assert not {one.row for one in found} & self.seeds
        assert all(one.change > 0 for one in found)
        assert found == sorted(found, key=lambda one: (-one.change, one.row))

    @precondition(lambda self: self.seeds)
    @rule(data=st.data())
    def retract(self, data):
        row = data.draw(st.sampled_from(sorted(self.seeds)))
        self.live.retract([row])
        self.seeds.remove(row)

    @rule(src=st.integers(0, 10), dst=st.integers(0, 10))
    def follow_or_not(self, src, dst):
        src, dst = src % self.live.graph.n, dst % self.live.graph.n
        if not self.live.link(FOLLOW, src, dst):
            assert self.live.unlink(FOLLOW, src, dst) == (src != dst)

    @rule(row=st.integers(0, 10), tag=st.integers(0, 4))
    def use_or_not(self, row, tag):
        row, tag = row % self.live.graph.n, self.live.graph.thing(TAG, f"tag:{tag}")
        if not self.live.use(TAG, row, tag):
            assert self.live.disuse(TAG, row, tag)

    @precondition(lambda self: self.live.graph.n < 30)
    @rule()
    def new_account(self):
        self.live.graph.account(f"account:new-{self.live.graph.n}")

    @invariant()
    def all_is_as_if_computed_at_once(self):
        if not hasattr(self, "seeds"):
            return
        delta, config = self.live.graph, self.live.config
        batch = count_around(delta, sorted(self.seeds), config.counts)
        for column in COUNTS:
            np.testing.assert_array_equal(self.live.counters.count(column), batch.count(column))
        ends, total = exact(delta, config.direction, self.seeds, PUSH.teleport)
        # Each walk is off by its residuals times the exact values; rounding by half a unit per walk.
        left = np.zeros(delta.n)
        for walk in self.live.walks.values():
            left[walk.rows] += np.abs(walk.residuals)
        off = np.abs(self.live.estimates - total)
        assert (off <= ends @ left + len(self.seeds) / UNIT + 1e-12).all()
        fresh = Live(delta, config)
        fresh.confirm(sorted(self.seeds))
        left_again = sum(np.abs(walk.residuals).sum() for walk in fresh.walks.values())
        apart = np.abs(self.live.estimates - fresh.estimates).sum()
        assert apart <= left.sum() + left_again + 1e-9


@pytest.fixture(autouse=True)
def _graphs(small):
    AnyOrderOfEvents.small = staticmethod(small)


TestAnyOrderOfEvents = AnyOrderOfEvents.TestCase
TestAnyOrderOfEvents.settings = settings(max_examples=40, stateful_step_count=30)


@pytest.fixture(scope="module")
def planted():
    """A follow graph of 600 accounts; rows of 30 that the same 60 follow, and of 10 known ones."""
    rng = np.random.default_rng(4)
    rows = rng.permutation(600)
    traders, buyers = rows[:30], rows[30:90]
    src = [rng.integers(0, 600, 4_000), np.repeat(buyers, 6)]
    dst = [rng.integers(0, 600, 4_000), rng.choice(traders, 6 * len(buyers))]
    return from_edges(np.concatenate(src), np.concatenate(dst), 600), traders, traders[:10]


def test_a_confirmation_brings_up_the_network(planted):
    graph, traders, known = planted
    live = Live(graph)
    found = live.confirm(known, top=20)
    assert len(found) == 20
    assert np.isin([one.row for one in found], traders).sum() >= 15
    assert live.candidates() == []
    first = found[0]
    assert first.name == graph.names[first.row]
    assert first.audience == live.counters.count(Count.AUDIENCE)[first.row]
    assert first.estimate == live.estimates[first.row]


def test_retracting_takes_away_exactly_what_confirming_brought(planted):
    graph, _, known = planted
    live, other = Live(graph), Live(graph)
    live.confirm(known)
    other.confirm(known[::-1][:-3])
    live.retract(known[:3])
    assert np.array_equal(live.estimates, other.estimates)
    for column in Count:
        assert np.array_equal(live.counters.count(column), other.counters.count(column))
    live.retract(known)
    assert not live.estimates.any()
    assert live.shares(5) == {}


def test_shares_tell_whose_walks_reach_an_account(planted):
    graph, traders, known = planted
    live = Live(graph)
    live.confirm(known[:4])
    row = int(traders[20])
    shares = live.shares(row)
    alone = {int(seed): Push(live.graph.ways(Direction.SYMMETRIC), int(seed))[row] for seed in known[:4]}
    assert sum(shares.values()) == pytest.approx(1)
    assert list(shares.values()) == sorted(shares.values(), reverse=True)
    for seed, share in shares.items():
        assert share == pytest.approx(alone[seed] / sum(alone.values()))


def test_follows_that_touch_no_walk_leave_the_estimates(planted):
    graph = from_edges(np.array([0, 5]), np.array([1, 6]), 9)
    live = Live(graph, LiveConfig(direction=Direction.ALONG))
    live.confirm([0])
    before = live.estimates.copy()
    assert live.link(FOLLOW, 5, 7)
    assert not live.link(FOLLOW, 5, 7)
    assert np.array_equal(live.estimates, before)
    assert live.link(FOLLOW, 1, 8)
    assert live.estimates[8] > 0
    assert [one.row for one in live.candidates()] == [8]
    assert live.unlink(FOLLOW, 1, 8)
    assert live.estimates[8] == pytest.approx(0, abs=1e-5)


def test_other_ties_between_accounts_change_the_graph_only(small):
    live = Live(small())
    live.confirm([0])
    assert live.link(LinkKind.COMMENT, 7, 8)
    assert live.graph.out(LinkKind.COMMENT, 7).tolist() == [8]
    assert live.unlink(LinkKind.COMMENT, 7, 8)
    assert live.candidates() == []


def test_top_takes_the_most_changed_and_breaks_ties_by_row():
    src, dst = np.repeat(np.arange(1, 20), 2), np.tile([0, 20], 19)
    live = Live(from_edges(src, dst, 21), LiveConfig(direction=Direction.ALONG))
    found = live.confirm([0], top=4)
    assert [one.row for one in found] == [20, 1, 2, 3]
    assert [one.audience for one in found] == [19, 0, 0, 0]
    assert live.confirm([20], top=0) == []


def test_works_on_a_graph_that_already_has_changes(small):
    delta = DeltaGraph(small())
    row = delta.account("account:new")
    delta.add(FOLLOW, row, 0)
    live = Live(delta)
    live.confirm([0])
    assert live.counters.count(Count.TO_SEEDS)[row] == 1
    with pytest.raises(BadInput, match="no account"):
        live.confirm([row + 1])


def test_past_the_limit_counters_alone_follow_a_confirmed_account(planted):
    graph, _, known = planted
    few, all_of_them = Live(graph, LiveConfig(most_walks=2)), Live(graph)
    for live in (few, all_of_them):
        live.confirm(known[:5])
    assert (len(few.walks), len(all_of_them.walks)) == (2, 5)
    audience = Count.AUDIENCE
    assert np.array_equal(few.counters.count(audience), all_of_them.counters.count(audience))
    few.retract(known[:5])
    assert not few.walks
    assert not few.estimates.any()

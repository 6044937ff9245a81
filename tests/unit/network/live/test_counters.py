import numpy as np
import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from havenwall.errors import BadConfig, BadInput
from havenwall.model import LinkKind
from havenwall.network.graph import from_edges
from havenwall.network.live import Count, Counters, CountRule, DeltaGraph, count_around

FOLLOW, TAG, MEDIA = LinkKind.FOLLOW, LinkKind.TAG_USE, LinkKind.SHARED_MEDIA
RULE = CountRule(hub=3, crowd=3)
COUNTS = (Count.TO_SEEDS, Count.FROM_SEEDS, Count.AUDIENCE, Count.AUDIENCE_TWO, Count.COTAGS)


def ones(rows, n, columns):
    matrix = np.zeros((n, columns), np.int64)
    for row, targets in enumerate(rows):
        matrix[row, targets] = 1
    return matrix


def from_scratch(delta, seeds, rule=RULE):
    """(n, 5) the counts by their definitions, on dense matrices."""
    n = delta.n
    follows = ones([delta.out(FOLLOW, row) for row in range(n)], n, n)
    seed = np.zeros(n, np.int64)
    seed[list(seeds)] = 1
    to_seeds = follows @ seed
    heard = follows.sum(axis=1) <= rule.hub
    cotags = np.zeros(n, np.int64)
    for kind, names in delta.things.items():
        uses = ones([delta.used(kind).out.row(row) for row in range(n)], n, len(names))
        cotags += uses @ ((seed @ uses) * (uses.sum(axis=0) <= rule.crowd))
    audience = follows.T @ (to_seeds * heard)
    return np.stack(
        [to_seeds, follows.T @ seed, audience, follows.T @ (heard & (to_seeds >= 2)), cotags], axis=1
    )


def counted(counters):
    return np.stack([counters.count(column) for column in COUNTS], axis=1)


rows, tags = st.integers(0, 10), st.integers(0, 4)


class AnyOrderOfEvents(RuleBasedStateMachine):
    @initialize(seed=st.integers(0, 5))
    def begin(self, seed):
        self.delta = DeltaGraph(self.small(seed))
        self.counters = Counters(self.delta, RULE)
        self.seeds = set()
        self.reported = counted(self.counters)

    @rule(row=rows)
    def confirm(self, row):
        row %= self.delta.n
        assert self.counters.confirm(row) == (row not in self.seeds)
        self.seeds.add(row)

    @precondition(lambda self: self.seeds)
    @rule(data=st.data())
    def retract(self, data):
        row = data.draw(st.sampled_from(sorted(self.seeds)))
        assert self.counters.retract(row)
        assert not self.counters.retract(row)
        self.seeds.remove(row)

    @rule(src=rows, dst=rows)
    def follow_or_not(self, src, dst):
        src, dst = src % self.delta.n, dst % self.delta.n
        if self.delta.add(FOLLOW, src, dst):
            self.counters.followed(src, dst)
        elif self.delta.remove(FOLLOW, src, dst):
            self.counters.followed(src, dst, -1)

    @rule(row=rows, tag=tags, kind=st.sampled_from([TAG, MEDIA]))
    def use_or_not(self, row, tag, kind):
        row, tag = row % self.delta.n, self.delta.thing(kind, f"tag:{tag}")
        if self.delta.use(kind, row, tag):
            self.counters.used(kind, row, tag)
        else:
            assert self.delta.disuse(kind, row, tag)
            self.counters.used(kind, row, tag, -1)

    @precondition(lambda self: self.delta.n < 40)
    @rule()
    def new_account(self):
        self.delta.account(f"account:new-{self.delta.n}")

    @rule()
    def ask_for_changes(self):
        changed, now = self.counters.changed(), counted(self.counters)
        before = np.zeros_like(now)
        before[: len(self.reported)] = self.reported
        assert set(np.flatnonzero((now != before).any(axis=1))) <= set(changed.tolist())
        assert len(set(changed.tolist())) == len(changed)
        self.reported = now

    @invariant()
    def counts_are_those_from_scratch(self):
        if hasattr(self, "delta"):
            np.testing.assert_array_equal(counted(self.counters), from_scratch(self.delta, self.seeds))
            assert self.counters.seeds.tolist() == sorted(self.seeds)


@pytest.fixture(autouse=True)
def _graphs(small):
    AnyOrderOfEvents.small = staticmethod(small)


TestAnyOrderOfEvents = AnyOrderOfEvents.TestCase
TestAnyOrderOfEvents.settings = settings(max_examples=60, stateful_step_count=40)


def test_a_follower_that_becomes_a_hub_takes_back_all_that_it_gave():
    graph = from_edges(np.array([0, 0, 0]), np.array([1, 2, 3]), 6)
    delta = DeltaGraph(graph)
    counters = count_around(delta, [1, 2], CountRule(hub=3))
    assert counters.count(Count.AUDIENCE).tolist() == [0, 2, 2, 2, 0, 0]
    assert counters.count(Count.AUDIENCE_TWO).tolist() == [0, 1, 1, 1, 0, 0]
    delta.add(FOLLOW, 0, 4)
    counters.followed(0, 4)
    assert not counters.count(Count.AUDIENCE).any()
    assert counters.count(Count.TO_SEEDS).tolist() == [2, 0, 0, 0, 0, 0]
    delta.remove(FOLLOW, 0, 1)
    counters.followed(0, 1, -1)
    assert counters.count(Count.AUDIENCE).tolist() == [0, 0, 1, 1, 1, 0]
    assert not counters.count(Count.AUDIENCE_TWO).any()


def test_the_order_of_confirmations_does_not_matter_and_retracting_all_leaves_nothing():
    rng = np.random.default_rng(2)
    graph = from_edges(rng.integers(0, 200, 2_000), rng.integers(0, 200, 2_000), 200)
    seeds = rng.permutation(200)[:50]
    one, other = count_around(DeltaGraph(graph), seeds), count_around(DeltaGraph(graph), seeds[::-1])
    assert np.array_equal(counted(one), counted(other))
    assert counted(one).any()
    for row in rng.permutation(seeds):
        one.retract(int(row))
    assert not counted(one).any()


def test_changed_names_each_account_once_and_then_none():
    counters = Counters(DeltaGraph(from_edges(np.array([0, 0, 3]), np.array([1, 2, 1]), 5)))
    counters.confirm(1)
    assert sorted(counters.changed().tolist()) == [0, 1, 2, 3]
    assert counters.changed().tolist() == []
    counters.retract(1)
    assert sorted(counters.changed().tolist()) == [0, 1, 2, 3]


def test_wrong_rows_and_rules_are_refused():
    counters = Counters(DeltaGraph(from_edges(np.array([0]), np.array([1]), 2)))
    with pytest.raises(BadInput, match="no account 2 among 2"):
        counters.confirm(2)
    assert counters.seeds.tolist() == []
    assert not counters.retract(1)
    for name in ("hub", "crowd"):
        with pytest.raises(BadConfig, match=name):
            CountRule(**{name: 0})

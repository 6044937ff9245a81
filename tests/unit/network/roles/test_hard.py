"""The bars of role typing on a small hard platform; `benchmarks/bench_roles.py` measures the full one."""

import numpy as np
import pytest

from havenwall.model import Lane
from havenwall.network.roles import Hints, type_roles
from havenwall.network.roles.rates import marked, sums
from havenwall.sandbox.hard import HardConfig, HardPart, generate_hard, seeds

NOBODY = np.empty(0, np.int64)
BYSTANDERS = (HardPart.VICTIM, HardPart.PRESS, HardPart.LOOKALIKE, HardPart.CELEBRITY)


class Case:
    """A platform and the 200 accounts with the most followers that follow two confirmed accounts."""

    def __init__(self, camouflage):
        self.platform = generate_hard(HardConfig.scaled(10_000, camouflage=camouflage), seed=31)
        self.graph = self.platform.graph()
        self.known = seeds(self.platform, 10, np.random.default_rng(31))
        heard = sums(self.graph.follows, marked(self.graph.n, self.known))
        shared = sums(self.graph.follows.flipped, (heard >= 2).astype(np.float32))
        shared[self.known] = -1
        self.top = np.argsort(-shared, kind="stable")[:200]

    def enforced(self, part, hints=None):
        table = type_roles(self.graph, self.known, NOBODY, hints=hints, rows=self.top)
        return (self.platform.part[table.in_lane(Lane.ENFORCEMENT)] == part).sum()


@pytest.fixture(scope="module", params=[1.0, 3.0])
def case(request):
    return Case(request.param)


def test_the_list_holds_bystanders_and_traders(case):
    for part in (HardPart.VICTIM, HardPart.LOOKALIKE, HardPart.CELEBRITY, HardPart.TRADER):
        assert (case.platform.part[case.top] == part).sum() >= 3


def test_bystanders_in_the_list_are_not_enforced(case):
    assert sum(case.enforced(part) for part in BYSTANDERS) <= 1


def test_half_of_the_traders_are(case):
    assert case.enforced(HardPart.TRADER) >= 0.5 * (case.platform.part[case.top] == HardPart.TRADER).sum()


def test_victims_with_evidence_never_are_even_if_all_were_over_the_threshold(case):
    minor = case.platform.hints.minor
    table = type_roles(case.graph, case.known, NOBODY, hints=Hints(minor=minor))
    sought = table.features.column("buyers") >= 3
    silent = table.features.column("buyers_answered") < 0.5
    evident = np.flatnonzero((case.platform.part == HardPart.VICTIM) & (minor | (sought & silent)))
    assert len(evident) > 20
    assert not np.isin(evident, table.in_lane(Lane.ENFORCEMENT)).any()

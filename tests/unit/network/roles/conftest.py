import numpy as np
import pytest

from havenwall.model import LinkKind
from havenwall.network.graph import Graph, Names, NumberNames, from_pairs

SIZES = {
    "trader": 24,
    "buyer": 60,
    "victim": 8,
    "press": 4,
    "lookalike": 6,
    "fan": 80,
    "celebrity": 1,
    "hub": 1,
    "ordinary": 2400,
}


class Village:
    """A small platform with a network; its rows are shuffled so that order tells nothing."""

    def __init__(self, seed=0):
        rng = np.random.default_rng(seed)
        self.n = sum(SIZES.values())
        order, starts = rng.permutation(self.n), np.cumsum([0, *SIZES.values()])
        self.rows = {
            name: np.sort(order[starts[place] : starts[place + 1]]) for place, name in enumerate(SIZES)
        }
        self.pairs = set()
        self._follow(rng)
        self.seeds = self.rows["trader"][:10]
        users = np.concatenate([self.rows["trader"][8:14], self.rows["ordinary"][:3], self.rows["ordinary"]])
        tags = from_pairs(users, (np.arange(len(users)) > 8).astype(int), (self.n, 2))
        self.graph = self.make(tags)

    def make(self, tags=None):
        src, dst = np.array(sorted(self.pairs)).T
        follows = from_pairs(src, dst, (self.n, self.n), loops=False)
        uses = {} if tags is None else {LinkKind.TAG_USE: tags}
        things = {} if tags is None else {LinkKind.TAG_USE: Names.from_list(["tag:tag-01", "tag:tag-02"])}
        return Graph(NumberNames(range(self.n)), {LinkKind.FOLLOW: follows}, uses, things)

    def _some(self, rng, sources, targets, size, back=0.0):
        for source in sources:
            for target in rng.choice(targets, min(size, len(targets)), replace=False):
                if source != target:
                    self.pairs.add((int(source), int(target)))
                    if rng.random() < back:
                        self.pairs.add((int(target), int(source)))

    def _follow(self, rng):
        rows = self.rows
        everybody, ordinary = np.arange(self.n), rows["ordinary"]
        self._some(rng, everybody, ordinary, 8, back=0.2)
        self._some(rng, everybody[::2], rows["celebrity"], 1)
        self._some(rng, rows["buyer"], ordinary, 16)
        self._some(rng, rows["buyer"], rows["trader"], 6, back=0.1)
        self._some(rng, rows["trader"], rows["trader"], 5, back=0.6)
        for victim in rows["victim"]:
            for buyer in rng.choice(rows["buyer"], 9, replace=False):
                self.pairs.add((int(buyer), int(victim)))
        self._some(rng, rows["press"], rows["trader"], 18)
        self._some(rng, rows["press"], rows["press"], 2)
        self._some(rng, rows["fan"], rows["lookalike"], 4)
        self._some(rng, rows["buyer"][:15], rows["lookalike"], 2)
        self._some(rng, rows["hub"], rows["trader"], 22, back=0.9)
        self._some(rng, rows["buyer"][::3], rows["hub"], 1)


@pytest.fixture(scope="session")
def village():
    return Village()

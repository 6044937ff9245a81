"""The risk of groups, tags, domains and media: ranking, coverage of intervals, successors of tags, speed.

Laws: things whose true share is drawn, users with exact probabilities. Hard sandbox: 20,000 accounts, 70
traders (the members), 14 of them confirmed; the probability of the others is an isotonic curve of one count
(followers of two confirmed accounts or more), fitted on the other draws. It stands in for the evidence model,
so that what is measured here is the step from accounts to things. An interval is judged on users that it has
not seen: half the users of each thing make it, the other half are counted (randomised, because counts are
whole numbers).
"""

from __future__ import annotations

import time

import numpy as np
from scipy.stats import binom
from sklearn.isotonic import IsotonicRegression
from sklearn.metrics import average_precision_score

from havenwall.model import EntityKind, LinkKind
from havenwall.network.graph import Csr, Graph, Names, from_pairs
from havenwall.network.things import ThingConfig, judge, successions, tag_evidence, thing_risks, who_uses
from havenwall.network.things.likelihood import SHARE
from havenwall.network.things.prior import fit_prior
from havenwall.network.things.shares import posterior, shares
from havenwall.network.things.votes import cast_votes
from havenwall.sandbox.hard import HardConfig, HardPart, generate_hard, seeds

CONFIG = ThingConfig()
LAWS, DRAWS = 24, 20
NETWORK = int(HardPart.TRADER)


class Tally:
    """Counts of things, and of those above and below their interval."""

    def __init__(self) -> None:
        self.rows: dict[str, np.ndarray] = {}

    def add(self, name: str, place: np.ndarray) -> None:
        """Places of truths in their posteriors, 0..1."""
        counts = np.array([len(place), (place > 0.975).sum(), (place < 0.025).sum()])
        self.rows[name] = self.rows.get(name, np.zeros(3, int)) + counts

    def show(self) -> None:
        for name, (size, above, below) in self.rows.items():
            inside, error = 1 - (above + below) / size, np.sqrt(0.95 * 0.05 / size)
            print(
                f"| {name} | {size} | {inside:.3f} ± {error:.3f} | {above / size:.3f} | {below / size:.3f} |"
            )


def laws() -> None:
    print("\n| laws: things | number | in the 95 % interval | truth above | below |\n|---|---|---|---|---|")
    tally = Tally()
    for draw in range(LAWS):
        rng = np.random.default_rng(draw)
        network = rng.random(3_000) < (0.02, 0.01, 0.005)[draw % 3]
        share = np.where(network, rng.beta(2, 2, 3_000), rng.beta(1.2, 300, 3_000))
        size = np.clip(rng.lognormal(2.5, 1.3, 3_000), 1, 20_000).astype(int)
        member = rng.random(size.sum()) < np.repeat(share, size)
        pull, rate = (2.0, 3.0, 4.0)[draw // 3 % 3], member.mean()
        odds = rate / (1 - rate) * 0.8 * np.exp(pull * rng.normal(pull * member) - pull**2 / 2)
        chance = np.where(member & (rng.random(len(member)) < 0.2), 1.0, odds / (1 + odds))
        bounds = np.concatenate([[0], np.cumsum(size)]).astype(np.int64)
        users = Csr(bounds, np.arange(len(chance), dtype=np.uint32), len(chance))
        votes = cast_votes(users, chance, np.arange(len(chance)), np.ones(len(chance)), CONFIG.likely)
        prior = fit_prior(votes, float(chance.mean()), CONFIG.most_users)
        found = shares(votes, np.arange(len(size)), prior, CONFIG.level, CONFIG.most_users)
        place = np.where(share > found.high, 1.0, np.where(share < found.low, 0.0, 0.5))
        for name, rows in (
            ("all", np.ones(len(size), bool)),
            ("with a confirmed or likely user", votes.independent > 0),
            ("with two or more", votes.independent > 1),
            ("lower bound over 5 %", found.low > CONFIG.floor),
        ):
            tally.add(name, place[rows])
    tally.show()


class Draw:
    """One platform with what is known of it."""

    def __init__(self, seed: int) -> None:
        platform = generate_hard(HardConfig.scaled(20_000), 500 + seed)
        self.graph = platform.graph()
        self.member = platform.part == HardPart.TRADER
        self.known = seeds(platform, 14, np.random.default_rng(seed))
        self.count = _followers_of_two(self.graph, self.known)
        self.scene = {
            name: int(scene)
            for things in platform.catalogues.values()
            for name, scene in zip(things.names, things.scene, strict=True)
        }
        self.probability = np.zeros(self.graph.n)

    def calibrate(self, others: list[Draw]) -> None:
        count = np.concatenate([np.delete(other.count, other.known) for other in others])
        member = np.concatenate([np.delete(other.member, other.known) for other in others])
        self.probability = IsotonicRegression(out_of_bounds="clip").fit(count, member).predict(self.count)
        self.probability[self.known] = 1.0


def _followers_of_two(graph: Graph, known: np.ndarray) -> np.ndarray:
    start = np.zeros((graph.n, 1), np.float32)
    start[known] = 1
    follows = graph.follows
    keen = (follows.gather(start) >= 2) / np.maximum(np.log2(2 + follows.degree), 1)[:, None]
    return follows.flipped.gather(keen)[:, 0] / np.sqrt(1 + follows.flipped.degree)


def hard(draws: list[Draw]) -> None:
    hidden = [np.delete(np.arange(draw.graph.n), draw.known) for draw in draws]
    score = np.mean(
        [
            average_precision_score(draw.member[rows], draw.probability[rows])
            for draw, rows in zip(draws, hidden, strict=True)
        ]
    )
    print(
        f"\nHard sandbox, {len(draws)} draws. Average precision of the accounts' probabilities: {score:.2f}"
    )
    print("| network things among | average precision by lower bound | by raw share | by raw count ", end="")
    print("| over threshold | of them the network's | of the network's |\n|---|---|---|---|---|---|---|")
    for name, kinds in (
        ("tags", {EntityKind.TAG}),
        ("groups", {EntityKind.GROUP}),
        ("all kinds", set(EntityKind)),
    ):
        figures = np.array([_ranked(draw, kinds) for draw in draws])
        low, share, count = figures[:, :3].mean(axis=0)
        over, right, network = figures[:, 3:].sum(axis=0)
        print(f"| {name} | {low:.2f} | {share:.2f} | {count:.2f} | {over:.0f} ", end="")
        print(f"| {right / max(over, 1):.2f} | {right / network:.2f} |")
    print(
        "\n| unseen users of things | number | in the 95 % interval | more | fewer |\n|---|---|---|---|---|"
    )
    tally = Tally()
    for number, draw in enumerate(draws):
        _halves(draw, tally, np.random.default_rng(number))
    tally.show()


def _ranked(draw: Draw, kinds: set[EntityKind]) -> list[float]:
    """Average precision by lower bound, raw share, raw count; things over the threshold, right ones, all."""
    every = ThingConfig(margin=100_000)
    risks = [
        risk for risk in thing_risks(draw.graph, draw.probability, draw.known, every) if risk.kind in kinds
    ]
    used = [name for uses in who_uses(draw.graph) if uses.kind in kinds for name in uses.names]
    number = {name: row for row, name in enumerate(used)}
    truth = np.array([draw.scene[name] == NETWORK for name in used])
    scores = np.zeros((3, len(used)))
    for risk in risks:
        suspects = risk.confirmed + risk.likely
        scores[:, number[risk.entity]] = risk.low, suspects / risk.users, suspects
    over = [truth[number[risk.entity]] for risk in risks if risk.over_threshold]
    return [*(average_precision_score(truth, score) for score in scores), len(over), sum(over), truth.sum()]


def _halves(draw: Draw, tally: Tally, rng: np.random.Generator) -> None:
    """Intervals from a random half of the uses, judged on the other half."""
    for uses in who_uses(draw.graph):
        users = uses.users
        seen = rng.random(users.links) < 0.5
        shape = (users.rows, users.columns)
        half, rest = (from_pairs(users.sources()[m], users.indices[m], shape) for m in (seen, ~seen))
        accounts = np.arange(users.columns)
        votes = cast_votes(half, draw.probability, accounts, np.ones(half.links), CONFIG.likely)
        base = float(draw.probability[np.unique(users.indices)].mean())
        both = np.flatnonzero((half.degree > 0) & (rest.degree > 0))
        prior = fit_prior(votes, base, CONFIG.most_users)
        mass = posterior(votes, both, prior, CONFIG.most_users)
        found = np.bincount(rest.sources(), draw.member[rest.indices], minlength=users.rows)[both, None]
        size = rest.degree[both, None]
        upto, below = ((mass * binom.cdf(count, size, SHARE)).sum(axis=1) for count in (found, found - 1))
        place = below + (upto - below) * rng.random(len(both))
        scene = np.array([draw.scene[name] for name in uses.names.many(both)])
        for name, rows in (
            ("all", np.ones(len(both), bool)),
            ("with a confirmed or likely user", votes.independent[both] > 0),
            ("with two or more", votes.independent[both] > 1),
            ("neither scene's", scene == HardPart.ORDINARY),
            ("look-alikes'", scene == HardPart.LOOKALIKE),
            ("the network's (chosen by the truth)", scene == NETWORK),
        ):
            tally.add(name, place[rows])


def rotation() -> None:
    platform = generate_hard(HardConfig(), 1)
    things = platform.catalogues[LinkKind.TAG_USE]
    scene = dict(zip(things.names, things.scene.tolist(), strict=True))
    tags = next(uses for uses in who_uses(platform.graph()) if uses.kind is EntityKind.TAG)
    began = time.perf_counter()
    found = successions(tags)
    seconds = time.perf_counter() - began
    same = sum(scene[one.old] == scene[one.new] != HardPart.ORDINARY for one in found)
    network = len({one.new for one in found if scene[one.new] == NETWORK})
    print(f"\nHard sandbox of {platform.config.accounts:,} accounts, {len(tags.names):,} tags: ", end="")
    print(
        f"{len(found)} pairs of old and new tag, {same} of them within one rotating set; {network} of ",
        end="",
    )
    print(f"the network's {platform.config.network_tags} tags are somebody's successor; {seconds:.1f} s")


def speed() -> None:
    rng = np.random.default_rng(0)
    accounts, tags, uses = 200_000, 50_000, 1_000_000
    rank = np.minimum((tags ** rng.random(uses) - 1).astype(np.int64), tags - 1)
    matrix = from_pairs(
        rng.integers(0, accounts, uses), rank, (accounts, tags), since=rng.integers(1, 2**31, uses)
    )
    names, things = (
        Names.from_list(f"{kind}:{row:08}" for row in range(size))
        for kind, size in (("account", accounts), ("tag", tags))
    )
    graph = Graph(names, {}, {LinkKind.TAG_USE: matrix}, {LinkKind.TAG_USE: things})
    known = np.arange(700)
    chance = rng.beta(0.05, 10, accounts)
    print(f"\n{matrix.links:,} uses of {tags:,} tags by {accounts:,} accounts, seconds (least of 3, warm)")
    thing_risks(graph, chance, known)
    found = judge(graph, chance, known, CONFIG)
    old = found[0].suspects[:200]
    for name, call in (
        ("risks of all things", lambda: thing_risks(graph, chance, known)),
        ("evidence about 100 accounts", lambda: tag_evidence(found, np.arange(100), CONFIG)),
        ("successors of 200 tags", lambda: successions(found[0].uses, old)),
    ):
        spent = []
        for _ in range(3):
            began = time.perf_counter()
            call()
            spent.append(time.perf_counter() - began)
        print(f"  {name}: {min(spent):.2f}")


def main() -> None:
    laws()
    draws = [Draw(seed) for seed in range(DRAWS)]
    for draw in draws:
        draw.calibrate([other for other in draws if other is not draw])
    hard(draws)
    rotation()
    speed()


if __name__ == "__main__":
    main()

"""How true the reasons of a score are: the score foretold without a seed, and what taking seeds back does.

A hard sandbox of 60,000 accounts, 210 traders, `SEEDS` of them confirmed, on draws that served for nothing
else.

Foretold: a reason says what an account's score would be without each of its first seeds (`SeedShare.without`:
features again, weights and role kept). That is set beside the score after everything was really run again
with the seed taken back: folds, model, calibration, roles. `REMOVED` seeds of each draw are taken back in
turn, those that stand first behind most of the accounts; measured are the accounts told of (over the
threshold and 200 below) that have the seed among their first three. The peer foretells nothing: the score
stays as it was. "Another model" is how far accounts move of which the seed is none of the 20 told: they move
because weights and roles do, which no reason can foretell. Sides are those of the threshold; what really
happens is judged by the threshold of the new run, what is foretold by that of the old.

Deletion (after Samek et al., 2017): of the accounts over the threshold that are told `FEWEST` seeds or more,
the first `DELETED`, the first 1, 3 and 5 seeds by share are taken back, beside as many random others of the
seeds told (mean of `LOTS` lots), and beside those whose taking back alone lowers the score most. Scores by
ties alone, exact features, the weights that were learned.
"""

from __future__ import annotations

from collections import Counter
from datetime import UTC, datetime

import numpy as np
from scipy.stats import spearmanr

from havenwall.model import Risk
from havenwall.network import find_network, make_risks
from havenwall.network.evidence import Links
from havenwall.network.find import Found
from havenwall.network.graph import Graph
from havenwall.network.reasons import rescored
from havenwall.sandbox.hard import HardConfig, generate_hard, seeds

ACCOUNTS, SEEDS, DRAWS = 60_000, 35, (801, 802)
REMOVED, DELETED, LOTS, MARGIN = 6, 30, 5, 200
SIZES = (1, 3, 5)
FEWEST = 10
NOW = datetime(2026, 6, 1, tzinfo=UTC)


class Case:
    """One platform, its confirmed accounts, what was found and why."""

    def __init__(self, draw: int) -> None:
        platform = generate_hard(HardConfig.scaled(ACCOUNTS), draw)
        self.draw = draw
        self.graph: Graph = platform.graph()
        self.known = seeds(platform, SEEDS, np.random.default_rng(draw))
        self.links = Links(self.graph, 400)
        self.found: Found = find_network(self.graph, self.known)
        self.risks: tuple[Risk, ...] = make_risks(
            self.links, self.found, self.known, "run", NOW, margin=MARGIN
        )
        self.rows = np.array([self.graph.names.row(risk.entity) for risk in self.risks])

    def first_seeds(self) -> list[str]:
        often = Counter(share.seed for risk in self.risks for share in risk.seeds[:3])
        return [seed for seed, _ in often.most_common(REMOVED)]

    def really(self, seed: str) -> tuple[np.ndarray, np.ndarray]:
        """(risks,) scores after scoring again without a seed, not a number for those no longer looked at; and
        whether each is over the threshold."""
        rest = np.setdiff1d(self.known, [self.graph.names.row(seed)])
        found = find_network(self.graph, rest)
        score, over = np.full(self.graph.n, np.nan), np.zeros(self.graph.n, bool)
        score[found.rows], over[found.rows] = found.score, found.over_threshold
        return score[self.rows], over[self.rows]


def foretold(case: Case) -> tuple[np.ndarray, np.ndarray]:
    """(pairs, 6) score before, foretold, really, whether over before, foretold, really; and the (moves,) of
    accounts that the seed is not told of."""
    pairs, model = [], []
    for seed in case.first_seeds():
        really, over = case.really(seed)
        for risk, after, is_over in zip(case.risks, really.tolist(), over.tolist(), strict=True):
            told = {share.seed: share.without for share in risk.seeds[:3]}
            if seed not in {share.seed for share in risk.seeds} and np.isfinite(after):
                model.append(after - risk.score)
            if told.get(seed) is not None and np.isfinite(after):
                below = told[seed] >= case.found.threshold
                pairs.append((risk.score, told[seed], after, risk.over_threshold, below, is_over))
    return np.array(pairs, float), np.array(model)


def told_of_scores(pairs: np.ndarray, model: np.ndarray) -> None:
    before, told, after, over, told_over, really_over = pairs.T
    print("\n| foretold against really, one seed taken back | |\n|---|---|")
    said, did = (over > 0) & (told_over == 0), (over > 0) & (really_over == 0)
    rows = (
        ("pairs of account and seed", f"{len(pairs):,}"),
        ("rank correlation of scores", f"{spearmanr(told, after).statistic:.3f}"),
        ("- peer", f"{spearmanr(before, after).statistic:.3f}"),
        ("rank correlation of falls", f"{spearmanr(before - told, before - after).statistic:.3f}"),
        ("median absolute error of the score", f"{np.median(np.abs(told - after)):.2f}"),
        ("- peer", f"{np.median(np.abs(before - after)):.2f}"),
        ("median fall foretold", f"{np.median(before - told):.2f}"),
        ("median fall really", f"{np.median(before - after):.2f}"),
        ("median move by another model alone, either way", f"{np.median(np.abs(model)):.2f}"),
        ("same side of the threshold", f"{np.mean(told_over == really_over):.3f}"),
        ("- peer", f"{np.mean(over == really_over):.3f}"),
        ("pairs over the threshold before", f"{int(over.sum())}"),
        ("- of them foretold to fall under it", f"{int(said.sum())}"),
        ("- of them really under it", f"{int(did.sum())}"),
        ("- both", f"{int((said & did).sum())}"),
    )
    for name, value in rows:
        print(f"| {name} | {value} |")


def taken(case: Case, risk: Risk, rng: np.random.Generator) -> np.ndarray:
    """(3, sizes) falls of the score: by share, at random, by what each does alone."""
    row = np.array([case.graph.names.row(risk.entity)])
    told = np.array([case.graph.names.row(share.seed) for share in risk.seeds])
    alone = after(case, row, [told[[place]] for place in range(len(told))])
    best = told[np.argsort(alone, kind="stable")]
    lots = [
        rng.choice(told[size:] if len(told) >= 2 * size else told, size, replace=False)
        for size in SIZES
        for _ in range(LOTS)
    ]
    sets = [told[:size] for size in SIZES] + [best[:size] for size in SIZES] + lots
    scores = after(case, row, [np.empty(0, np.int64), *sets])
    falls = scores[0] - scores[1:]
    return np.stack([falls[:3], falls[6:].reshape(len(SIZES), LOTS).mean(axis=1), falls[3:6]])


def after(case: Case, row: np.ndarray, gone: list[np.ndarray]) -> np.ndarray:
    """(sets,) scores by ties of one account without each set of seeds."""
    sets = np.zeros((case.graph.n, len(gone)), np.float32)
    sets[case.known] = 1
    for column, rows in enumerate(gone):
        sets[rows, column] = 0
    return np.array([score[0] for score in rescored(case.links, case.found.scored, sets, row)])


def deletion(cases: list[Case]) -> None:
    falls = []
    for case in cases:
        rng = np.random.default_rng(case.draw)
        wanted = [risk for risk in case.risks if risk.over_threshold and len(risk.seeds) >= FEWEST]
        falls += [taken(case, risk, rng) for risk in wanted[: DELETED // len(cases)]]
    share, lot, best = np.mean(falls, axis=0)
    print(
        f"\n| seeds taken back, {len(falls)} accounts | fall by share | at random | by what each does alone ",
        end="",
    )
    print("| share / random | share / alone | falls more than at random |\n|" + "---|" * 7)
    more = np.mean([each[0] > each[1] for each in falls], axis=0)
    for place, size in enumerate(SIZES):
        one, other, most = share[place], lot[place], best[place]
        ratios = f"{one / other:.2f} | {one / most:.2f} | {more[place]:.0%}"
        print(f"| first {size} | {one:.2f} | {other:.2f} | {most:.2f} | {ratios} |")


def main() -> None:
    cases = [Case(draw) for draw in DRAWS]
    for case in cases:
        over = int(case.found.over_threshold.sum())
        print(f"draw {case.draw}: {case.graph.n:,} accounts, {len(case.known)} confirmed, {over} over")
    deletion(cases)
    told, model = zip(*(foretold(case) for case in cases), strict=True)
    told_of_scores(np.concatenate(told), np.concatenate(model))


if __name__ == "__main__":
    main()

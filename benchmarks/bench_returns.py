"""Returns of removed accounts on hard platforms: what is found, and who is wrongly linked.

20,000 accounts and 60 removed ones per draw, on draws that no weight or setting was chosen on. A link is
right if it names the very account that came back as the very newcomer. Then 100,000 newcomers by 5,000
removed accounts, and the ways to find candidates.
"""

from __future__ import annotations

import time
from collections.abc import Iterable, Mapping

import msgspec
import numpy as np
import polars as pl
import scipy.sparse as sp

from havenwall.network.returns import (
    PRIOR,
    Comparison,
    History,
    Kind,
    ReturnConfig,
    Scorecard,
    compare,
    factors,
    find_returns,
    fit_returns,
    history_of,
    judge,
)
from havenwall.network.returns.assign import assign
from havenwall.network.returns.candidates import shortlist
from havenwall.network.returns.sketch import ranks
from havenwall.sandbox.hard import HardConfig, HardPlatform, generate_hard, hard_events

SEEDS = range(1, 9)
RIVALS = 49
_AT = pl.Datetime("us", "UTC")
_DAY = 86_400_000_000


class Truth(msgspec.Struct, frozen=True, eq=False):
    """Who came back as whom and who only seems to have: keys former row * n + newcomer row."""

    returns: np.ndarray
    family: np.ndarray
    fans: np.ndarray


def history(platform: HardPlatform, days: float | None = None, again: float = 1.0) -> History:
    """What the journal tells.

    Args:
        days: leave out what successors did, or had done to them, later than this after removal and creation.
        again: share of the common followers of a removed account and its successor that stay with the latter.
    """
    events, gone = pl.concat(hard_events(platform)), platform.former.gone
    ids, back = pl.Series(platform.ids), gone.replaced
    if days is not None:
        late = np.maximum(gone.lives.removed_at[back.former], platform.created_at[back.account])
        cut = pl.DataFrame(
            {"end": ids.gather(back.account), "cut": pl.Series(late + round(days * _DAY)).cast(_AT)}
        )
        for end in ("entity", "target"):
            events = events.join(cut, left_on=end, right_on="end", how="left")
            events = events.filter(pl.col("cut").is_null() | (pl.col("at") <= pl.col("cut"))).drop("cut")
    if again < 1:
        successor = np.full(len(platform.former.ids), -1)
        successor[back.former] = back.account
        audience = platform.former.followers
        lost = (np.random.default_rng(0).random(audience.account.size) > again) & (
            successor[audience.former] >= 0
        )
        ends = {"entity": audience.account[lost], "target": successor[audience.former[lost]]}
        gone_ties = pl.DataFrame({end: ids.gather(rows) for end, rows in ends.items()}).with_columns(
            link=pl.lit("follow")
        )
        events = events.join(gone_ties, on=["entity", "target", "link"], how="anti")
    return history_of(events)


def truth(platform: HardPlatform, past: History) -> Truth:
    gone, n = platform.former.gone, past.graph.n
    former, living = (past.graph.names.places(pl.Series(ids)) for ids in (platform.former.ids, platform.ids))
    return Truth(
        *(
            former[pairs.former] * n + living[pairs.account]
            for pairs in (gone.replaced, gone.family, gone.fans)
        )
    )


def without(comparison: Comparison, *kinds: Kind) -> Comparison:
    """As if nobody knew of some kinds of evidence."""
    past = comparison.history
    if Kind.NAME in kinds:
        nameless = msgspec.structs.replace(past, names=((),) * past.graph.n)
        return without(
            compare(nameless, comparison.config), *(kind for kind in kinds if kind is not Kind.NAME)
        )
    kept = {kind: part for kind, part in comparison.sets.items() if kind not in kinds}
    return msgspec.structs.replace(comparison, sets=kept)


def figures(comparison: Comparison, known: Truth, card: Scorecard = PRIOR) -> dict[str, float]:
    """Counts of one draw at the default threshold, and the mean reciprocal rank of parents."""
    n, judged, config = comparison.history.graph.n, judge(comparison, scorecard=card), comparison.config
    told = np.flatnonzero((judged.probability >= config.threshold) & (judged.kinds >= config.kinds))
    told = told[assign(judged.probability[told], judged.former[told], judged.newcomer[told], 1)]
    key = judged.former[told] * n + judged.newcomer[told]
    right, family, fans = (np.isin(key, part).sum() for part in (known.returns, known.family, known.fans))
    return {
        "told": len(key),
        "right": right,
        "family": family,
        "fans": fans,
        "other": len(key) - right - family - fans,
        "returns": len(known.returns),
        "mrr": reciprocal_rank(comparison, known, card),
    }


def reciprocal_rank(comparison: Comparison, known: Truth, card: Scorecard) -> float:
    """Mean over returns of 1 / rank of the parent among 50 removed accounts; equals count against us."""
    n, rng, past = comparison.history.graph.n, np.random.default_rng(0), comparison.history
    ranks_of = []
    for key in known.returns.tolist():
        others = rng.choice(np.setdiff1d(past.former, [key // n]), RIVALS, replace=False)
        former = np.concatenate([[key // n], others])
        score = card.log_odds(factors(comparison, former, np.full(len(former), key % n)))
        ranks_of.append(1 / (1 + (score[1:] >= score[0]).sum()))
    return float(np.mean(ranks_of))


def row(name: str, parts: Iterable[Mapping[str, float]]) -> None:
    table = list(parts)
    total = {key: sum(part[key] for part in table) for key in table[0]}
    precision, recall = total["right"] / max(total["told"], 1), total["right"] / max(total["returns"], 1)
    wrong = " | ".join(str(int(total[key])) for key in ("family", "fans", "other"))
    mrr = np.mean([part["mrr"] for part in table])
    print(
        f"| {name} | {total['told']:.0f} | {precision:.3f} | {recall:.3f} | {mrr:.3f} | {wrong} |", flush=True
    )


def learned(draws: list[tuple[Comparison, Truth]]) -> Scorecard:
    """What reviewers of those draws would teach: every pair likely enough to be looked at."""
    parts = [(judge(comparison), comparison.history.graph.n, known) for comparison, known in draws]
    label = [np.isin(part.former * n + part.newcomer, known.returns) for part, n, known in parts]
    return fit_returns(np.concatenate([part.factors for part, _, _ in parts]), np.concatenate(label))


def calibration(draws: list[tuple[Comparison, Truth]], cards: list[Scorecard]) -> None:
    chance, right = [], []
    for (comparison, known), card in zip(draws, cards, strict=True):
        judged = judge(comparison, scorecard=card)
        enough = (judged.kinds >= 2) & (judged.probability >= 0.1)
        key = judged.former * comparison.history.graph.n + judged.newcomer
        chance.append(judged.probability[enough])
        right.append(np.isin(key[enough], known.returns))
    p, hit = np.concatenate(chance), np.concatenate(right)
    bucket = np.minimum((p * 5).astype(int), 4)
    cells = [
        f"{p[bucket == b].mean():.2f} → {hit[bucket == b].mean():.2f} ({(bucket == b).sum()})"
        for b in range(5)
    ]
    print("| " + " | ".join(cells) + " |", flush=True)


def accuracy() -> None:
    platforms = [generate_hard(HardConfig.scaled(20_000, removed=60), seed) for seed in SEEDS]
    draws = []
    for platform in platforms:
        past = history(platform)
        draws.append((compare(past, ReturnConfig()), truth(platform, past)))
    pairs = [sum(len(getattr(known, kind)) for _, known in draws) for kind in ("returns", "family", "fans")]
    print(
        f"{len(draws)} draws: {pairs[0]} returns, {pairs[1]} relatives, {pairs[2]} fans of removed accounts\n"
    )
    print("| evidence | told | precision | recall | MRR of 50 | false: family | fans | other |")
    print("|---|---|---|---|---|---|---|---|")
    row("all", (figures(*draw) for draw in draws))
    halves = [learned(draws[len(draws) // 2 :]), learned(draws[: len(draws) // 2])]
    cards = [halves[place >= len(draws) // 2] for place in range(len(draws))]
    row(
        "all, weights learned on other draws",
        (figures(*draw, card) for draw, card in zip(draws, cards, strict=True)),
    )
    for name, kinds in (
        ("names", [Kind.NAME]),
        ("follows and audience", [Kind.FOLLOWS, Kind.AUDIENCE]),
        ("audience", [Kind.AUDIENCE]),
        ("media and contacts", [Kind.MEDIA, Kind.CONTACT]),
    ):
        row(f"without {name}", (figures(without(draw[0], *kinds), draw[1]) for draw in draws))
    for name, change in (
        ("1 day after the return", {"days": 1}),
        ("7 days after it", {"days": 7}),
        ("a third of the old followers again", {"again": 1 / 3}),
        ("a tenth of the old followers again", {"again": 0.1}),
    ):
        pasts = [history(platform, **change) for platform in platforms]
        changed = [
            (compare(past, ReturnConfig()), truth(platform, past))
            for platform, past in zip(platforms, pasts, strict=True)
        ]
        row(f"all, {name}", (figures(*draw) for draw in changed))
    nobody = 0
    for comparison, known in draws:
        past = comparison.history
        living = np.setdiff1d(np.flatnonzero(past.removed < 0), known.returns % past.graph.n)
        nobody += len(find_returns(past, newcomers=living))
    print(f"\nWith every true return taken out, {nobody} links are told in {len(draws)} draws.")
    print("\nChance said → share that was right (pairs), by fifths; given weights, then learned ones:")
    calibration(draws, [PRIOR] * len(draws))
    calibration(draws, cards)


def banded(former: sp.csr_array, newcomers: sp.csr_array, bands: int = 32, rows: int = 2) -> np.ndarray:
    """The peer: MinHash signatures in bands (plain Jaccard); (m, 2) distinct pairs that agree in a band."""
    found = []
    for band in range(bands):
        sides = []
        for sets in (former, newcomers):
            full = np.flatnonzero(np.diff(sets.indptr))
            lows = [
                np.minimum.reduceat(
                    ranks(np.ones(sets.shape[1]), band * rows + r)[sets.indices], sets.indptr[full]
                )
                for r in range(rows)
            ]
            sides.append(pl.DataFrame({"row": full} | {f"k{r}": low for r, low in enumerate(lows)}))
        found.append(sides[0].join(sides[1], on=[f"k{r}" for r in range(rows)]).select("row", "row_right"))
    return pl.concat(found).unique().to_numpy()


def candidate_peers(comparison: Comparison, known: Truth) -> None:
    past, kind = comparison.history, Kind.AUDIENCE
    gone, living, n = past.former, np.flatnonzero(past.removed < 0), past.graph.n
    audience = comparison.sets[kind]
    sparse = [
        sp.csr_array((audience.weight[part.indices], part.indices, part.indptr), shape=(part.rows, n))
        for part in (audience.sets.take(gone), audience.sets.take(living))
    ]

    def ours() -> np.ndarray:
        return shortlist(audience.sketch(gone, 64), audience.sketch(living, 64), limit=10)

    def product() -> np.ndarray:
        return np.stack((sparse[1] @ sparse[0].T).nonzero()[::-1], axis=1)

    print("\n| candidates by audience | pairs | returns among them | s |\n|---|---|---|---|")
    peers = (
        ("bottom-64 sketches, 10 best", ours),
        ("MinHash, 32 bands of 2", lambda: banded(*sparse)),
        ("sparse product", product),
    )
    for name, find in peers:
        find()
        began = time.perf_counter()
        pairs = find()
        took = time.perf_counter() - began
        kept = np.isin(known.returns, gone[pairs[:, 0]] * n + living[pairs[:, 1]]).mean()
        print(f"| {name} | {len(pairs):,} | {kept:.3f} | {took:.2f} |", flush=True)


def speed() -> None:
    platform = generate_hard(HardConfig.scaled(100_000, removed=5_000), 1)
    past = history(platform)
    known = truth(platform, past)
    judge(compare(past, ReturnConfig()))
    began, worked = time.perf_counter(), time.process_time()
    comparison = compare(past, ReturnConfig())
    middle = time.perf_counter()
    judged = judge(comparison)
    ended, done = time.perf_counter(), time.process_time()
    told, n = find_returns(past), past.graph.n
    print(f"\n100,000 newcomers, {len(past.former):,} removed, {past.graph.links:,} ties: ", end="")
    print(f"{middle - began:.2f} s to prepare, {ended - middle:.2f} s to judge; {done - worked:.2f} s of CPU")
    ends = [[past.graph.names.row(name) or 0 for name in (one.former, one.successor)] for one in told]
    keys = np.array(ends, np.int64).reshape(-1, 2) @ np.array([n, 1])
    right, family, fans = (np.isin(keys, part).sum() for part in (known.returns, known.family, known.fans))
    print(
        f"told {len(told)}, right {right} of {len(known.returns)}; false: family {family}, fans {fans}, ",
        end="",
    )
    print(f"other {len(told) - right - family - fans}; {len(judged.former):,} pairs were worth keeping")
    candidate_peers(comparison, known)


if __name__ == "__main__":
    accuracy()
    speed()

"""How well members that are hidden can be found from those that are given, on any labelled graph."""

from __future__ import annotations

from collections.abc import Iterator

import msgspec
import numpy as np
from numpy.typing import NDArray
from sklearn.metrics import average_precision_score, precision_recall_curve, roc_auc_score

from havenwall.errors import BadGraph
from havenwall.network.config import ANY_GRAPH, ScoreConfig
from havenwall.network.evidence import FEATURES, IntArray, Links, Seen, score
from havenwall.network.graph import Graph

Matrix = NDArray[np.float64]
METRICS = ("auc", "average_precision", "precision_at_50", "precision_at_80", "r_precision")
_BASELINES = {
    "links": ("links_to_seeds", "links_from_seeds"),
    "shared_followers": ("shared_followers",),
    "pagerank": ("walk",),
    "pagerank_per_degree": ("walk_per_degree",),
}


class Labelled(msgspec.Struct, frozen=True):
    """Which labels a model is given, and which it is measured on."""

    seeds: IntArray
    """Members given to the model."""
    negatives: IntArray | None
    """Innocent accounts given to the model, if somebody labelled any."""
    hidden: IntArray
    """Members to be found."""
    others: IntArray
    """Innocent accounts they are to be told from."""


class Evaluation(msgspec.Struct, frozen=True, kw_only=True):
    """Figures of our model and of simple ones, on the same draws."""

    accounts: int
    links: int
    draws: int
    seeds: float
    """Members given, mean over the draws."""
    hidden: float
    """Members to be found, mean over the draws."""
    chosen: dict[str, int]
    """In how many draws each form of our model was chosen."""
    models: dict[str, dict[str, float]]
    """Mean of each of `METRICS` by model; `model` is ours."""


def evaluate(
    graph: Graph,
    positives: IntArray,
    negatives: IntArray | None = None,
    *,
    known_share: float = 0.3,
    draws: int = 5,
    seed: int = 0,
    config: ScoreConfig | None = None,
) -> Evaluation:
    """Give a random share of the labels, hide the rest, rank, measure; mean over several draws.

    Args:
        graph: n accounts.
        positives: rows of all known members.
        negatives: rows of accounts known to be innocent; the same share of them is given. Left out, every
            other account counts as innocent and none is given.
        known_share: share of the labels given, at least one.
        draws: how many times.
        seed: of the random draws.
        config: defaults to trying every feature set.

    Raises:
        BadGraph: fewer than two positives, or nothing to tell them from.
    """
    if len(positives) < 2:
        raise BadGraph("needs two members or more", field="positives")
    if not 0 < known_share < 1:
        raise BadGraph("must be between 0 and 1", field="known_share")
    rng = np.random.default_rng(seed)
    splits = [_draw(graph.n, positives, negatives, known_share, rng) for _ in range(draws)]
    return evaluate_splits(graph, splits, config)


def evaluate_splits(graph: Graph, splits: list[Labelled], config: ScoreConfig | None = None) -> Evaluation:
    """As `evaluate`, with the draws given: for data sets that come with a split of their own.

    Raises:
        BadGraph: a split without seeds, hidden members or others.
    """
    config = config or ScoreConfig(candidates=ANY_GRAPH)
    links = Links(graph, config.hub)
    figures, chosen = [], []
    for part in splits:
        _demand_labels(part)
        scored = score(graph, part.seeds, negatives=part.negatives, config=config)
        chosen.append(scored.model)
        ranked = {"model": scored.score, **dict(_baselines(links, part.seeds))}
        figures.append({name: ranking_figures(s[part.hidden], s[part.others]) for name, s in ranked.items()})
    return Evaluation(
        accounts=graph.n,
        links=graph.links,
        draws=len(splits),
        seeds=float(np.mean([len(part.seeds) for part in splits])),
        hidden=float(np.mean([len(part.hidden) for part in splits])),
        chosen={name: chosen.count(name) for name in sorted(set(chosen))},
        models={name: _mean([figure[name] for figure in figures]) for name in figures[0]},
    )


def ranking_figures(hidden: Matrix, others: Matrix) -> dict[str, float]:
    """Each of `METRICS` for the scores of hidden members (h,) among those of others (o,).

    `precision_at_50` is the precision where half of the members are found, `r_precision` the precision
    among as many accounts as there are members. Equal scores count against a ranking, not for it.
    """
    label = np.repeat([1, 0], [len(hidden), len(others)])
    scores = np.concatenate([hidden, others])
    precision, recall, _ = precision_recall_curve(label, scores)
    worst = np.lexsort((label, -scores))
    return {
        "auc": float(roc_auc_score(label, scores)),
        "average_precision": float(average_precision_score(label, scores)),
        "precision_at_50": float(precision[recall >= 0.5].max()),
        "precision_at_80": float(precision[recall >= 0.8].max()),
        "r_precision": float(label[worst[: len(hidden)]].mean()),
    }


def _demand_labels(part: Labelled) -> None:
    for field in ("seeds", "hidden", "others"):
        if not len(getattr(part, field)):
            raise BadGraph("no account left", field=field, hint="give more labels or another share")


def _draw(
    n: int, positives: IntArray, negatives: IntArray | None, share: float, rng: np.random.Generator
) -> Labelled:
    given, hidden = _cut(positives, share, rng)
    if negatives is None:
        return Labelled(given, None, hidden, np.setdiff1d(np.arange(n), positives))
    known, others = _cut(np.setdiff1d(negatives, positives), share, rng)
    return Labelled(given, known, hidden, others)


def _cut(rows: IntArray, share: float, rng: np.random.Generator) -> tuple[IntArray, IntArray]:
    mixed = rng.permutation(np.unique(rows))
    size = max(1, round(share * len(mixed)))
    return np.sort(mixed[:size]), np.sort(mixed[size:])


def _baselines(links: Links, seeds: IntArray) -> Iterator[tuple[str, Matrix]]:
    column = np.zeros((links.n, 1), np.float32)
    column[seeds] = 1
    seen = Seen(links, column)
    compute = {feature.name: feature.compute for feature in FEATURES}
    for name, parts in _BASELINES.items():
        yield name, np.sum([compute[part](seen)[:, 0] for part in parts], axis=0, dtype=np.float64)


def _mean(rows: list[dict[str, float]]) -> dict[str, float]:
    return {name: float(np.mean([row[name] for row in rows])) for name in METRICS}

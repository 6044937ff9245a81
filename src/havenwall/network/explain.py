"""Why an account has its score: which confirmed accounts it is tied to, and how."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

import numpy as np
from scipy.sparse import csr_array, diags_array

from havenwall.model import Risk, SeedShare
from havenwall.network.config import ScoreConfig
from havenwall.network.design import Matrix
from havenwall.network.graph import Graph, IntArray
from havenwall.network.model import Scored

_BLOCK = 512
_SHOWN = 20


def reported(scored: Scored, labelled: IntArray, margin: int) -> IntArray:
    """Rows over the threshold and the next `margin` below it, highest score first; none of `labelled`."""
    free = np.setdiff1d(np.arange(len(scored.score)), labelled)
    order = free[np.argsort(-scored.score[free], kind="stable")]
    return order[: int(scored.over_threshold.sum()) + margin]


def seed_shares(graph: Graph, rows: IntArray, seeds: IntArray, hub: int) -> list[tuple[SeedShare, ...]]:
    """For each of `rows` the confirmed accounts it is tied to, largest share first, 20 at most.

    A link in either direction counts 1 and f shared followers count log(1 + f), as in the model; followers
    of more than `hub` accounts are left out. A share is of the evidence from all seeds, shown or not.
    """
    selective = (graph.follows.sum(axis=1) <= hub).astype(np.float32)
    to_seeds = graph.follows[:, seeds].tocsr()
    heard = (diags_array(selective) @ to_seeds).tocsr()
    from_seeds = graph.follows[seeds].T.tocsr()
    followed_by = graph.follows.T.tocsr()
    names = [graph.ids[row] for row in seeds]
    blocks = (rows[start : start + _BLOCK] for start in range(0, len(rows), _BLOCK))
    return [
        shares
        for block in blocks
        for shares in _block(names, to_seeds[block], from_seeds[block], followed_by[block] @ heard)
    ]


def _block(
    names: list[str], to: csr_array, back: csr_array, shared: csr_array
) -> Iterator[tuple[SeedShare, ...]]:
    counts = np.stack([to.toarray(), back.toarray(), shared.toarray()], axis=2)
    evidence = counts[:, :, 0] + counts[:, :, 1] + np.log1p(counts[:, :, 2])
    total = np.maximum(evidence.sum(axis=1, keepdims=True), 1e-12)
    order = np.argsort(-evidence, axis=1, kind="stable")[:, :_SHOWN]
    for row, share in enumerate(evidence / total):
        yield tuple(
            SeedShare(
                seed=names[seed],
                share=float(share[seed]),
                links_to=int(counts[row, seed, 0]),
                links_from=int(counts[row, seed, 1]),
                shared_followers=int(counts[row, seed, 2]),
            )
            for seed in order[row]
            if share[seed] > 0
        )


def make_risks(
    graph: Graph,
    scored: Scored,
    seeds: IntArray,
    cleared: IntArray,
    run_id: str,
    at: datetime,
    config: ScoreConfig,
) -> tuple[Risk, ...]:
    """Risks of the accounts over the threshold and `config.margin` more, highest score first."""
    rows = reported(scored, np.union1d(seeds, cleared), config.margin)
    shares = seed_shares(graph, rows, seeds, config.hub)
    return tuple(
        Risk(
            id=f"{run_id}:{graph.ids[row]}",
            run_id=run_id,
            entity=graph.ids[row],
            probability=float(scored.probability[row]),
            score=float(scored.score[row]),
            over_threshold=bool(scored.over_threshold[row]),
            at=at,
            seeds=why,
            factors=_factors(scored.features, scored.contributions[row]),
        )
        for row, why in zip(rows, shares, strict=True)
    )


def _factors(names: tuple[str, ...], contributions: Matrix) -> dict[str, float]:
    return {name: round(float(value), 4) for name, value in zip(names, contributions, strict=True) if value}

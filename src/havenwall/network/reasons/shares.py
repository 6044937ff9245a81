"""Which confirmed accounts stand behind a score, and how much each of them."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from scipy.sparse import csr_array

from havenwall.model import SeedShare
from havenwall.network.evidence import IntArray, Links, as_scipy

_BLOCK = 512
_SHOWN = 20


def seed_shares(links: Links, rows: IntArray, seeds: IntArray) -> list[tuple[SeedShare, ...]]:
    """For each of `rows` the confirmed accounts it is tied to, largest share first, 20 at most.

    A link in either direction counts 1 and f shared followers count log(1 + f), as in the model; followers
    of more accounts than the hub limit are left out. A share is of the evidence from all seeds, shown or not.
    """
    followers = as_scipy(links.against.take(seeds))
    heard = followers.multiply(links.selective.T).tocsr().T.tocsr()
    names = links.graph.names.many(seeds)
    blocks = (rows[start : start + _BLOCK] for start in range(0, len(rows), _BLOCK))
    return [shares for block in blocks for shares in _block(names, *_ties(links, block, seeds, heard))]


def _ties(
    links: Links, rows: IntArray, seeds: IntArray, heard: csr_array
) -> tuple[csr_array, csr_array, csr_array]:
    by = as_scipy(links.against.take(rows))
    return as_scipy(links.along.take(rows))[:, seeds], by[:, seeds], by @ heard


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

"""How alike candidates are: cosine over shared followers, tags and media, pruned to a sparse graph."""

from __future__ import annotations

import numpy as np
from scipy.sparse import coo_array, csr_array, diags_array

from havenwall.network.discover.anchors import Rows
from havenwall.network.discover.channels import Channel
from havenwall.network.discover.config import DiscoverConfig


def similarity(ways: tuple[Channel, ...], rows: Rows, config: DiscoverConfig) -> csr_array:
    """(m, m) symmetric likeness 0..1 of candidates, no diagonal; 0 below the cuts of `config`.

    Per channel the cosine of what two candidates have, each thing weighted by its rarity; the channels are
    combined by noisy or. A candidate keeps its `neighbours` strongest links, and those that chose it.

    Args:
        ways: channels of the graph.
        rows: (m,) candidates.
        config: `cosine`, `shared` and `neighbours` are used.
    """
    unlike = np.ones((len(rows), len(rows)), np.float32)
    for way in ways:
        unlike *= 1 - _cosine(way, rows, config.shared)
    like = 1 - unlike
    np.fill_diagonal(like, 0)
    like[like < config.cosine] = 0
    return _strongest(like, config.neighbours)


def _cosine(way: Channel, rows: Rows, shared: int) -> np.ndarray:
    """(m, m) dense: at most 2,000 candidates make 16 MB."""
    held = way.holds.take(rows)
    ones = np.ones(held.links, np.float32)
    things, column = np.unique(held.indices, return_inverse=True)
    matrix = csr_array((ones, column, held.indptr), shape=(len(rows), len(things)))
    users = way.holds.flipped.degree[things]
    rarity = np.log((way.holds.rows + 1) / np.maximum(users, 1)).astype(np.float32) * way.telling[things]
    weighed = matrix @ diags_array(np.maximum(rarity, 0))
    norm = np.sqrt(np.maximum((weighed.multiply(weighed)).sum(axis=1), 1e-12))
    unit = diags_array(1 / norm) @ weighed
    cosine = (unit @ unit.T).toarray()
    told = matrix @ diags_array((way.telling[things] > 0).astype(np.float32))
    cosine[(told @ told.T).toarray() < shared] = 0
    return np.clip(cosine, 0, 1).astype(np.float32)


def _strongest(like: np.ndarray, neighbours: int) -> csr_array:
    kept = min(neighbours, like.shape[1])
    order = np.argsort(-like, axis=1, kind="stable")[:, :kept]
    row = np.repeat(np.arange(len(like)), kept)
    column = order.ravel()
    weight = like[row, column]
    held = weight > 0
    chosen = csr_array(coo_array((weight[held], (row[held], column[held])), shape=like.shape))
    return csr_array(chosen.maximum(chosen.T))

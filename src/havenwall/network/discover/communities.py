"""Communities of a weighted graph: networkit's Leiden, made repeatable and its promise checked."""

from __future__ import annotations

from importlib import import_module
from types import ModuleType

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import coo_array, csr_array, triu
from scipy.sparse.csgraph import connected_components

from havenwall.errors import NotReady

Labels = NDArray[np.int64]
_ITERATIONS = 20


def communities(links: csr_array, resolution: float = 1.0, seed: int = 0) -> Labels:
    """Communities by Leiden on modularity, each one connected, numbered from 0 by first member.

    Traag, Waltman and van Eck, From Louvain to Leiden, 2019. networkit's parallel version gave disconnected
    communities once (issue 1244), so each is checked and split where it falls apart. One thread and a given
    seed, because with two threads the result changes from run to run.

    Args:
        links: (m, m) symmetric weights, none negative, no diagonal.
        resolution: gamma; higher gives smaller communities.
        seed: of networkit's random numbers.

    Returns:
        (m,) community of each row; a row without links is a community of its own.

    Raises:
        NotReady: networkit cannot be loaded here.
    """
    if not links.nnz:
        return np.arange(links.shape[0], dtype=np.int64)
    return _numbered(connected_parts(links, _leiden(links, resolution, seed)))


def connected_parts(links: csr_array, labels: Labels) -> Labels:
    """The partition with every community that falls apart split into its connected parts."""
    pairs = coo_array(links)
    inside = labels[pairs.row] == labels[pairs.col]
    kept = coo_array((pairs.data[inside], (pairs.row[inside], pairs.col[inside])), shape=links.shape)
    return connected_components(kept, directed=False)[1].astype(np.int64)


def _leiden(links: csr_array, resolution: float, seed: int) -> Labels:
    networkit = _load()
    upper = coo_array(triu(links))
    ends = upper.row.astype(np.uint64), upper.col.astype(np.uint64)
    threads = networkit.getMaxNumberOfThreads()
    networkit.setNumberOfThreads(1)
    networkit.setSeed(seed, False)
    try:
        weights = upper.data.astype(np.float64)
        graph = networkit.GraphFromCoo((weights, ends), n=links.shape[0], weighted=True, directed=False)
        leiden = networkit.community.ParallelLeiden(graph, iterations=_ITERATIONS, gamma=resolution)
        return np.array(leiden.run().getPartition().getVector(), np.int64)
    finally:
        networkit.setNumberOfThreads(threads)


def _load() -> ModuleType:
    # Loading takes more than a second, and nothing else needs it.
    try:
        return import_module("networkit")
    except ImportError as error:
        raise NotReady("communities need networkit", hint="pip install networkit") from error


def _numbered(labels: Labels) -> Labels:
    first, place = np.unique(labels, return_index=True, return_inverse=True)[1:]
    return np.argsort(np.argsort(first))[place].astype(np.int64)

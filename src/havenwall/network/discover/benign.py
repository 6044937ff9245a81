"""Which candidates look benign: cleared, watching, following each other back, known to all."""

from __future__ import annotations

from enum import StrEnum

import numpy as np
from numpy.typing import NDArray

from havenwall.network.discover.anchors import Rows
from havenwall.network.graph import Csr, Graph

Mask = NDArray[np.bool_]


class Benign(StrEnum):
    """Why an account looks benign. A reason to spare it from a list, never a finding about it."""

    CLEARED = "cleared"
    """A person cleared it."""
    WATCHES = "watches"
    """It follows many candidates and hardly any of them follows it: press, researchers, police."""
    FOLLOWS_BACK = "follows_back"
    """Most of its followers are candidates and are followed back: a ring of mutual follows."""
    KNOWN = "known"
    """So many follow it that whom it shares them with says nothing."""


_WATCHED = 5
_WATCH_RATIO = 3
_WATCH_SHARE = 0.3
_RING_SHARE = 0.5


def benign_looking(graph: Graph, rows: Rows, cleared: Rows, crowd: int) -> dict[Benign, Mask]:
    """(m,) masks of the candidates that look benign, by reason; reasons may overlap.

    Args:
        graph: the typed graph.
        rows: (m,) candidates.
        cleared: accounts that a person cleared.
        crowd: more followers than this make an account known to all.
    """
    own, back = graph.follows.take(rows), graph.follows.flipped.take(rows)
    inside = np.zeros(graph.n, np.float32)
    inside[rows] = 1
    mutual = np.array([_mutual(own.row(at), back.row(at), inside) for at in range(len(rows))])
    return {
        Benign.CLEARED: np.isin(rows, cleared),
        Benign.WATCHES: _watching(own, back, rows),
        Benign.FOLLOWS_BACK: (back.degree > 0) & (mutual >= _RING_SHARE * back.degree),
        Benign.KNOWN: back.degree > crowd,
    }


def _watching(own: Csr, back: Csr, rows: Rows) -> Mask:
    """Who follows many candidates, as a good part of all it follows, and is not followed by them.

    Watchers follow each other, so each round counts only what passes between an account and those not yet
    found to be watchers, until no more are found.
    """
    watching = np.zeros(len(rows), bool)
    while True:
        others = np.zeros(own.columns, np.float32)
        others[rows[~watching]] = 1
        out, into = (ties.gather(others[:, None])[:, 0] for ties in (own, back))
        many = (out >= _WATCHED) & (out >= _WATCH_SHARE * own.degree)
        found = watching | (many & (out >= _WATCH_RATIO * into))
        if (found == watching).all():
            return watching
        watching = found


def _mutual(follows: NDArray[np.uint32], followers: NDArray[np.uint32], inside: NDArray[np.float32]) -> float:
    both = np.intersect1d(follows, followers, assume_unique=True)
    return float(inside[both].sum())

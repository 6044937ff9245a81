"""Which accounts are in one hand, so that one person with many accounts counts once."""

from __future__ import annotations

import numpy as np
from numba import njit
from numpy.typing import NDArray

from havenwall.model import EntityKind, LinkKind
from havenwall.network.graph import Csr, Graph

Hands = NDArray[np.int64]


def hands(graph: Graph, same_hand: int, *, without: EntityKind | None = None) -> Hands:
    """(n,) label of the hand each account is in: the row of its first account.

    Accounts are joined when they give the same contact or are tied as sharing one, unless more than
    `same_hand` accounts give it: a link page or a shop's number is not a person. Chains of contacts can tie a
    whole network together; what grows beyond `same_hand` accounts is no hand and falls apart again.

    Args:
        graph: the typed graph.
        same_hand: the most accounts that a contact joins and that a hand holds.
        without: when domains are judged, their own links must not make their users one hand.
    """
    label = np.arange(graph.n)
    if LinkKind.SHARED_CONTACT in graph.between:
        ties = graph.between[LinkKind.SHARED_CONTACT]
        _join_pairs(label, ties.sources(), ties.indices)
    if LinkKind.SHARED_CONTACT in graph.uses and without is not EntityKind.DOMAIN:
        contacts: Csr = graph.uses[LinkKind.SHARED_CONTACT].flipped
        _join_rows(label, contacts.indptr, contacts.indices, same_hand)
    _flatten(label)
    size = np.bincount(label, minlength=graph.n)
    return np.where(size[label] <= same_hand, label, np.arange(graph.n))


@njit(cache=True, nogil=True)
def _root(label, row):  # type: ignore[no-untyped-def]
    while label[row] != row:
        label[row] = label[label[row]]
        row = label[row]
    return row


@njit(cache=True, nogil=True)
def _join(label, left, right):  # type: ignore[no-untyped-def]
    one, other = _root(label, left), _root(label, right)
    label[max(one, other)] = min(one, other)


@njit(cache=True, nogil=True)
def _join_pairs(label, left, right):  # type: ignore[no-untyped-def]
    for at in range(len(left)):
        _join(label, left[at], right[at])


@njit(cache=True, nogil=True)
def _join_rows(label, indptr, indices, most):  # type: ignore[no-untyped-def]
    for row in range(len(indptr) - 1):
        start, stop = indptr[row], indptr[row + 1]
        if stop - start <= most:
            for at in range(start + 1, stop):
                _join(label, indices[start], indices[at])


@njit(cache=True, nogil=True)
def _flatten(label):  # type: ignore[no-untyped-def]
    for row in range(len(label)):
        label[row] = _root(label, row)

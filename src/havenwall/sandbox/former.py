"""Accounts the platform has removed, and the fresh accounts some of them came back as."""

from __future__ import annotations

import msgspec
import numpy as np
import scipy.sparse as sp

from havenwall.sandbox.cast import Cast
from havenwall.sandbox.clock import DAY, FRESH_DAYS, SETTLED_DAYS, between, present
from havenwall.sandbox.config import SandboxConfig
from havenwall.sandbox.sampling import Ints

_RING_AUDIENCE = 10
_BENIGN_AUDIENCE = 3


class Former(msgspec.Struct, frozen=True, kw_only=True, eq=False):
    """Removed accounts. They are not among the platform's accounts and have no links any more."""

    ids: list[str]
    """Their entity names."""
    ring: Ints
    """(removed,)"""
    created_at: Ints
    """(removed,) µs since 1970 UTC."""
    removed_at: Ints
    """(removed,) µs since 1970 UTC."""
    successor: Ints
    """(removed,) Index of the fresh account each came back as, -1 for none. It follows again part of those
    who followed its predecessor."""
    followed: Ints
    """(old links,) Which removed account was followed, 0..removed-1, ..."""
    follower: Ints
    """(old links,) ... by which account, ..."""
    followed_at: Ints
    """(old links,) ... and when, µs since 1970 UTC; gone at `removed_at`."""


def former(
    config: SandboxConfig,
    people: Cast,
    follows: sp.csr_array,
    created: Ints,
    ids: list[str],
    rng: np.random.Generator,
) -> Former:
    """Invent the past of removed accounts so that it agrees with what their successors do now.

    Args:
        follows: (n, n) who follows whom today.
        created: (n,) when each account was created.
        ids: names for the removed accounts; their number.
    """
    successor = _successors(config, people, len(ids), rng)
    ring = np.where(successor >= 0, people.ring[successor], rng.integers(0, config.rings, len(ids)))
    start = present(config) - config.days * DAY
    born = between(np.full(len(ids), start), start + SETTLED_DAYS * DAY // 2, rng)
    gone = between(
        np.full(len(ids), present(config) - 2 * FRESH_DAYS * DAY), present(config) - FRESH_DAYS * DAY, rng
    )
    audience = [_audience(people, follows, r, s, rng) for r, s in zip(ring, successor, strict=True)]
    followed = np.repeat(np.arange(len(ids)), [len(part) for part in audience])
    follower = np.concatenate(audience) if audience else np.empty(0, dtype=np.int64)
    at = between(np.maximum(created[follower], born[followed]), gone[followed], rng)
    return Former(
        ids=ids,
        ring=ring,
        created_at=born,
        removed_at=gone,
        successor=successor,
        followed=followed,
        follower=follower,
        followed_at=at,
    )


def _successors(config: SandboxConfig, people: Cast, size: int, rng: np.random.Generator) -> Ints:
    fresh = rng.permutation(np.flatnonzero(people.member & people.fresh))
    back = min(round(config.recreated_share * size), fresh.size)
    successor = np.full(size, -1, dtype=np.int64)
    successor[rng.permutation(size)[:back]] = fresh[:back]
    return successor


def _audience(
    people: Cast, follows: sp.csr_array, ring: int, successor: int, rng: np.random.Generator
) -> Ints:
    """Accounts that followed a removed one: some of its ring, some benign, and those its successor found."""
    settled = ~people.fresh
    mates = np.flatnonzero(people.member & settled & (people.ring == ring))
    parts = [rng.choice(mates, min(_RING_AUDIENCE, mates.size), replace=False)]
    parts.append(rng.choice(np.flatnonzero(settled & ~people.member), _BENIGN_AUDIENCE, replace=False))
    if successor >= 0:
        again = follows.indices[follows.indptr[successor] : follows.indptr[successor + 1]].astype(np.int64)
        again = again[settled[again]]
        benign = again[~people.member[again]]
        parts += [again[people.member[again]], benign[:_BENIGN_AUDIENCE]]
    return np.unique(np.concatenate(parts))

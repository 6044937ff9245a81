"""Likes and comments: mostly along follows, some beyond; the same law for everybody."""

from __future__ import annotations

import numpy as np

from havenwall.model import LinkKind
from havenwall.network.graph import Csr, from_pairs
from havenwall.sandbox.clock import between
from havenwall.sandbox.hard.cast import Cast, HardPart
from havenwall.sandbox.hard.config import HardConfig
from havenwall.sandbox.hard.moments import SECOND, present
from havenwall.sandbox.hard.ordinary import Ordinary, Pairs
from havenwall.sandbox.hard.scene import joined
from havenwall.sandbox.sampling import GroupSampler, Ints

_ALONG = {LinkKind.LIKE: 0.06, LinkKind.COMMENT: 0.03}
"""Share of follows along which it happened."""
_BEYOND = {LinkKind.LIKE: 0.4, LinkKind.COMMENT: 0.1}
"""Mean times per account that it happened to somebody of the ordinary sort."""
_SCENE = {LinkKind.LIKE: 0.1, LinkKind.COMMENT: 0.05}
"""Mean times per follow of an audience that it happened to another creator of that scene."""
_CONTACT = {LinkKind.LIKE: 0.2, LinkKind.COMMENT: 0.3}
"""Mean times per buyer that it happened to a victim."""


def engagement(
    config: HardConfig, people: Cast, follows: Csr, rng: np.random.Generator
) -> dict[LinkKind, Csr]:
    """(n, n) who liked whom and who commented on whom, and since when."""
    ordinary = Ordinary(config, people)
    return {kind: _ties(kind, config, people, ordinary, follows, rng) for kind in _ALONG}


def _ties(
    kind: LinkKind,
    config: HardConfig,
    people: Cast,
    ordinary: Ordinary,
    follows: Csr,
    rng: np.random.Generator,
) -> Csr:
    end = present(config)
    along = np.flatnonzero(rng.random(follows.links) < _ALONG[kind])
    source, target = follows.sources()[along], follows.indices[along].astype(np.int64)
    assert follows.since is not None
    known = follows.since[along].astype(np.int64) * SECOND
    beyond = joined(
        _elsewhere(_BEYOND[kind], ordinary, rng, config),
        _in_scenes(_SCENE[kind] * config.inner_ties, people, rng),
        _to_victims(_CONTACT[kind], people, rng),
    )
    start = np.maximum(people.created_at[beyond[0]], people.created_at[beyond[1]])
    pairs = joined((source, target), beyond)
    at = between(np.concatenate([known, start]), end, rng)
    shape = (config.accounts, config.accounts)
    return from_pairs(*pairs, shape, since=np.minimum(-(-at // SECOND), end // SECOND), loops=False)


def _elsewhere(mean: float, ordinary: Ordinary, rng: np.random.Generator, config: HardConfig) -> Pairs:
    times = rng.poisson(mean, config.accounts)
    rows = np.flatnonzero(times)
    return ordinary.follows(rows, times[rows], rng)


def _in_scenes(mean: float, people: Cast, rng: np.random.Generator) -> Pairs:
    parts = []
    for creator, fans in (
        (HardPart.TRADER, people.part == HardPart.BUYER),
        (HardPart.LOOKALIKE, (people.part == HardPart.AUDIENCE) | people.shared),
    ):
        rows = np.flatnonzero(fans)
        source = np.repeat(rows, rng.poisson(mean * people.appetite[rows]))
        pull = np.where(people.part == creator, people.pull, 0.0)
        parts.append((source, _anywhere(pull, source.size, rng)))
    return joined(*parts)


def _to_victims(mean: float, people: Cast, rng: np.random.Generator) -> Pairs:
    rows = people.rows(HardPart.BUYER)
    source = np.repeat(rows, rng.poisson(mean, rows.size))
    return source, _anywhere(np.where(people.part == HardPart.VICTIM, 1.0, 0.0), source.size, rng)


def _anywhere(
    weight: np.ndarray[tuple[int], np.dtype[np.float64]], size: int, rng: np.random.Generator
) -> Ints:
    return GroupSampler(weight, np.zeros(weight.size, dtype=np.int64)).anywhere(size, rng)

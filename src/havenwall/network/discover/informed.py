"""Informed things: followers, tags and media that at least two independent anchors have in common."""

from __future__ import annotations

import msgspec
import numpy as np
from numpy.typing import NDArray

from havenwall.network.discover.anchors import Anchors, Rows, Weights
from havenwall.network.discover.channels import Channel
from havenwall.network.discover.doubts import popularity

Doubles = NDArray[np.float64]
_TINY = 1e-9


class Informed(msgspec.Struct, frozen=True, eq=False):
    """How sure it is that two members have a thing in common, for the things of a channel."""

    things: Rows
    """(v,) things that two independent anchors have, ascending."""
    value: Weights
    """(v,) 0..1 probability that two of those anchors are right and have it by choice."""
    rate: float
    """Mean value over everything that anybody has: what chance gives."""
    seen: Weights
    """(k,) sum of the values of each anchor's things, were it and its source no anchors."""
    count: Rows
    """(k,) how many of each anchor's things are informed without it."""
    size: Weights
    """(k,) number of telling things of each anchor."""


class _Pairs(msgspec.Struct, frozen=True, eq=False):
    """What anchors have: one entry per anchor and telling thing, ordered by thing and source."""

    trusted: Doubles
    """(k,) belief in each anchor, less for those that many follow."""
    anchor: Rows
    thing: Rows
    """Place in `things`."""
    things: Rows
    strongest: Doubles
    """Greatest belief of the entry's thing and source."""
    leads: Rows
    """Entries that stand for their thing and source: the first of each."""


def inform(channel: Channel, anchors: Anchors, hub: int) -> Informed:
    """Mark the things that at least two independent anchors have.

    With beliefs p of independent anchors, P(two or more right) = 1 - prod(1-p) (1 + sum p/(1-p)): one strong
    anchor alone informs nobody, many doubtful ones inform a little. An anchor with more than `hub` followers
    is believed less by hub/followers, and a thing is worth less by what it shares with anchors by chance.
    """
    pairs = _pairs(channel, anchors, hub)
    size = np.bincount(pairs.anchor, minlength=len(anchors)).astype(np.float32)
    told = channel.telling[pairs.things]
    sums = _Sums(pairs.strongest[pairs.leads], pairs.thing[pairs.leads], len(pairs.things))
    chance = _Chance(channel, anchors, pairs, sums.belief)
    value = sums.two_right() * chance.chosen() * told
    alone = sums.two_right_without(pairs.strongest, pairs.thing)
    alone *= chance.chosen_without(pairs.strongest, anchors.source[pairs.anchor], pairs.thing)
    alone *= told[pairs.thing]
    seen = np.bincount(pairs.anchor, alone, minlength=len(anchors)).astype(np.float32)
    count = np.bincount(pairs.anchor[alone > 0], minlength=len(anchors))
    users = channel.holds.flipped.degree
    rate = float(value @ users[pairs.things]) / max(int(users[channel.telling > 0].sum()), 1)
    kept = value > 0
    return Informed(pairs.things[kept], value[kept].astype(np.float32), rate, seen, count, size)


def _pairs(channel: Channel, anchors: Anchors, hub: int) -> _Pairs:
    held = channel.holds.take(anchors.rows)
    trusted = anchors.strength.astype(np.float64) * popularity(held.degree, hub)
    anchor, thing = held.sources(), held.indices.astype(np.int64)
    telling = channel.telling[thing] > 0
    anchor, thing = anchor[telling], thing[telling]
    key = thing * (int(anchors.source.max(initial=0)) + 1) + anchors.source[anchor]
    order = np.argsort(key, kind="stable")
    key, anchor, belief = key[order], anchor[order], trusted[anchor[order]]
    leads = np.flatnonzero(np.diff(key, prepend=-1))
    best = np.maximum.reduceat(belief, leads) if len(leads) else belief
    things, place = np.unique(thing[order], return_inverse=True)
    strongest = np.repeat(best, np.diff(leads, append=len(key)))
    return _Pairs(trusted, anchor, place, things, strongest, leads)


class _Chance:
    """How much of the belief that meets in a thing is there by choice.

    By chance the thing's users spread over accounts as all ties of the channel do, so that a follower of
    everybody and a tag of everybody find anchors without looking for them. Weighed by belief, so that
    doubtful signals on popular accounts, however many, cannot make everything look like chance.
    """

    def __init__(self, channel: Channel, anchors: Anchors, pairs: _Pairs, belief: Doubles) -> None:
        self._belief = belief
        self._users = channel.holds.flipped.degree[pairs.things] / max(channel.holds.links, 1)
        self._into = np.bincount(anchors.source, pairs.trusted * channel.holds.degree[anchors.rows])

    def chosen(self) -> Doubles:
        """(v,) share of the belief beyond chance, squared because it takes two."""
        return _beyond(self._users * self._into.sum(), self._belief)

    def chosen_without(self, belief: Doubles, source: Rows, thing: Rows) -> Doubles:
        """The same with one source of that belief left out, one per entry."""
        by_chance = self._users[thing] * (self._into.sum() - self._into[source])
        return _beyond(by_chance, self._belief[thing] - belief)


def _beyond(by_chance: Doubles, belief: Doubles) -> Doubles:
    return np.clip(1 - by_chance / np.maximum(belief, _TINY), 0, 1) ** 2


class _Sums:
    """Per thing: log prod(1-p), sum p/(1-p), sum p and count over its independent sources."""

    def __init__(self, belief: Doubles, thing: Rows, things: int) -> None:
        self.belief = np.bincount(thing, belief, minlength=things).astype(np.float64)
        self.missing = np.bincount(thing, np.log1p(-belief), minlength=things).astype(np.float64)
        self.odds = np.bincount(thing, belief / (1 - belief), minlength=things).astype(np.float64)
        self.count = np.bincount(thing, minlength=things)

    def two_right(self) -> Doubles:
        return _two_right(self.missing, self.odds, self.count)

    def two_right_without(self, belief: Doubles, thing: Rows) -> Doubles:
        """The same with one source of that belief left out, one per entry."""
        missing, odds = self.missing[thing] - np.log1p(-belief), self.odds[thing] - belief / (1 - belief)
        return _two_right(missing, odds, self.count[thing] - 1)


def _two_right(missing: Doubles, odds: Doubles, count: Rows) -> Doubles:
    return np.where(count >= 2, np.clip(1 - np.exp(missing) * (1 + odds), 0, 1), 0)

"""Whom the removed accounts followed, and who followed them."""

from __future__ import annotations

import numpy as np

from havenwall.network.graph import Csr
from havenwall.sandbox.hard.cast import MEMBERS, Cast, HardPart
from havenwall.sandbox.hard.config import HardConfig
from havenwall.sandbox.hard.gone import Gone
from havenwall.sandbox.hard.ordinary import Pairs
from havenwall.sandbox.hard.scene import joined
from havenwall.sandbox.sampling import Floats, GroupSampler, Ints, distinct_pairs

REFOLLOWED = (0.2, 0.6)
"""Share of the old audience that a successor wins back (graph research, section 4)."""
CROSS_FOLLOW = (0.3, 0.5)
"""Probability that an account and its backup follow each other (graph research, section 4)."""

_FROM_OLD = 0.7
_FOLLOWS_KEPT = 0.5
_NEW_FOLLOWS = (0.7, 2.0)
_SHARED_BY_DOUBLES = 0.3
_BUYERS, _COLLEAGUES = 0.35, 0.1


class Past:
    """Invents ties of removed accounts so that they agree with what their successors have today."""

    def __init__(
        self, config: HardConfig, people: Cast, links: Csr, gone: Gone, rng: np.random.Generator
    ) -> None:
        self._config, self._people, self._links, self._gone = config, people, links, gone
        self._cross = self._backups(rng)

    def followers(self, rng: np.random.Generator) -> Pairs:
        """(removed account, follower) pairs: those who follow its successor now, and those who do not."""
        replaced = self._gone.replaced
        back = self._links.flipped
        kept = self._kept(back, _FROM_OLD, rng)
        size = rng.choice(back.degree[self._people.rows(HardPart.TRADER)], self._config.removed)
        won = np.bincount(kept[0], minlength=self._config.removed)
        low, high = REFOLLOWED
        size[replaced.former] = won[replaced.former] / rng.uniform(low, high, replaced.former.size)
        lost = np.repeat(np.arange(self._config.removed), np.maximum(size - won, 0))
        relatives = (self._gone.family.former, self._gone.family.account)
        return self._distinct(joined(kept, (lost, self._audience(lost, rng)), self._cross, relatives))

    def follows(self, rng: np.random.Generator) -> Pairs:
        """(removed account, followed) pairs: part of what successor, relatives and fans follow, and more."""
        gone = self._gone
        kept = self._kept(self._links, _FOLLOWS_KEPT, rng)
        won = np.bincount(kept[0], minlength=self._config.removed)
        alone = np.flatnonzero(won == 0)
        won[alone] = rng.choice(won[won > 0], alone.size) if (won > 0).any() else 10
        more = np.rint(won * rng.uniform(*_NEW_FOLLOWS, won.size)).astype(np.int64)
        whose = np.repeat(np.arange(self._config.removed), more)
        near = GroupSampler(self._people.popularity, self._people.community)
        ordinary = near.mixed(gone.community[whose], 1 - self._config.mixing, rng)
        colleague = self._weighted(HardPart.TRADER, self._people.pull).within(gone.group[whose], rng)
        target = np.where(rng.random(whose.size) < 2 * _COLLEAGUES, colleague, ordinary)
        doubles = [
            self._copied(pairs.former, pairs.account, self._links, _SHARED_BY_DOUBLES, rng)
            for pairs in (gone.family, gone.fans)
        ]
        relatives = (gone.family.former, gone.family.account)
        return self._distinct(joined(kept, (whose, target), *doubles, self._cross, relatives))

    def _kept(self, links: Csr, share: float, rng: np.random.Generator) -> Pairs:
        replaced = self._gone.replaced
        return self._copied(replaced.former, replaced.account, links, share, rng)

    @staticmethod
    def _copied(former: Ints, account: Ints, links: Csr, share: float, rng: np.random.Generator) -> Pairs:
        """Part of what living accounts are tied to, as ties of removed ones."""
        rows = links.take(account)
        kept = rng.random(rows.links) < share
        return former[rows.sources()[kept]], rows.indices[kept].astype(np.int64)

    def _backups(self, rng: np.random.Generator) -> Pairs:
        """Removed accounts and their backups that followed each other."""
        replaced = self._gone.replaced
        chance = rng.uniform(*CROSS_FOLLOW)
        there = replaced.backup & (rng.random(replaced.former.size) < chance)
        return replaced.former[there], replaced.account[there]

    def _audience(self, whose: Ints, rng: np.random.Generator) -> Ints:
        """Followers as traders have them: buyers, colleagues, and mostly people who happened by."""
        config, people, gone = self._config, self._people, self._gone
        appetite = people.appetite.astype(np.float64)
        buyer = self._weighted(HardPart.BUYER, appetite).mixed(gone.group[whose], config.home_share, rng)
        colleague = self._weighted(HardPart.TRADER, people.pull).within(gone.group[whose], rng)
        member = np.isin(people.part, MEMBERS)
        passing = GroupSampler(np.where(member, 1e-9, people.activity), people.community)
        passer = passing.mixed(gone.community[whose], 1 - config.mixing, rng)
        kind = rng.random(whose.size)
        return np.select([kind < _BUYERS, kind < _BUYERS + _COLLEAGUES], [buyer, colleague], passer)

    def _weighted(self, part: HardPart, weight: Floats) -> GroupSampler:
        people = self._people
        return GroupSampler(np.where(people.part == part, weight, 0.0), np.maximum(people.group, 0))

    def _distinct(self, pairs: Pairs) -> Pairs:
        return distinct_pairs(pairs, self._config.accounts)

"""What accounts do besides following: posts with tags, groups, user reports."""

from __future__ import annotations

import msgspec
import numpy as np

from havenwall.sandbox.cast import Cast
from havenwall.sandbox.clock import DAY, between, present
from havenwall.sandbox.config import SandboxConfig
from havenwall.sandbox.sampling import GroupSampler, Ints, distinct_pairs
from havenwall.sandbox.words import PHRASES, REPORT_TEXTS

_TAGGED = 0.5
_NETWORK_TAGGED = 0.6


class TagUses(msgspec.Struct, frozen=True, kw_only=True, eq=False):
    """Who used which tag, and when; all (uses,)."""

    account: Ints
    tag: Ints
    at: Ints
    """µs since 1970 UTC."""


class Posts(msgspec.Struct, frozen=True, kw_only=True, eq=False):
    """Posts; all (posts,)."""

    author: Ints
    at: Ints
    """µs since 1970 UTC."""
    tag: Ints
    """The tag it carries, -1 for none."""
    phrase: Ints
    """What it says, an index into `words.PHRASES`."""

    @property
    def tag_uses(self) -> TagUses:
        """The posts that carry a tag."""
        tagged = self.tag >= 0
        return TagUses(account=self.author[tagged], tag=self.tag[tagged], at=self.at[tagged])


class Groups(msgspec.Struct, frozen=True, kw_only=True, eq=False):
    """Groups and who joined them."""

    owner: Ints
    """(groups,) The account that created each; it is also a member."""
    created_at: Ints
    """(groups,) µs since 1970 UTC."""
    group: Ints
    """(memberships,)"""
    account: Ints
    """(memberships,)"""
    joined_at: Ints
    """(memberships,) µs since 1970 UTC."""


class Reports(msgspec.Struct, frozen=True, kw_only=True, eq=False):
    """User reports; all (reports,)."""

    reported: Ints
    reporter: Ints
    at: Ints
    """µs since 1970 UTC."""
    phrase: Ints
    """What it says, an index into `words.REPORT_TEXTS`."""


def posts(config: SandboxConfig, people: Cast, created: Ints, rng: np.random.Generator) -> Posts:
    """Everybody posts alike; members often carry a tag the network is using at the time.

    Tags 0..network_tags-1 are the network's. Benign accounts use them too, at any time.
    """
    author = np.repeat(np.arange(config.accounts), rng.poisson(config.posts_per_account, config.accounts))
    at = between(created[author], present(config), rng)
    tag = config.network_tags + _popular(config.benign_tags, author.size, rng)
    tag[rng.random(author.size) >= _TAGGED] = -1
    coded = people.member[author] & (rng.random(author.size) < _NETWORK_TAGGED)
    tag[coded] = _in_use(config, at[coded], rng)
    extra = rng.choice(np.flatnonzero(~people.member), config.network_tags * config.tag_bystanders)
    author = np.concatenate([author, extra])
    at = np.concatenate([at, between(created[extra], present(config), rng)])
    tag = np.concatenate([tag, np.arange(extra.size) % config.network_tags])
    order = np.lexsort((author, at))
    phrase = rng.integers(0, len(PHRASES), author.size)
    return Posts(author=author[order], at=at[order], tag=tag[order], phrase=phrase)


def _popular(size: int, draws: int, rng: np.random.Generator) -> Ints:
    """Indices below `size`, the first ones most often (Zipf)."""
    weight = 1.0 / np.arange(1, size + 1)
    return rng.choice(size, draws, p=weight / weight.sum())


def _in_use(config: SandboxConfig, at: Ints, rng: np.random.Generator) -> Ints:
    """One of the two tags the network uses at each moment: the current one, or already the next."""
    period = (present(config) - at) // (config.tag_days * DAY)
    return (config.network_tags - period + rng.integers(0, 2, at.size)) % config.network_tags


def groups(config: SandboxConfig, people: Cast, created: Ints, rng: np.random.Generator) -> Groups:
    """Groups of one community each; `rings` of them are half a ring, half its neighbours."""
    of_ring = np.full(config.groups, -1, dtype=np.int64)
    of_ring[rng.permutation(config.groups)[: config.rings]] = np.arange(config.rings)
    community = rng.integers(0, np.where(of_ring >= 0, config.gateways, config.communities))
    group = np.repeat(np.arange(config.groups), 2 + rng.poisson(config.group_size - 2, config.groups))
    account = GroupSampler(people.popularity, people.community).within(community[group], rng)
    inside = (of_ring[group] >= 0) & (rng.random(group.size) < 0.5)
    settled = np.where(people.member & ~people.fresh, 1.0, 0.0)
    account[inside] = GroupSampler(settled, np.maximum(people.ring, 0)).within(of_ring[group[inside]], rng)
    group, account = distinct_pairs((group, account), config.accounts)
    return _joined(config, group, account, created, rng)


def _joined(
    config: SandboxConfig, group: Ints, account: Ints, created: Ints, rng: np.random.Generator
) -> Groups:
    """The oldest account owns the group; the others join later."""
    order = np.lexsort((created[account], group))
    first = np.unique(group[order], return_index=True)[1]
    owner = account[order][first]
    founded = created[owner]
    joined = between(np.maximum(created[account], founded[group]), present(config), rng)
    joined[account == owner[group]] = founded[group[account == owner[group]]]
    return Groups(owner=owner, created_at=founded, group=group, account=account, joined_at=joined)


def reports(config: SandboxConfig, people: Cast, created: Ints, rng: np.random.Generator) -> Reports:
    """Most reports are about benign accounts; a member is reported more often than others."""
    mean = np.where(people.member, config.member_reports, config.benign_reports)
    reported = np.repeat(np.arange(config.accounts), rng.poisson(mean))
    reporter = rng.choice(np.flatnonzero(~people.member), reported.size)
    reported, reporter = reported[reported != reporter], reporter[reported != reporter]
    at = between(np.maximum(created[reported], created[reporter]), present(config), rng)
    phrase = rng.integers(0, len(REPORT_TEXTS), reported.size)
    return Reports(reported=reported, reporter=reporter, at=at, phrase=phrase)

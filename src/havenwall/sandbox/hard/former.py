"""Removed accounts: who they were, and what they were tied to while they lived."""

from __future__ import annotations

import msgspec
import numpy as np

from havenwall.model import LinkKind
from havenwall.network.graph import Csr
from havenwall.sandbox.clock import between
from havenwall.sandbox.hard.cast import Cast, HardPart
from havenwall.sandbox.hard.catalogue import Shop
from havenwall.sandbox.hard.config import HardConfig
from havenwall.sandbox.hard.gone import Doubles, Gone
from havenwall.sandbox.hard.ordinary import Pairs
from havenwall.sandbox.hard.past import Past
from havenwall.sandbox.hard.things import Users, Uses
from havenwall.sandbox.sampling import Ints

_SAME_THING = 0.35


class Ties(msgspec.Struct, frozen=True, kw_only=True, eq=False):
    """Follows between removed and living accounts; all arrays are (ties,)."""

    former: Ints
    """Index of the removed account."""
    account: Ints
    """Row of the living one."""
    at: Ints
    """µs since 1970 UTC; gone when the former account was removed."""


class Former(msgspec.Struct, frozen=True, kw_only=True, eq=False):
    """Accounts the platform has removed. They are not among its accounts and have no links any more.

    Traders all of them. No successor has itself been removed: chains of returns are not modelled.
    """

    ids: list[str]
    """(removed) entity names."""
    handles: list[str]
    """(removed)"""
    gone: Gone
    """When they lived; who came back as whom (`gone.replaced`); who only seems to have."""
    followers: Ties
    """Who followed them."""
    follows: Ties
    """Whom they followed."""
    uses: dict[LinkKind, Uses]
    """What they used; `account` is the index of the removed one, things are those of the catalogues."""


def former(
    config: HardConfig,
    people: Cast,
    links: Csr,
    shops: dict[LinkKind, Shop],
    who: Gone,
    names: tuple[list[str], list[str]],
    rng: np.random.Generator,
) -> Former:
    """Invent the past of removed accounts so that it agrees with what their successors do now.

    Args:
        links: (n, n) who follows whom today.
        shops: where what they used is drawn from.
        names: entity names and handles of the removed accounts.
    """
    past = Past(config, people, links, who, rng)
    users = Users(
        part=np.full(config.removed, HardPart.TRADER, dtype=np.int8),
        group=who.group,
        community=who.community,
        created_at=who.lives.created_at,
        until=who.lives.removed_at,
    )
    return Former(
        ids=names[0],
        handles=names[1],
        gone=who,
        followers=_ties(past.followers(rng), people, who, rng),
        follows=_ties(past.follows(rng), people, who, rng),
        uses={kind: _uses(shop, users, who, rng) for kind, shop in shops.items()},
    )


def _ties(pairs: Pairs, people: Cast, who: Gone, rng: np.random.Generator) -> Ties:
    """Date the ties, and leave out those with accounts that came after the removal."""
    whose, account = pairs
    start = np.maximum(who.lives.created_at[whose], people.created_at[account])
    there = start < who.lives.removed_at[whose]
    whose, account = whose[there], account[there]
    return Ties(former=whose, account=account, at=between(start[there], who.lives.removed_at[whose], rng))


def _uses(shop: Shop, users: Users, who: Gone, rng: np.random.Generator) -> Uses:
    """Things of their own choice, things that a successor or a fan uses too, and the device."""
    own = shop.uses(users, rng)
    again = Doubles(former=who.replaced.former, account=who.replaced.account)
    parts = [(own.account, own.thing)]
    parts += [_copied(shop.catalogue.uses, doubles, rng) for doubles in (again, who.fans)]
    if shop.catalogue.link is LinkKind.SHARED_CONTACT:
        parts.append((who.devices.former, shop.alone[: who.devices.former.size]))
    account, thing = (np.concatenate([part[side] for part in parts]) for side in (0, 1))
    at = between(users.created_at[account], users.until[account], rng)
    order = np.lexsort((account, at))
    return Uses(account=account[order], thing=thing[order], at=at[order])


def _copied(uses: Uses, doubles: Doubles, rng: np.random.Generator) -> Pairs:
    """Part of the things that living accounts use, as things of removed ones."""
    order = np.argsort(doubles.account)
    low = np.searchsorted(doubles.account[order], uses.account)
    high = np.searchsorted(doubles.account[order], uses.account, side="right")
    same = np.flatnonzero((high > low) & (rng.random(uses.account.size) < _SAME_THING))
    return doubles.former[order[low[same]]], uses.thing[same]

"""The removed accounts, and the living ones that are, or only seem to be, their successors."""

from __future__ import annotations

import msgspec
import numpy as np

from havenwall.sandbox.clock import DAY
from havenwall.sandbox.hard.cast import Cast, HardPart
from havenwall.sandbox.hard.config import HardConfig
from havenwall.sandbox.hard.returns import Lives, Replaced, returns
from havenwall.sandbox.sampling import GroupSampler, Ints

_FAMILY, _FANS, _BUYER_FANS = 0.3, 1.2, 0.3
_SAME_DEVICE = 0.3
_LATE, _AROUND_DAYS = 0.5, 60


class Doubles(msgspec.Struct, frozen=True, kw_only=True, eq=False):
    """Pairs of a removed and a living account, (pairs,) each."""

    former: Ints
    """Index of the removed account."""
    account: Ints
    """Row of the living one."""


class Gone(msgspec.Struct, frozen=True, kw_only=True, eq=False):
    """The removed accounts, before anything has happened to them."""

    lives: Lives
    replaced: Replaced
    group: Ints
    """(removed,) promotion group."""
    community: Ints
    """(removed,)"""
    family: Doubles
    """Lived with the removed one: same device, somebody else."""
    fans: Doubles
    """Imitates the removed one: similar handle, part of its follows, somebody else."""
    devices: Doubles
    """Who used the device of the removed one: its family, and some successors."""


def gone(config: HardConfig, people: Cast, rng: np.random.Generator) -> Gone:
    """Who was removed, who came back, and who might be taken for somebody who came back."""
    lives, replaced = returns(config, people, rng)
    traders = people.rows(HardPart.TRADER)
    group = people.group[rng.choice(traders, config.removed)]
    community = people.community[rng.choice(config.accounts, config.removed)]
    group[replaced.former] = people.group[replaced.account]
    community[replaced.former] = people.community[replaced.account]
    family = _family(config, people, lives, community, rng)
    again = rng.random(replaced.former.size) < _SAME_DEVICE
    return Gone(
        lives=lives,
        replaced=replaced,
        group=group,
        community=community,
        family=family,
        fans=_fans(config, people, lives, rng),
        devices=Doubles(
            former=np.concatenate([family.former, replaced.former[again]]),
            account=np.concatenate([family.account, replaced.account[again]]),
        ),
    )


def _family(
    config: HardConfig, people: Cast, lives: Lives, community: Ints, rng: np.random.Generator
) -> Doubles:
    whose = np.flatnonzero(rng.random(config.removed) < _FAMILY)
    plain = people.part == HardPart.ORDINARY
    near = GroupSampler(plain + 1e-9, people.community).within(community[whose], rng)
    late = _recent(np.flatnonzero(plain), people, lives, whose, rng)
    return _once(whose, np.where(rng.random(whose.size) < _LATE, late, near))


def _fans(config: HardConfig, people: Cast, lives: Lives, rng: np.random.Generator) -> Doubles:
    whose = np.repeat(np.arange(config.removed), rng.poisson(_FANS, config.removed))
    drawn = [
        np.where(
            rng.random(whose.size) < _LATE,
            _recent(rows, people, lives, whose, rng),
            rng.choice(rows, whose.size),
        )
        for rows in (people.rows(HardPart.BUYER), people.rows(HardPart.ORDINARY))
    ]
    return _once(whose, np.where(rng.random(whose.size) < _BUYER_FANS, *drawn))


def _recent(rows: Ints, people: Cast, lives: Lives, whose: Ints, rng: np.random.Generator) -> Ints:
    """For each removed account one of `rows` made about the time of its removal, as a successor would be."""
    order = rows[np.argsort(people.created_at[rows])]
    moment = lives.removed_at[whose] + ((rng.random(whose.size) - 0.5) * _AROUND_DAYS * DAY).astype(np.int64)
    place = np.searchsorted(people.created_at[order], moment)
    return order[np.minimum(place, rows.size - 1)]


def _once(former: Ints, account: Ints) -> Doubles:
    """No living account is the double of two."""
    _, first = np.unique(account, return_index=True)
    first.sort()
    return Doubles(former=former[first], account=account[first])

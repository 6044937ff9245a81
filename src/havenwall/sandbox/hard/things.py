"""What accounts use: tags, groups, shared media, contacts and links.

How much an account uses things follows one law for everybody. Only what the accounts of a scene choose
differs: part of it belongs to their scene, the traders' and the look-alikes' in the same way.
"""

from __future__ import annotations

import msgspec
import numpy as np
import numpy.typing as npt

from havenwall.model import EntityKind, LinkKind
from havenwall.sandbox.clock import DAY, between
from havenwall.sandbox.hard.cast import MEMBERS, HardPart
from havenwall.sandbox.hard.config import HardConfig
from havenwall.sandbox.sampling import GroupSampler, Ints

_CREATORS = (HardPart.TRADER, HardPart.PROMOTER, HardPart.LOOKALIKE)
_AUDIENCES = (HardPart.BUYER, HardPart.AUDIENCE)
_LAWFUL = (HardPart.LOOKALIKE, HardPart.AUDIENCE)
_TOPICS = 40
_ON_TOPIC = 0.6
_EVENNESS = 0.7


class Users(msgspec.Struct, frozen=True, kw_only=True, eq=False):
    """Accounts that use things; all arrays are (users,)."""

    part: npt.NDArray[np.int8]
    group: Ints
    community: Ints
    created_at: Ints
    """µs since 1970 UTC."""
    until: Ints
    """Until when they act, µs since 1970 UTC."""


class Uses(msgspec.Struct, frozen=True, kw_only=True, eq=False):
    """Who used which thing, and when; all (uses,). One account may use a thing several times."""

    account: Ints
    thing: Ints
    at: Ints
    """µs since 1970 UTC."""


class Habit(msgspec.Struct, frozen=True, kw_only=True):
    """How accounts use one kind of thing."""

    link: LinkKind
    kind: EntityKind
    rate: float
    """Mean uses per account, whoever it is."""
    benign: int
    """Things outside both scenes."""
    per_group: int
    """Things of each promotion group or circle; 0 if the whole scene uses the same ones in turn."""
    creators: float
    """Share of a creator's uses that belong to its scene."""
    audience: float
    """Share of the uses of an account of the audience that belong to the scene."""
    passers: int
    """Mean accounts outside the network that use each thing of a scene."""
    slope: float
    """How much the popular ones among the other things are preferred: weight rank ** -slope."""


def habits(config: HardConfig) -> tuple[Habit, ...]:
    """The habits of a platform; the numbers that are not in the configuration are ours."""
    n = config.accounts
    return (
        Habit(
            link=LinkKind.TAG_USE,
            kind=EntityKind.TAG,
            rate=config.tags_per_account,
            benign=config.benign_tags,
            per_group=0,
            creators=config.tag_share,
            audience=config.tag_share / 3,
            passers=config.tag_bystanders,
            slope=1.0,
        ),
        Habit(
            link=LinkKind.MEMBER,
            kind=EntityKind.GROUP,
            rate=0.5,
            benign=max(n // 80, _TOPICS),
            per_group=1,
            creators=0.4,
            audience=0.08,
            passers=12,
            slope=0.5,
        ),
        Habit(
            link=LinkKind.SHARED_MEDIA,
            kind=EntityKind.MEDIA,
            rate=1.2,
            benign=max(n // 10, _TOPICS),
            per_group=6,
            creators=0.3,
            audience=0.05,
            passers=3,
            slope=0.5,
        ),
        Habit(
            link=LinkKind.SHARED_CONTACT,
            kind=EntityKind.DOMAIN,
            rate=0.4,
            benign=max(n // 100, _TOPICS),
            per_group=2,
            creators=0.4,
            audience=0.02,
            passers=2,
            slope=0.9,
        ),
    )


class Market:
    """Draws uses of one kind of thing; numbers the network's first, then the look-alikes', then others."""

    def __init__(self, config: HardConfig, habit: Habit, rng: np.random.Generator) -> None:
        self._config, self._habit = config, habit
        groups = np.maximum(np.array([config.traders, config.lookalikes]) // config.group_size, 1)
        own = groups * habit.per_group if habit.per_group else np.full(2, config.network_tags)
        self._groups = groups
        self._first = np.array([0, own[0]])
        self.scene = np.repeat(
            np.array([HardPart.TRADER, HardPart.LOOKALIKE, HardPart.ORDINARY], dtype=np.int8),
            [own[0], own[1], habit.benign],
        )
        """(things,) whose scene each thing belongs to: TRADER, LOOKALIKE, or ORDINARY for neither."""
        weight = np.zeros(self.scene.size)
        weight[own.sum() :] = (np.arange(habit.benign) + 2.0) ** -habit.slope
        topic = np.concatenate([np.zeros(int(own.sum()), np.int64), rng.permutation(habit.benign) % _TOPICS])
        self._others = GroupSampler(weight, topic)

    def uses(self, users: Users, rng: np.random.Generator) -> Uses:
        """What the users use of their own accord; `account` is an index into `users`."""
        habit = self._habit
        eager = rng.gamma(_EVENNESS, 1 / _EVENNESS, users.part.size)
        account = np.repeat(np.arange(users.part.size), rng.poisson(habit.rate * eager))
        at = between(users.created_at[account], users.until[account], rng)
        thing = self._others.mixed(users.community[account] % _TOPICS, _ON_TOPIC, rng)
        share = np.select(
            [np.isin(users.part, _CREATORS), np.isin(users.part, _AUDIENCES)],
            [habit.creators, habit.audience],
        )
        own = np.flatnonzero(rng.random(account.size) < share[account])
        thing[own] = self._of_scene(users, account[own], at[own], rng)
        return Uses(account=account, thing=thing, at=at)

    def passing(self, users: Users, rng: np.random.Generator) -> Uses:
        """Others use the things of the scenes too, at any time."""
        own = np.flatnonzero(self.scene != HardPart.ORDINARY)
        size = rng.integers(round(0.4 * self._habit.passers), round(1.6 * self._habit.passers) + 1, own.size)
        thing = np.repeat(own, size)
        account = rng.choice(np.flatnonzero(~np.isin(users.part, MEMBERS)), thing.size)
        return Uses(
            account=account, thing=thing, at=between(users.created_at[account], users.until[account], rng)
        )

    def _of_scene(self, users: Users, account: Ints, at: Ints, rng: np.random.Generator) -> Ints:
        config, each = self._config, self._habit.per_group
        side = np.isin(users.part[account], _LAWFUL).astype(np.int64)
        if not each:
            # Each scene has moved on to its next thing every so often; some are ahead.
            period = at // (config.tag_days * DAY) + rng.integers(0, 2, at.size) + side
            return self._first[side] + period % config.network_tags
        group = users.group[account]
        group = np.where(group < 0, rng.integers(0, self._groups[side]), group)
        return self._first[side] + group * each + rng.integers(0, each, at.size)

"""Makes a hard platform, part after part."""

from __future__ import annotations

import numpy as np

from havenwall.model import EntityKind, LinkKind, entity_id
from havenwall.sandbox.hard import kin
from havenwall.sandbox.hard.cast import Cast, cast
from havenwall.sandbox.hard.catalogue import Shop
from havenwall.sandbox.hard.config import HardConfig
from havenwall.sandbox.hard.engage import engagement
from havenwall.sandbox.hard.follows import follow_graph
from havenwall.sandbox.hard.former import former
from havenwall.sandbox.hard.gone import Gone, gone
from havenwall.sandbox.hard.handles import Handles, handles, renamed, with_names
from havenwall.sandbox.hard.hints import hints
from havenwall.sandbox.hard.moments import present
from havenwall.sandbox.hard.ordinary import Pairs
from havenwall.sandbox.hard.platform import HardPlatform
from havenwall.sandbox.hard.things import Users, habits
from havenwall.sandbox.sampling import Ints

_SURNAME = 0.5
_COPIED = 0.5


def generate_hard(config: HardConfig, seed: int) -> HardPlatform:
    """A platform, the same for the same configuration and seed.

    Changing `camouflage` alone leaves accounts, things and all follows that it has no part in as they were.

    Raises:
        BadConfig: see `HardConfig.validated`.
    """
    config.validated()
    *seeds, linked = np.random.SeedSequence(seed).spawn(10)
    rngs = [np.random.default_rng(child) for child in seeds]
    people = cast(config, rngs[0])
    ids, removed = _names(config, rngs[1])
    households = kin.households(config, people, rngs[2])
    who = gone(config, people, rngs[3])
    links = follow_graph(config, people, households, linked)
    shops = _shops(config, people, households, who, rngs[4])
    texts = _handles(config, households, who, rngs[5])
    return HardPlatform(
        config=config,
        seed=seed,
        ids=ids,
        handles=texts[0],
        people=people,
        follows=links,
        engagement=engagement(config, people, links, rngs[6]),
        catalogues={kind: shop.catalogue for kind, shop in shops.items()},
        hints=hints(config, people, shops[LinkKind.SHARED_MEDIA].catalogue, rngs[7]),
        households=households,
        former=former(config, people, links, shops, who, (removed, texts[1]), rngs[8]),
    )


def _names(config: HardConfig, rng: np.random.Generator) -> tuple[list[str], list[str]]:
    """Distinct numbers of eight digits for the living, ascending, and for the removed.

    Ascending, so that rows and names are in the same order, as a graph keeps them.
    """
    numbers = 10_000_000 + rng.choice(90_000_000, config.accounts + config.removed, replace=False)
    living, removed = np.sort(numbers[: config.accounts]), numbers[config.accounts :]
    account = entity_id(EntityKind.ACCOUNT, "")
    return [f"{account}{key}" for key in living.tolist()], [f"{account}{key}" for key in removed.tolist()]


def _shops(
    config: HardConfig, people: Cast, households: Pairs, who: Gone, rng: np.random.Generator
) -> dict[LinkKind, Shop]:
    end = present(config)
    users = Users(
        part=people.part,
        group=people.group,
        community=people.community,
        created_at=people.created_at,
        until=np.full(config.accounts, end, dtype=np.int64),
    )
    others = rng.permutation(config.accounts)[: round(config.alone_share * config.accounts)]
    alone = np.concatenate([who.devices.account, others])
    none = np.empty(0, dtype=np.int64)
    shops = {}
    for habit in habits(config):
        devices = habit.link is LinkKind.SHARED_CONTACT
        private = (households, alone) if devices else ((none, none), none)
        shops[habit.link] = Shop(config, habit, users, private, rng)
    return shops


def _handles(
    config: HardConfig, households: Pairs, who: Gone, rng: np.random.Generator
) -> tuple[list[str], list[str]]:
    """Handles of the living and of the removed: relatives, fans and successors have similar ones."""
    living, removed = handles(config.accounts, rng), handles(config.removed, rng)
    living = _alike(living, households[1], living.take(households[0]), False, _SURNAME, rng)
    living = _alike(living, who.family.account, removed.take(who.family.former), False, _SURNAME, rng)
    living = _alike(living, who.fans.account, removed.take(who.fans.former), True, _COPIED, rng)
    again = renamed(removed.take(who.replaced.former), rng)
    return living.put(who.replaced.account, again).texts(), removed.texts()


def _alike(
    base: Handles, rows: Ints, like: Handles, whole: bool, share: float, rng: np.random.Generator
) -> Handles:
    some = np.flatnonzero(rng.random(rows.size) < share)
    return with_names(base, rows[some], like.take(some), whole=whole)

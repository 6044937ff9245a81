"""The things of one kind with their names, and who of the living uses them."""

from __future__ import annotations

import msgspec
import numpy as np
import numpy.typing as npt
import polars as pl

from havenwall.model import EntityKind, LinkKind, entity_id
from havenwall.network.graph import Csr, Names, from_pairs
from havenwall.sandbox import words
from havenwall.sandbox.clock import between
from havenwall.sandbox.hard.cast import HardPart
from havenwall.sandbox.hard.config import HardConfig
from havenwall.sandbox.hard.moments import SECOND
from havenwall.sandbox.hard.ordinary import Pairs
from havenwall.sandbox.hard.things import Habit, Market, Users, Uses
from havenwall.sandbox.sampling import Ints


class Catalogue(msgspec.Struct, frozen=True, kw_only=True, eq=False):
    """Things of one kind. t things; thing j is `names[j]` and column j of the graph."""

    link: LinkKind
    names: list[str]
    """(t) entity names, ascending."""
    scene: npt.NDArray[np.int8]
    """(t,) whose thing it is: HardPart.TRADER, HardPart.LOOKALIKE, or ORDINARY for neither."""
    uses: Uses
    """Who of the living used what, and when."""

    def matrix(self, accounts: int) -> Csr:
        """(accounts, t) who uses what, and since when."""
        at = self.uses.at // SECOND
        return from_pairs(self.uses.account, self.uses.thing, (accounts, len(self.names)), since=at)

    def as_names(self) -> Names:
        """The names in the form the graph keeps them."""
        return Names.from_series(pl.Series("names", self.names))


class Shop:
    """Makes the catalogue of one habit, and draws what removed accounts used from it."""

    def __init__(
        self,
        config: HardConfig,
        habit: Habit,
        users: Users,
        private: tuple[Pairs, Ints],
        rng: np.random.Generator,
    ) -> None:
        """Draw what everybody uses.

        Args:
            users: the living.
            private: pairs of accounts that share a thing of their own, such as a device, and accounts that
                have one to themselves.
        """
        self._market = Market(config, habit, rng)
        own, passing = self._market.uses(users, rng), self._market.passing(users, rng)
        pairs, alone = private
        known, shared = self._market.scene.size, pairs[0].size
        kin = _private(pairs, alone, users, known, rng)
        scene = np.concatenate([self._market.scene, np.zeros(shared + alone.size, dtype=np.int8)])
        labels = _labels(habit.kind, scene, rng)
        order = np.array(labels).argsort()
        self._place = np.empty(order.size, dtype=np.int64)
        self._place[order] = np.arange(order.size)
        self.alone = self._place[known + shared :]
        """(alone,) the thing of each account that has one to itself."""
        self.catalogue = Catalogue(
            link=habit.link,
            names=[labels[thing] for thing in order.tolist()],
            scene=scene[order],
            uses=self._placed(
                Uses(
                    **{
                        field: np.concatenate([getattr(part, field) for part in (own, passing, kin)])
                        for field in Uses.__struct_fields__
                    }
                )
            ),
        )

    def uses(self, users: Users, rng: np.random.Generator) -> Uses:
        """What other accounts, such as removed ones, used."""
        return self._placed(self._market.uses(users, rng))

    def _placed(self, uses: Uses) -> Uses:
        order = np.lexsort((uses.account, uses.at))
        return Uses(account=uses.account[order], thing=self._place[uses.thing[order]], at=uses.at[order])


def _private(pairs: Pairs, alone: Ints, users: Users, first: int, rng: np.random.Generator) -> Uses:
    """Things that only two accounts use, both of them, and things that only one uses."""
    account = np.concatenate([*pairs, alone])
    shared = np.arange(pairs[0].size)
    thing = first + np.concatenate([shared, shared, shared.size + np.arange(alone.size)])
    return Uses(
        account=account, thing=thing, at=between(users.created_at[account], users.until[account], rng)
    )


def _labels(kind: EntityKind, scene: npt.NDArray[np.int8], rng: np.random.Generator) -> list[str]:
    """Names in no order; tags are words, everything else is numbers."""
    if kind is EntityKind.TAG:
        network = scene == HardPart.TRADER
        plain = rng.permutation(np.array(words.benign_tags(int((~network).sum()))))
        texts = np.empty(scene.size, dtype=object)
        texts[network] = words.NETWORK_TAGS[: int(network.sum())]
        texts[~network] = plain
        return [entity_id(kind, text) for text in texts.tolist()]
    numbers: Ints = 10_000_000 + rng.choice(90_000_000, scene.size, replace=False)
    return [entity_id(kind, number) for number in numbers.tolist()]

"""A hard platform: the whole of it in one record."""

from __future__ import annotations

import msgspec
import numpy as np
import numpy.typing as npt
import polars as pl

from havenwall.model import LinkKind
from havenwall.network.graph import Csr, Graph, Names
from havenwall.sandbox.hard.cast import Cast, HardPart
from havenwall.sandbox.hard.catalogue import Catalogue
from havenwall.sandbox.hard.config import HardConfig
from havenwall.sandbox.hard.former import Former
from havenwall.sandbox.hard.hints import Hints
from havenwall.sandbox.hard.ordinary import Pairs
from havenwall.sandbox.sampling import Bools, Floats, Ints


class HardPlatform(msgspec.Struct, frozen=True, kw_only=True, eq=False):
    """A platform at `config.end`. n = `config.accounts`; account i is `ids[i]` and row i of `graph()`.

    Neither names, order nor times tell parts from each other. `people`, the scenes of things, and what
    `former` says of returns are the truth, for audits and tests only.
    """

    config: HardConfig
    seed: int
    ids: list[str]
    """(n) entity names, `account:...`, ascending."""
    handles: list[str]
    """(n) what the accounts call themselves."""
    people: Cast
    """Parts, communities, groups, ages."""
    follows: Csr
    """(n, n) who follows whom, and since when."""
    engagement: dict[LinkKind, Csr]
    """LIKE and COMMENT, (n, n) each: the first like or comment from one account to another."""
    catalogues: dict[LinkKind, Catalogue]
    """TAG_USE, MEMBER, SHARED_MEDIA, SHARED_CONTACT: the things, and who uses them."""
    hints: Hints
    """What the platform knows beyond links: hints of age, reports, listed media."""
    households: Pairs
    """(pairs,) twice: living accounts that share a device and are two people."""
    former: Former
    """Accounts that were removed, and who came back."""

    @property
    def part(self) -> npt.NDArray[np.int8]:
        """(n,) values of `HardPart`."""
        return self.people.part

    @property
    def created_at(self) -> Ints:
        """(n,) µs since 1970 UTC."""
        return self.people.created_at

    @property
    def visible(self) -> Floats:
        """(n,) how visible each trader is to those who look for the network; 0 for all others."""
        return np.where(self.part == HardPart.TRADER, self.people.pull, 0.0)

    @property
    def hits(self) -> Bools:
        """(n,) whether the account shared media that is on the hash list."""
        uses = self.catalogues[LinkKind.SHARED_MEDIA].uses
        hit = np.zeros(self.config.accounts, dtype=np.bool_)
        hit[uses.account[self.hints.listed[uses.thing]]] = True
        return hit

    def graph(self) -> Graph:
        """The links as they stand now, as scoring sees them; what removed accounts had is not in it."""
        n = self.config.accounts
        return Graph(
            names=Names.from_series(pl.Series("names", self.ids)),
            between={LinkKind.FOLLOW: self.follows, **self.engagement},
            uses={kind: things.matrix(n) for kind, things in self.catalogues.items()},
            things={kind: things.as_names() for kind, things in self.catalogues.items()},
        )

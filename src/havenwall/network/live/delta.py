"""A graph that changes: links added and taken back over a base that stays as it is."""

from __future__ import annotations

from datetime import datetime

import numpy as np
from numpy.typing import NDArray

from havenwall.errors import BadInput
from havenwall.model import EntityKind, LinkKind
from havenwall.network.graph import Csr, Graph, Names
from havenwall.network.live.growing import GrowingNames
from havenwall.network.live.ties import Ties
from havenwall.network.walk import Direction, Ways

Rows = NDArray[np.uint32]
_ACCOUNT = f"{EntityKind.ACCOUNT}:"


class DeltaGraph:
    """A base graph with a layer of changes; memory grows with the changes.

    The base is only read, so its arrays may be read-only memory maps. The rows of its accounts and things
    stay as they are; new accounts and things get rows after them, until `compacted` numbers all anew.
    """

    def __init__(self, base: Graph) -> None:
        """Begin without changes."""
        self.base = base
        self.names = GrowingNames(base.names)
        """Names of the accounts."""
        self.between = {kind: Ties(matrix) for kind, matrix in base.between.items()}
        """Account to account by kind."""
        self.uses = {kind: Ties(matrix) for kind, matrix in base.uses.items()}
        """Account to thing by kind."""
        self.things = {kind: GrowingNames(names) for kind, names in base.things.items()}
        """Names of the things of each kind of `uses`."""

    @property
    def n(self) -> int:
        """How many accounts there are."""
        return len(self.names)

    @property
    def links(self) -> int:
        """How many links of all kinds there are."""
        return sum(ties.out.links for ties in (*self.between.values(), *self.uses.values()))

    @property
    def size(self) -> int:
        """Bytes that the changes of links take."""
        return sum(ties.size for ties in (*self.between.values(), *self.uses.values()))

    def ties(self, kind: LinkKind) -> Ties:
        """Links of a kind between accounts."""
        if kind not in self.between:
            self.between[kind] = Ties(_nothing())
        return self.between[kind]

    def used(self, kind: LinkKind) -> Ties:
        """Uses of things by links of a kind."""
        if kind not in self.uses:
            self.uses[kind], self.things[kind] = Ties(_nothing()), GrowingNames(Names.from_list([]))
        return self.uses[kind]

    def add(self, kind: LinkKind, src: int, dst: int, at: datetime | None = None) -> bool:
        """Add a link between accounts.

        Returns:
            False if it is there already (it keeps its date) or would be a loop.

        Raises:
            BadInput: there is no such row, or the date has no time zone.
        """
        self._check(src, dst)
        return src != dst and self.ties(kind).add(src, dst, _seconds(at))

    def remove(self, kind: LinkKind, src: int, dst: int) -> bool:
        """Take a link between accounts back; False if there is none.

        Raises:
            BadInput: there is no such row.
        """
        self._check(src, dst)
        return self.ties(kind).remove(src, dst)

    def use(self, kind: LinkKind, row: int, thing: int, at: datetime | None = None) -> bool:
        """Note that an account uses a thing; False if it is noted already.

        Raises:
            BadInput: there is no such row or thing, or the date has no time zone.
        """
        self._check(row)
        self._check_thing(kind, thing)
        return self.used(kind).add(row, thing, _seconds(at))

    def disuse(self, kind: LinkKind, row: int, thing: int) -> bool:
        """Take the use of a thing back; False if there is none.

        Raises:
            BadInput: there is no such row or thing.
        """
        self._check(row)
        self._check_thing(kind, thing)
        return self.used(kind).remove(row, thing)

    def account(self, name: str) -> int:
        """Row of an account, a new one if it is not known."""
        return self.names.add(name)

    def thing(self, kind: LinkKind, name: str) -> int:
        """Number of a thing among those of a kind, a new one if it is not known."""
        self.used(kind)
        return self.things[kind].add(name)

    def out(self, kind: LinkKind, row: int) -> Rows:
        """Accounts that an account is tied to, ascending."""
        return self.ties(kind).out.row(row)

    def into(self, kind: LinkKind, row: int) -> Rows:
        """Accounts that are tied to an account, ascending."""
        return self.ties(kind).into.row(row)

    def degree(self, kind: LinkKind, row: int) -> int:
        """How many accounts an account is tied to."""
        return self.ties(kind).out.degree(row)

    def ways(self, direction: Direction) -> Ways:
        """The ways of a walk on the follows; they change as the graph does."""
        follows = self.ties(LinkKind.FOLLOW)
        return Ways(follows.out, follows.into, direction)

    def compacted(self) -> Graph:
        """A graph of its own with all changes; rows follow the names anew, so ask it for rows by name."""
        names, rows = self.names.merged()
        n = len(names)
        between = {
            kind: ties.compacted(rows, rows, (n, n), loops=False)
            for kind, ties in self.between.items()
            if ties.out.links
        }
        uses, things = {}, {}
        for kind in (kind for kind, ties in self.uses.items() if ties.out.links):
            things[kind], columns = self.things[kind].merged()
            shape = (n, len(things[kind]))
            uses[kind] = self.uses[kind].compacted(rows, columns, shape, loops=True)
        return Graph(names, between, uses, things)

    def _check(self, *rows: int) -> None:
        for row in rows:
            if not 0 <= row < self.n:
                raise BadInput(f"no account {row} among {self.n}", field="row")

    def _check_thing(self, kind: LinkKind, thing: int) -> None:
        known = len(self.things[kind]) if kind in self.things else 0
        if not 0 <= thing < known:
            raise BadInput(f"no thing {thing} among {known} of kind {kind}", field="thing")


def is_account(name: str) -> bool:
    """Whether the name of an entity is that of an account."""
    return name.startswith(_ACCOUNT)


def _nothing() -> Csr:
    return Csr(np.zeros(1, np.int64), np.empty(0, np.uint32), 0)


def _seconds(at: datetime | None) -> int:
    if at is None:
        return 0
    if at.tzinfo is None:
        raise BadInput("has no time zone", field="at", hint="times are in UTC")
    return min(max(int(at.timestamp()), 1), 2**32 - 1)

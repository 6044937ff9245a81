"""The graph that scoring works on: who is tied to whom by which kind of link, since when, what they use."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cached_property

import msgspec
import numpy as np
from numpy.typing import NDArray

from havenwall.model import LinkKind
from havenwall.network.graph.csr import Csr, beside, union
from havenwall.network.graph.names import Names


class Graph(msgspec.Struct, frozen=True, eq=False, dict=True):
    """Accounts and their links by kind; row i belongs to `names[i]`. A tie of a kind counts once."""

    names: Names
    """Names of the n accounts."""
    between: dict[LinkKind, Csr]
    """Account to account by kind, each (n, n), no loops. A kind without links is left out."""
    uses: dict[LinkKind, Csr]
    """Account to thing (group, tag, post, ...) by kind, each (n, t). A kind without links is left out."""
    things: dict[LinkKind, Names]
    """Names of the t things of each kind of `uses`."""
    set_aside: int = 0
    """How many links were left out because an end has no id."""

    @property
    def n(self) -> int:
        """How many accounts there are."""
        return len(self.names)

    @property
    def links(self) -> int:
        """How many links of all kinds there are."""
        return sum(part.links for part in (*self.between.values(), *self.uses.values()))

    @cached_property
    def follows(self) -> Csr:
        """(n, n) who follows whom."""
        return self.between.get(LinkKind.FOLLOW) or union([], (self.n, self.n))

    @cached_property
    def other(self) -> Csr:
        """(n, n) ties between accounts of any kind but follow; dated by the first of them."""
        kinds = [kind for kind in LinkKind if kind in self.between and kind is not LinkKind.FOLLOW]
        return union([self.between[kind] for kind in kinds], (self.n, self.n))

    @cached_property
    def shared(self) -> Csr:
        """(n, t) all of `uses` side by side in the order of LinkKind; `spans` has the columns of a kind."""
        return beside([self.uses[kind] for kind in LinkKind if kind in self.uses], self.n)

    @cached_property
    def spans(self) -> dict[LinkKind, range]:
        """The columns of `shared` that belong to each kind."""
        spans, start = {}, 0
        for kind in (kind for kind in LinkKind if kind in self.uses):
            spans[kind] = range(start, start + self.uses[kind].columns)
            start = spans[kind].stop
        return spans

    def index(self, names: Iterable[str]) -> NDArray[np.int64]:
        """Sorted distinct rows of the accounts in `names`; accounts without any link are left out."""
        return self.names.rows(names)

    def thing(self, column: int) -> str:
        """Name of a column of `shared`.

        Raises:
            IndexError: there is no such column.
        """
        for kind, span in self.spans.items():
            if column in span:
                return self.things[kind][column - span.start]
        raise IndexError(f"column {column} of {self.shared.columns} things")

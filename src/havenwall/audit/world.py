"""World: what one platform, simulated or real, gives the audit."""

from __future__ import annotations

from typing import Any, Protocol

import msgspec
import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array

from havenwall.audit.adapter import Adapter, AuditSurface
from havenwall.audit.labels import Label, LabelService
from havenwall.errors import BadInput

ARMS: tuple[str, ...] = ("none", "known", "havenwall", "all_known")
"""The arms of an audit on the sandbox: no guard, known accounts dropped, Havenwall, the best possible."""

ARM_LABELS: dict[str, str] = {
    "none": "No guard",
    "known": "Known accounts dropped",
    "havenwall": "Havenwall",
    "all_known": "Whole network known",
}
"""The arms' names for people."""


class Gate(Protocol):
    """What stands between the recommender and the person: the guard, or a stand-in for it."""

    def allowed(
        self, candidates: NDArray[Any], surface: AuditSurface, viewer: str = "ordinary"
    ) -> NDArray[np.bool_]:
        """Which of the (t, m) numbered candidates may be shown to such viewers; for -1 it does not matter."""
        ...


class MaskGate(msgspec.Struct, frozen=True, eq=False):
    """A gate that drops a fixed set of entities on every surface."""

    dropped: NDArray[np.bool_]
    """(n,) by number; whoever has a greater one is allowed."""

    def allowed(
        self, candidates: NDArray[Any], surface: AuditSurface, viewer: str = "ordinary"
    ) -> NDArray[np.bool_]:
        """Which of the (t, m) candidates are not in the set."""
        inside = (candidates >= 0) & (candidates < self.dropped.size)
        return ~(inside & self.dropped[np.where(inside, candidates, 0)])


OPEN = MaskGate(np.zeros(1, dtype=np.bool_))
"""No gate."""


class Arm(msgspec.Struct, frozen=True, kw_only=True, eq=False):
    """One way in which the platform could serve: a recommender, and the gate behind it."""

    adapter: Adapter
    """The same object may stand behind several arms: it is reset between them."""
    gate: Gate = OPEN


class Histories(msgspec.Struct, frozen=True, kw_only=True, eq=False):
    """Whom ordinary people follow, to measure what a gate costs them."""

    people: NDArray[np.int64]
    """(p,) numbers of people outside the network who follow somebody."""
    follows: csr_array
    """(n, n), non-zero where the row's account follows the column's."""
    suppressed: NDArray[np.bool_]
    """(n,) accounts that Havenwall suppressed, without those known before."""


class World(msgspec.Struct, frozen=True, kw_only=True, eq=False):
    """One platform, or one training of its model, and the truth that the recommender never sees."""

    platform_seed: int
    """Tells platforms apart; 0 or more."""
    labels: LabelService
    arms: dict[str, Arm]
    histories: Histories | None = None
    """For the cost to others; None where it is not measured."""

    @property
    def prevalence(self) -> float:
        """The network's share of all entities that are known by now."""
        return float(self.labels.are(Label.MEMBER).sum() / len(self.labels.ids))

    def validated(self) -> World:
        """This world, if it can be walked.

        Raises:
            BadInput: there is no arm, nobody or everybody belongs to the network, or the histories do not
                fit the labels.
        """
        if not self.arms:
            raise BadInput("there is none", field="arms", hint="an audit walks at least one arm")
        members, everybody = int(self.labels.are(Label.MEMBER).sum()), len(self.labels.ids)
        if members in (0, everybody):
            hint = "an audit needs a network and somebody outside it"
            raise BadInput(f"{members} of {everybody} are members", field="labels", hint=hint)
        if self.histories and self.histories.suppressed.shape != self.histories.follows.shape[:1]:
            hint = "give one entry for each account"
            raise BadInput(f"{self.histories.suppressed.shape}", field="histories.suppressed", hint=hint)
        return self

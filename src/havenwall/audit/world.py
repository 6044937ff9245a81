"""World: what one platform, simulated or real, gives the audit."""

from __future__ import annotations

from typing import Any, Protocol

import msgspec
import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array

from havenwall.errors import BadInput

ARMS: tuple[str, ...] = ("none", "known", "havenwall", "all_known")
"""The arms every test account walks: no guard, known accounts dropped, Havenwall, the best possible."""

ARM_LABELS: dict[str, str] = {
    "none": "No guard",
    "known": "Known accounts dropped",
    "havenwall": "Havenwall",
    "all_known": "Whole network known",
}
"""The arms' names for people."""


class Recommender(Protocol):
    """A platform's recommender of accounts to follow."""

    @property
    def name(self) -> str:
        """What the platform calls it."""
        ...

    def recommend(self, histories: csr_array, k: int) -> NDArray[np.int32]:
        """The `k` best accounts for each history, best first.

        Args:
            histories: (t, n), non-zero where a test account already follows an account.
            k: accounts wanted, at most n.

        Returns:
            (t, k) account numbers without those already followed; -1 where there are no more.
        """
        ...


class Gate(Protocol):
    """What stands between the recommender and the person: the guard, or a stand-in for it."""

    def allowed(self, candidates: NDArray[Any]) -> NDArray[np.bool_]:
        """Which of the (t, m) candidates may be shown; the answer for -1 does not matter."""
        ...


class MaskGate(msgspec.Struct, frozen=True, eq=False):
    """A gate that drops a fixed set of accounts."""

    dropped: NDArray[np.bool_]
    """(n,)"""

    def allowed(self, candidates: NDArray[Any]) -> NDArray[np.bool_]:
        """Which of the (t, m) candidates are not in the set."""
        return ~self.dropped[candidates]


class World(msgspec.Struct, frozen=True, kw_only=True, eq=False):
    """One platform with n accounts, its recommender, and the truth the recommender never sees.

    All masks are bool (n,).
    """

    platform_seed: int
    """Tells platforms apart; 0 or more."""
    recommender: Recommender
    follows: csr_array
    """(n, n), non-zero where the row's account follows the column's."""
    member: NDArray[np.bool_]
    """Belongs to the network."""
    neighbourhood: NDArray[np.bool_]
    """Ordinary accounts whose interests lie next to the network."""
    bystander: NDArray[np.bool_]
    """Close to the network but not of it: victims, journalists, researchers, relatives."""
    hard_negative: NDArray[np.bool_]
    """An innocent community that looks like a network."""
    known: NDArray[np.bool_]
    """Members confirmed before Havenwall ran."""
    suppressed: NDArray[np.bool_]
    """Accounts that Havenwall suppressed, without the known ones."""
    arms: dict[str, Gate]
    """The gate of each arm, in the order of `ARMS`."""

    def validated(self) -> World:
        """This world, if it can be walked.

        Raises:
            BadInput: a mask of another length, no or only members, or other arms than the four.
        """
        n = int(self.follows.shape[0])
        for field in (
            "member",
            "neighbourhood",
            "bystander",
            "hard_negative",
            "known",
            "suppressed",
        ):
            self._mask(field, n)
        if self.member.all() or not self.member.any():
            hint = "an audit needs a network and somebody outside it"
            raise BadInput("marks all accounts or none", field="member", hint=hint)
        if tuple(self.arms) != ARMS:
            raise BadInput("not the four arms in order", field="arms", hint="give " + ", ".join(ARMS))
        return self

    def _mask(self, field: str, n: int) -> None:
        mask = getattr(self, field)
        if mask.shape != (n,) or mask.dtype != np.bool_:
            hint = f"give a bool array with one entry for each of the {n} accounts"
            raise BadInput(f"{mask.dtype} {mask.shape}", field=field, hint=hint)

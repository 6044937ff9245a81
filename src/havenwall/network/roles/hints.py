"""What the platform may tell about its accounts beyond their links. All of it is optional."""

from __future__ import annotations

import msgspec
import numpy as np
from numpy.typing import NDArray

from havenwall.errors import BadInput


class Hints(msgspec.Struct, frozen=True, kw_only=True, eq=False):
    """Per account what the platform knows; roles are told without any of it too, with less certainty."""

    created: NDArray[np.int64] | None = None
    """(n,) microseconds since 1970 UTC at which each account was made, 0 where unknown."""
    minor: NDArray[np.bool_] | None = None
    """(n,) whether the account is declared, or estimated by the platform, to be a minor's."""
    own_signals: NDArray[np.float32] | None = None
    """(n,) 0..1 strength of the account's own content signals: terms and hashes in what it posted itself."""
    reports: NDArray[np.int64] | None = None
    """(n,) how many people reported it."""
    verified: NDArray[np.bool_] | None = None
    """(n,) whether the platform checked who it is: press, an organisation, an authority."""

    def check(self, n: int) -> None:
        """Raise unless every array given speaks of n accounts.

        Raises:
            BadInput: an array has another length.
        """
        for name in self.__struct_fields__:
            values = getattr(self, name)
            if values is not None and values.shape != (n,):
                raise BadInput(f"has shape {values.shape}, not ({n},)", field=name)

    @property
    def missing(self) -> tuple[str, ...]:
        """Names of what was not given."""
        return tuple(name for name in self.__struct_fields__ if getattr(self, name) is None)

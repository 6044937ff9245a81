"""How much of a walk may pass along a link, by how likely a victim is the account where the link ends."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from havenwall.errors import BadInput
from havenwall.network.roles.overlap import FloatArray

_SCALE = 2.0


def arriving(victim_probability: NDArray[np.floating]) -> FloatArray:
    """(n,) weight 0..1 of the links that end at each account: 1 up to an even chance of a victim, 0 if sure.

    The rule of Integro, min(1, 2 (1 - p)) (Boshmaf et al., NDSS 2015), there for links at both ends, here
    only for links that arrive: what buyers do to a victim says nothing about the victim or its friends.

    Args:
        victim_probability: (n,) 0..1.

    Raises:
        BadInput: a probability is outside 0..1 or not a number.
    """
    if not np.all((victim_probability >= 0) & (victim_probability <= 1)):
        raise BadInput("must be between 0 and 1", field="victim_probability")
    return np.minimum(_SCALE * (1 - victim_probability), 1).astype(np.float32)

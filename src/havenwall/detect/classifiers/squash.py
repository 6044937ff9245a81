"""What a model gives → numbers from 0 to 1."""

from __future__ import annotations

from enum import StrEnum

import numpy as np
from numpy.typing import NDArray


class Squash(StrEnum):
    """What is done to the numbers."""

    NONE = "none"
    SIGMOID = "sigmoid"
    SOFTMAX = "softmax"


def squash(given: NDArray[np.float64], how: Squash, column: int = -1) -> NDArray[np.float64]:
    """(n,) one number each, of (n,) or (n, columns). Another shape is given back as it is."""
    if given.ndim == 1:
        given = given[:, None]
    if given.ndim != 2 or not -given.shape[1] <= column < given.shape[1]:
        return given
    if how is Squash.SOFTMAX:
        powers = np.exp(given - given.max(axis=1, keepdims=True))
        return np.asarray((powers / powers.sum(axis=1, keepdims=True))[:, column])
    one = given[:, column]
    return 1.0 / (1.0 + np.exp(-np.clip(one, -500, 500))) if how is Squash.SIGMOID else one

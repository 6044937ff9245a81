"""The one shape every classifier has, whoever runs it."""

from __future__ import annotations

from collections.abc import Sequence
from enum import StrEnum
from typing import NamedTuple, Protocol

import numpy as np
from numpy.typing import NDArray

Picture = NDArray[np.uint8]
"""(height, width, 3) red, green, blue."""


class Kind(StrEnum):
    """What a classifier looks at."""

    TEXT = "text"
    IMAGE = "image"


class Score(NamedTuple):
    """What a classifier says of one input."""

    value: float | None
    """0..1; None where it could not say."""
    fault: str = ""
    """Why it could not."""


class Classifier(Protocol):
    """Gives each text, or each picture, a score from 0 to 1. Made by somebody else; trusted with nothing."""

    @property
    def name(self) -> str:
        """Name the operator gave it; signals carry it in their evidence."""
        ...

    @property
    def version(self) -> str:
        """Changes when the model does."""
        ...

    @property
    def kind(self) -> Kind:
        """What it takes: texts, or `Picture`s."""
        ...

    def scores(self, inputs: Sequence[str] | Sequence[Picture]) -> list[Score]:
        """One score per input, in order. What one input is at fault for costs only its own score.

        Raises:
            SourceFailed: the classifier itself does not work now; asking again later may help.
            NotReady: it cannot work here before somebody does what the hint says.
        """
        ...

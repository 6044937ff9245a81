"""The accounts that reviewers have confirmed: mostly visible traders, and a few mistakes."""

from __future__ import annotations

import numpy as np

from havenwall.sandbox.hard.cast import HardPart
from havenwall.sandbox.hard.platform import HardPlatform
from havenwall.sandbox.sampling import Ints

_MISTAKEN = (HardPart.ORDINARY, HardPart.LOOKALIKE, HardPart.VICTIM)


def seeds(platform: HardPlatform, size: int, rng: np.random.Generator, wrong_share: float = 0.0) -> Ints:
    """Rows of `size` confirmed accounts, ascending; visible traders are confirmed first.

    Args:
        wrong_share: share of them that are mistakes: in equal parts ordinary accounts that follow a trader,
            look-alikes and victims (recipe: 2 to 5 %).
    """
    wrong = round(size * wrong_share)
    weight = platform.visible
    right = rng.choice(weight.size, size - wrong, replace=False, p=weight / weight.sum())
    kinds = rng.permutation(np.arange(wrong) % len(_MISTAKEN))
    mistakes = [
        rng.choice(_suspects(platform, kind), int((kinds == number).sum()), replace=False)
        for number, kind in enumerate(_MISTAKEN)
    ]
    return np.sort(np.concatenate([right, *mistakes]))


def _suspects(platform: HardPlatform, kind: HardPart) -> Ints:
    rows = np.flatnonzero(platform.part == kind)
    if kind is not HardPart.ORDINARY:
        return rows
    trader = (platform.part == HardPart.TRADER).astype(np.float32)
    near = platform.follows.gather(trader[:, None])[:, 0]
    return rows[near[rows] > 0]

"""Strategies: how the network chooses its next moves."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

import numpy as np

from havenwall.errors import BadInput
from havenwall.sandbox.adversary.moves import MOVES
from havenwall.sandbox.sampling import Floats

_NAMES = tuple(MOVES)
_EXPLORE = 0.2
"""Share of choices that are made by lot, so that no move is given up for good."""
_RATE = 1.0
"""How fast weights follow what paid, per standard deviation of it."""


class Strategy(Protocol):
    """Chooses a move for each ring, and hears how the ring fared."""

    def choose(self, rings: int, rng: np.random.Generator) -> list[str]:
        """A name in `MOVES` for each ring; an empty list for none."""
        ...

    def learn(self, moves: Sequence[str], reach: Floats) -> None:
        """How far each ring reached after its move: (rings,) shares of what strangers are shown."""
        ...


class Still:
    """Does nothing: what the others are compared with."""

    def choose(self, rings: int, rng: np.random.Generator) -> list[str]:
        """No moves."""
        return []

    def learn(self, moves: Sequence[str], reach: Floats) -> None:
        """Nothing is learnt."""


class Always(Still):
    """Every ring makes the same move each time."""

    def __init__(self, move: str) -> None:
        self._move = move

    def choose(self, rings: int, rng: np.random.Generator) -> list[str]:
        """The same move for every ring."""
        return [self._move] * rings


class Random(Still):
    """Every ring makes any move: what an adversary that learns nothing does."""

    def choose(self, rings: int, rng: np.random.Generator) -> list[str]:
        """Moves by lot."""
        return rng.choice(_NAMES, rings).tolist()


class Adaptive:
    """Rings try different moves, and make more often what reached furthest.

    Multiplicative weights with exploration, after Auer, Cesa-Bianchi, Freund and Schapire, "The
    nonstochastic multiarmed bandit problem", 2002. Rings act side by side, so what a move earns is the reach
    of a ring that made it beside the mean of all rings.
    """

    def __init__(self) -> None:
        self.weights = np.ones(len(_NAMES))

    def choose(self, rings: int, rng: np.random.Generator) -> list[str]:
        """Moves by weight; while nothing is learnt yet, each as often as the others."""
        if np.ptp(self.weights) == 0:
            return rng.permutation(np.resize(rng.permutation(_NAMES), rings)).tolist()
        share = (1 - _EXPLORE) * self.weights / self.weights.sum() + _EXPLORE / len(_NAMES)
        return rng.choice(_NAMES, rings, p=share).tolist()

    def learn(self, moves: Sequence[str], reach: Floats) -> None:
        """Raise the weight of what reached further than the mean, lower that of what did not."""
        spread = float(reach.std())
        if not spread or not moves:
            return
        for place, name in enumerate(_NAMES):
            made = [far for move, far in zip(moves, reach.tolist(), strict=True) if move == name]
            if made:
                self.weights[place] *= np.exp(_RATE * (np.mean(made) - reach.mean()) / spread)
        self.weights /= self.weights.mean()


STRATEGIES: tuple[str, ...] = ("adaptive", "random", "still", *MOVES)
"""Names of strategies: one that learns, two to compare it with, and each move by itself."""


def make_strategy(name: str) -> Strategy:
    """A strategy that has learnt nothing yet.

    Raises:
        BadInput: there is none of that name.
    """
    if name in MOVES:
        return Always(name)
    made: dict[str, type[Still | Adaptive]] = {"adaptive": Adaptive, "random": Random, "still": Still}
    if name not in made:
        hint = "choose one of " + ", ".join(STRATEGIES)
        raise BadInput(f"{name!r} is not a strategy", field="strategy", hint=hint)
    return made[name]()

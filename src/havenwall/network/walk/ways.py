"""The ways on from each account, for a direction of walking."""

from __future__ import annotations

from typing import TypeAlias

from havenwall.network.graph import Csr
from havenwall.network.walk.adjacency import Adjacency
from havenwall.network.walk.direction import Direction
from havenwall.network.walk.layer import NOTHING, Layer

Lists: TypeAlias = tuple[Adjacency, Adjacency]


class Ways:
    """Both ends of the follows as layers, and which of them a walker takes."""

    def __init__(self, out: Layer, into: Layer, direction: Direction) -> None:
        """Look at two layers, each the other's transpose; their later changes are seen.

        Args:
            out: follower by followed.
            into: followed by follower.
            direction: which way the walker goes.
        """
        self.direction = direction
        self._out = out
        self._into = into

    @classmethod
    def of(cls, follows: Csr, direction: Direction) -> Ways:
        """The ways of a matrix that does not change."""
        return cls(Layer(follows), Layer(follows.flipped), direction)

    @property
    def on(self) -> Lists:
        """Where a walker may go from each account: the accounts of both lists."""
        return self._lists(self._out, self._into)

    @property
    def back(self) -> Lists:
        """Where a walker may have come from: the accounts of both lists."""
        return self._lists(self._into, self._out)

    def degree(self, row: int) -> int:
        """Over how many ways a walker may come to an account."""
        if self.direction is Direction.SYMMETRIC:
            return self._out.degree(row) + self._into.degree(row)
        return (self._into if self.direction is Direction.ALONG else self._out).degree(row)

    def steps(self, follower: int, followed: int) -> list[tuple[int, int]]:
        """The steps, from and to, that a follow makes possible."""
        forth, back = (follower, followed), (followed, follower)
        return {
            Direction.ALONG: [forth],
            Direction.AGAINST: [back],
            Direction.SYMMETRIC: [forth, back],
        }[self.direction]

    def _lists(self, first: Layer, second: Layer) -> Lists:
        if self.direction is Direction.SYMMETRIC:
            return self._out.view, self._into.view
        return (first if self.direction is Direction.ALONG else second).view, NOTHING

"""What a set of confirmed accounts looks like from every account: the sums that several features share."""

from __future__ import annotations

from functools import cached_property

import numpy as np

from havenwall.model import LinkKind
from havenwall.network.evidence.links import FloatArray, IntArray, Links
from havenwall.network.graph import Csr
from havenwall.network.walk import Direction

_RARE = 1.0


class Seen:
    """f sets of confirmed accounts over one graph, for all accounts or only for some rows.

    Restricting the rows costs only what those rows' own ties cost; the sums over everybody's ties are made
    once per set of seeds.
    """

    def __init__(self, links: Links, seeds: FloatArray, rows: IntArray | None = None) -> None:
        self.links = links
        self.seeds = seeds
        """(n, f) 1 for the confirmed accounts of each set."""
        self._rows = rows

    @cached_property
    def to(self) -> Csr:
        """(rows, n) whom the accounts looked at follow."""
        return self._only(self.links.along)

    @cached_property
    def by(self) -> Csr:
        """(rows, n) who follows the accounts looked at."""
        return self._only(self.links.against)

    @cached_property
    def mutual(self) -> Csr:
        """(rows, n) with whom the accounts looked at follow each other."""
        return self._only(self.links.mutual)

    @cached_property
    def followers(self) -> FloatArray:
        """(rows, 1) how many follow each account looked at."""
        return self.look(self.links.followers)

    @cached_property
    def following(self) -> FloatArray:
        """(rows, 1) how many each account looked at follows."""
        return self.look(self.links.following)

    @cached_property
    def heard(self) -> FloatArray:
        """(n, f) how many seeds each account follows; 0 for those that follow too many to say something."""
        return self.links.along.gather(self.seeds) * self.links.selective

    @cached_property
    def told(self) -> FloatArray:
        """(n, f) how many seeds follow each account; 0 for those that too many follow."""
        return self.links.against.gather(self.seeds) * self.links.ordinary

    @cached_property
    def surprise(self) -> FloatArray:
        """(n, f) log-likelihood ratio of following that many seeds by preference against following by chance.

        By chance an account follows seeds at the rate at which all links go to them (Poisson; Dunning 1993).
        """
        into = (self.links.followers * self.seeds).sum(axis=0)
        expected = self.links.following * (into / max(self.links.along.links, 1)).astype(np.float32)
        return poisson_surprise(self.heard, expected)

    def walk(self, direction: Direction) -> FloatArray:
        """(rows, f) PageRank from each set of seeds, times n."""
        return self.look(self._walks(direction))

    def look(self, values: FloatArray) -> FloatArray:
        """(rows, f) of (n, f): the accounts looked at."""
        return values if self._rows is None else values[self._rows]

    def shared(self, kind: LinkKind) -> FloatArray:
        """(rows, f) log-lifts, summed, of the things of a kind that an account uses and seeds use too.

        A thing counts as much as seeds use it oftener than everybody does, in logarithms, one user added on
        both sides: what one seed alone uses says little, what the whole platform uses says nothing.
        """
        uses = self.links.things(kind)
        if not uses.links:
            return np.zeros((len(self.followers), self.seeds.shape[1]), np.float32)
        return self._only(uses).gather(self.lift(kind))

    def lift(self, kind: LinkKind) -> FloatArray:
        """(t, f) log-lift of each thing of a kind, 0 for those that seeds do not use oftener."""
        uses = self.links.things(kind)
        told = uses.flipped.gather(self.seeds)
        rate = (self.seeds * uses.degree[:, None]).sum(axis=0) / max(uses.links, 1)
        users = uses.flipped.degree.astype(np.float32)[:, None]
        lift = np.log((told + _RARE) / (users * rate.astype(np.float32) + _RARE))
        return np.where(told > 0, np.maximum(lift, 0), 0).astype(np.float32)

    def _walks(self, direction: Direction) -> FloatArray:
        return self.links.walk(direction, self.seeds)

    def _only(self, matrix: Csr) -> Csr:
        return matrix if self._rows is None else matrix.take(self._rows)


def poisson_surprise(observed: FloatArray, expected: FloatArray) -> FloatArray:
    """Log-likelihood ratio of a Poisson count above its expectation; 0 at or below it."""
    expected = np.maximum(expected, 1e-6)
    above = observed > expected
    ratio = np.where(above, observed / expected, 1)
    return np.where(above, observed * np.log(ratio) - (observed - expected), 0).astype(np.float32)

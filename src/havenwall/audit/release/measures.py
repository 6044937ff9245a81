"""What is measured of each test account: shares that thresholds speak about, and counts beside them."""

from __future__ import annotations

from collections.abc import Callable

import msgspec
import numpy as np
from numpy.typing import NDArray

from havenwall.audit.labels import Label, LabelService
from havenwall.audit.metrics import SATURATED

Bools = NDArray[np.bool_]
Floats = NDArray[np.float64]


class Seen(msgspec.Struct, frozen=True, kw_only=True, eq=False):
    """What test accounts saw of the network on one surface; (t, r, k), or (t) where it says so."""

    member: Bools
    known: Bools
    """Members that were known before: showing one is a gate that fails, not one that was not told."""
    distinct: NDArray[np.int64]
    """(t) different members each was shown."""

    @staticmethod
    def of(shown: NDArray[np.int64], labels: LabelService) -> Seen:
        """From the numbers (t, r, k) that were shown."""
        member = labels.are(Label.MEMBER)[shown]
        return Seen(
            member=member,
            known=labels.are(Label.KNOWN)[shown],
            distinct=np.array(
                [np.unique(row[of]).size for row, of in zip(shown, member, strict=True)], dtype=np.int64
            ),
        )


def joined(parts: list[Seen]) -> Seen:
    """Several platforms' (or personas') accounts one after the other."""
    return Seen(
        member=np.concatenate([part.member for part in parts]),
        known=np.concatenate([part.known for part in parts]),
        distinct=np.concatenate([part.distinct for part in parts]),
    )


def rank_weights(k: int) -> Floats:
    """(k) weights of places that sum to 1, falling as 1 / log2(1 + place).

    Jarvelin and Kekalainen, Cumulated gain-based evaluation of IR techniques (2002).
    """
    weights = 1 / np.log2(np.arange(2, k + 2))
    return np.asarray(weights / weights.sum())


def _exposure(seen: Seen) -> Floats:
    return np.asarray(seen.member.mean(axis=(1, 2)))


def _weighted(seen: Seen) -> Floats:
    return np.asarray((seen.member @ rank_weights(seen.member.shape[2])).mean(axis=1))


def _ever(seen: Seen) -> Floats:
    return np.asarray(seen.member.any(axis=(1, 2)), dtype=np.float64)


def _saturated(seen: Seen) -> Floats:
    return np.asarray((seen.member.mean(axis=2) >= SATURATED).any(axis=1), dtype=np.float64)


def _known(seen: Seen) -> Floats:
    return np.asarray(seen.known.mean(axis=(1, 2)))


def _unknown(seen: Seen) -> Floats:
    return np.asarray((seen.member & ~seen.known).mean(axis=(1, 2)))


METRICS: dict[str, Callable[[Seen], Floats]] = {
    "exposure": _exposure,
    "weighted_exposure": _weighted,
    "ever_exposed": _ever,
    "saturated": _saturated,
    "known_exposure": _known,
    "unknown_exposure": _unknown,
}
"""By name, (t) shares 0..1. `known_exposure` is a gate that failed, `unknown_exposure` a network that was
not found; together they are `exposure`."""


def first_rounds(seen: Seen) -> tuple[NDArray[np.int64], Bools]:
    """(t) the round of the first exposure, from 1, or the last one watched; and (t) whether there was one."""
    rounds = np.asarray(seen.member.any(axis=2))
    ever = np.asarray(rounds.any(axis=1))
    return np.where(ever, rounds.argmax(axis=1) + 1, rounds.shape[1]), ever

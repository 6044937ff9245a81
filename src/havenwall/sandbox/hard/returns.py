"""Which accounts came back: who was removed when, who is whose successor, who only seems to be."""

from __future__ import annotations

import msgspec
import numpy as np

from havenwall.sandbox.clock import DAY
from havenwall.sandbox.hard.cast import Cast, HardPart
from havenwall.sandbox.hard.config import HardConfig
from havenwall.sandbox.hard.moments import present
from havenwall.sandbox.sampling import Bools, Floats, Ints

HAZARDS = (0.086, 0.059)
"""Removals per listed account and day on two platforms (graph research, section 4)."""
RETURNED = (0.6, 0.9)
"""Probability that a removed account comes back; each platform draws its own (graph research, section 4)."""
BACKUP_SHARE = 0.3
"""Share of the successors that were made before the removal, as a backup (ours)."""

_RETURN_DAYS, _RETURN_SPREAD = 4.0, 1.0
_BACKUP_DAYS, _BACKUP_SPREAD = 20.0, 0.7
_UNLISTED_DAYS, _UNLISTED_SPREAD = 60.0, 0.8


class Replaced(msgspec.Struct, frozen=True, kw_only=True, eq=False):
    """Removed accounts that came back; all arrays are (returns,). Both sides are distinct."""

    former: Ints
    """Index of the removed account."""
    account: Ints
    """Row of the account it came back as."""
    backup: Bools
    """Whether that account was made before the removal."""


class Lives(msgspec.Struct, frozen=True, kw_only=True, eq=False):
    """When the removed accounts lived; all arrays are (removed,), µs since 1970 UTC."""

    created_at: Ints
    listed_at: Ints
    """When they came to be known among buyers, from when on the removal hazard ran."""
    removed_at: Ints


def returns(config: HardConfig, people: Cast, rng: np.random.Generator) -> tuple[Lives, Replaced]:
    """Choose successors among the traders that are young enough, and fit the past of the removed to them.

    The ages of traders are those of everybody else, so that age alone tells nothing of it.
    """
    end = present(config)
    start = end - config.window * DAY
    traders = people.rows(HardPart.TRADER)
    young = rng.permutation(traders[people.created_at[traders] > start])
    back = min(rng.binomial(config.removed, rng.uniform(*RETURNED)), young.size)
    replaced = Replaced(
        former=rng.permutation(config.removed)[:back],
        account=young[:back],
        backup=rng.random(back) < BACKUP_SHARE,
    )
    removed = start + (rng.random(config.removed) * (end - start)).astype(np.int64)
    removed[replaced.former] = _removals(people.created_at[replaced.account], replaced.backup, end, rng)
    hazard = rng.choice(HAZARDS, config.removed)
    listed = removed - (rng.exponential(1 / hazard) * DAY).astype(np.int64)
    created = listed - _days(_UNLISTED_DAYS, _UNLISTED_SPREAD, config.removed, rng)
    return Lives(created_at=created, listed_at=listed, removed_at=removed), replaced


def _removals(born: Ints, backup: Bools, end: int, rng: np.random.Generator) -> Ints:
    """When the predecessors of accounts born then were removed: before, or after for a backup."""
    after = born + _days(_BACKUP_DAYS, _BACKUP_SPREAD, born.size, rng)
    # A backup too young for its lead was made halfway between the lead and the present.
    after = np.where(after < end, after, (born + end) // 2)
    return np.where(backup, after, born - _days(_RETURN_DAYS, _RETURN_SPREAD, born.size, rng))


def _days(median: float, spread: float, size: int, rng: np.random.Generator) -> Ints:
    drawn: Floats = rng.lognormal(np.log(median), spread, size)
    return (drawn * DAY).astype(np.int64)

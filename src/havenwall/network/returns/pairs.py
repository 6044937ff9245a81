"""Factors of pairs of a removed account and a newcomer: what speaks for one person, and what for two."""

from __future__ import annotations

from collections.abc import Mapping

import msgspec
import numpy as np
from numpy.typing import NDArray

from havenwall.network.returns.config import ReturnConfig
from havenwall.network.returns.factors import COLUMN, DOUBT, FACTORS
from havenwall.network.returns.history import UNKNOWN, History
from havenwall.network.returns.names import NameSpace
from havenwall.network.returns.sets import Kind, shared_sets
from havenwall.network.returns.sketch import Values, rarity
from havenwall.network.returns.weighed import Weighed, tied

Rows = NDArray[np.int64]

_DAY = 86_400.0
_YEAR = 365.0
_SURNAME = 0.5
_LONGEST_RATIO = 3.0
_GROWN = 20.0


class Comparison(msgspec.Struct, frozen=True, kw_only=True, eq=False):
    """All that pairs are compared by, made once for a history."""

    history: History
    names: NameSpace
    sets: Mapping[Kind, Weighed]
    """Row i is the set of account i."""
    config: ReturnConfig


def compare(history: History, config: ReturnConfig) -> Comparison:
    """Make the sets of all accounts and weigh their elements by rarity."""
    sets = shared_sets(history.graph)
    weighed = {kind: Weighed(part, rarity(part, config.hubs[kind])) for kind, part in sets.items()}
    return Comparison(history=history, names=NameSpace(history.names), sets=weighed, config=config)


def factors(comparison: Comparison, former: Rows, newcomer: Rows) -> Values:
    """Judge pairs.

    Args:
        former: (m,) rows of removed accounts.
        newcomer: (m,) rows of the accounts that may be their returns.

    Returns:
        (m, p) a column per factor of `FACTORS`; 0..1, but for `timing`, which is in -1..1.
    """
    out = np.zeros((len(former), len(FACTORS)))
    for kind, sets in comparison.sets.items():
        out[:, COLUMN[kind]] = sets.overlap(former, newcomer, DOUBT[kind])
    out[:, COLUMN["name"]] = _told_apart(comparison.names.likeness(former, newcomer))
    follows = comparison.history.graph.follows
    to, back = tied(follows, former, newcomer), tied(follows, newcomer, former)
    lead = lead_days(comparison.history, former, newcomer)
    beside = np.clip(np.nan_to_num(lead) / _YEAR, 0, 1)
    out[:, COLUMN["timing"]] = _timing(lead, comparison.config)
    out[:, COLUMN["together"]] = beside
    out[:, COLUMN["talk"]] = to * back * np.minimum(2 * beside, 1)
    out[:, COLUMN["tie"]] = (beside > 0) * to - out[:, COLUMN["talk"]]
    out[:, COLUMN["household"]] = _household(out)
    out[:, COLUMN["fan"]] = _fan(comparison, out, newcomer)
    return out


def lead_days(history: History, former: Rows, newcomer: Rows) -> Values:
    """(m,) days by which the newcomer is older than the removal, below 0 if it came later; NaN if unknown."""
    lead = (history.removed[former] - history.created[newcomer]) / _DAY
    known = (history.removed[former] != UNKNOWN) & (history.created[newcomer] != UNKNOWN)
    return np.where(known, lead, np.nan)


def possible(history: History, former: Rows, newcomer: Rows) -> NDArray[np.bool_]:
    """(m,) whether the newcomer could be a return: not one that was there before the former was."""
    known = (history.created[former] != UNKNOWN) & (history.created[newcomer] != UNKNOWN)
    return ~known | (history.created[newcomer] > history.created[former])


def _told_apart(likeness: Values) -> Values:
    # Two people of one surname reach about half; only what lies above it speaks for one person.
    return np.clip((likeness - _SURNAME) / (1 - _SURNAME), 0, 1)


def _timing(lead: Values, config: ReturnConfig) -> Values:
    """Log-likelihood ratio of such a delay, or lead of a backup, against any day of the window, in -1..1."""
    days = np.maximum(np.abs(np.nan_to_num(lead)), 0.25)
    after = _log_normal(days, config.return_days, config.return_spread)
    before = _log_normal(days, config.backup_days, config.backup_spread)
    ratio = np.where(lead > 0, before, after) + np.log(config.window_days)
    return np.where(np.isnan(lead), 0.0, np.clip(ratio / _LONGEST_RATIO, -1, 1))


def _log_normal(days: Values, median: float, spread: float) -> Values:
    step = (np.log(days) - np.log(median)) / spread
    return -0.5 * step**2 - np.log(days * spread * np.sqrt(2 * np.pi))


def _household(out: Values) -> Values:
    company = np.maximum(out[:, COLUMN["follows"]], out[:, COLUMN["audience"]])
    return out[:, COLUMN["contact"]] * (1 - np.maximum(np.sqrt(company), out[:, COLUMN["media"]]))


def _fan(comparison: Comparison, out: Values, newcomer: Rows) -> Values:
    if Kind.AUDIENCE not in comparison.sets:
        return np.zeros(len(newcomer))
    own = comparison.sets[Kind.AUDIENCE].total[newcomer]
    grown = own / (own + _GROWN)
    return grown * (1 - np.sqrt(out[:, COLUMN["audience"]]))

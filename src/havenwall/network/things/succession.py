"""Which tag follows which: the users of a tag that is left behind turn up at a new one."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime

import msgspec
import numpy as np
from numpy.typing import NDArray
from scipy.special import xlogy
from scipy.stats import hypergeom

from havenwall.errors import BadConfig
from havenwall.network.things.movers import Dated, Dates, dated
from havenwall.network.things.use import Uses
from havenwall.network.things.votes import Counts


class SuccessionConfig(msgspec.Struct, frozen=True, kw_only=True):
    """When one tag counts as a candidate to have replaced another."""

    moved: int = 3
    """Fewest accounts that went from the old one to the new one."""
    order: float = 0.7
    """Least chance that a use of the old one is earlier than one of the new; one half means no order."""
    significance: float = 0.01
    """Chance of any false candidate, after correction for all pairs that were compared."""
    most_users: int = 5_000
    """Tags with more users are everybody's and replace nothing."""

    def __post_init__(self) -> None:
        if self.moved < 1:
            raise BadConfig("must be at least 1", field="moved")
        if not 0.5 <= self.order <= 1:
            raise BadConfig("must be between .5 and 1", field="order")
        if not 0 < self.significance < 1:
            raise BadConfig("must be above 0 and below 1", field="significance")


class Succession(msgspec.Struct, frozen=True, kw_only=True):
    """A candidate for "this tag replaces that one", for a person to look at."""

    old: str
    new: str
    moved: int
    """Accounts that used the old one before the new one, and the new one after it had come up."""
    expected: float
    """How many would have by chance."""
    old_users: int
    new_users: int
    order: float
    """Chance that a use of the old one is earlier than a use of the new one."""
    p_value: float
    """Chance of so many movers in any of the pairs compared if uses fell on tags at random (Bonferroni)."""
    log_likelihood_ratio: float
    """G² of the same table (Dunning 1993)."""
    since: datetime
    """When a quarter of the new one's users were there."""
    why: str


def successions(
    uses: Uses, old: Counts | None = None, config: SuccessionConfig | None = None
) -> tuple[Succession, ...]:
    """Candidates for replaced tags, the most significant first.

    For each pair a hypergeometric test asks whether those who had used the old tag are more of the new one's
    users than of all uses since it came up. The urn is uses, not accounts, so that somebody who uses many
    tags is expected at the new one too. And the old tag's uses must lie before the new one's, by rank (Mann
    and Whitney 1947): two tags of one interest share users too, but neither comes first.

    Args:
        uses: dated uses of one kind; undated ones are left out, and without dates there are no candidates.
        old: rows of the things whose successors are looked for, such as those over the threshold; all when
            left out.
        config: settings.
    """
    config = config or SuccessionConfig()
    known = dated(uses.users)
    if known is None:
        return ()
    size = known.users.degree
    fit = np.flatnonzero((size >= config.moved) & (size <= config.most_users))
    wanted = fit if old is None else np.intersect1d(fit, old)
    pairs = len(wanted) * max(len(fit) - 1, 0)
    moments = np.sort(known.since)
    found = [
        one
        for row in wanted
        for one in _successors(uses, known, int(row), moments, pairs, config)
        if one.p_value <= config.significance
    ]
    return tuple(sorted(found, key=lambda one: (one.p_value, -one.log_likelihood_ratio, one.old, one.new)))


def _successors(
    uses: Uses, known: Dated, old: int, moments: Dates, pairs: int, config: SuccessionConfig
) -> Iterator[Succession]:
    left = known.dates(old)
    reached = (known.moves(old) >= config.moved) & (known.users.degree <= config.most_users)
    later = np.flatnonzero(reached)
    orders = known.order(old, later)
    for new, order in zip(
        later[orders >= config.order].tolist(), orders[orders >= config.order], strict=True
    ):
        right = known.dates(new)
        start = int(np.quantile(right, 0.25))
        moved, marked = known.after(old, new, start)
        if moved >= config.moved:
            whole = _from(moments, start) - _from(left, start)
            table = _table(moved, marked, _from(right, start), whole)
            yield _candidate(uses, (old, new), (len(left), len(right)), float(order), start, table, pairs)


def _candidate(
    uses: Uses,
    pair: tuple[int, int],
    users: tuple[int, int],
    order: float,
    start: int,
    table: NDArray[np.int64],
    pairs: int,
) -> Succession:
    moved, marked = int(table[0, 0]), int(table[:, 0].sum())
    draws, whole = int(table[0].sum()), int(table.sum())
    expected = draws * marked / whole
    since = datetime.fromtimestamp(start, UTC)
    old, new = uses.names.many(np.array(pair))
    return Succession(
        old=old,
        new=new,
        moved=moved,
        expected=expected,
        old_users=users[0],
        new_users=users[1],
        order=order,
        p_value=float(min(hypergeom.sf(moved - 1, whole, marked, draws) * pairs, 1.0)),
        log_likelihood_ratio=g_squared(table),
        since=since,
        why=f"{moved} of the {draws} accounts that took up {new} since {since:%Y-%m-%d} had used {old} "
        f"before; by chance it would be {expected:.1f}.",
    )


def _table(moved: int, marked: int, draws: int, whole: int) -> NDArray[np.int64]:
    """Uses by (of the new one, of others) and (by those who had used the old one, by the rest)."""
    return np.array([[moved, draws - moved], [marked - moved, whole - draws - marked + moved]])


def g_squared(table: NDArray[np.int64]) -> float:
    """Log-likelihood ratio statistic of a table of counts (Dunning 1993), 0 or more."""
    parts = xlogy(table, table).sum() + xlogy(table.sum(), table.sum())
    margins = sum(xlogy(table.sum(axis=axis), table.sum(axis=axis)).sum() for axis in (0, 1))
    return float(max(2 * (parts - margins), 0.0))


def _from(dates: Dates, start: int) -> int:
    return len(dates) - int(np.searchsorted(dates, start))

"""Finds candidates for "this is a removed account again", which go to a reviewer and never to an action."""

from __future__ import annotations

import msgspec
import numpy as np
from scipy.special import expit

from havenwall.network.graph import Csr, from_pairs
from havenwall.network.returns.assign import among_rivals, assign
from havenwall.network.returns.candidates import SKETCHED, candidates
from havenwall.network.returns.config import ReturnConfig
from havenwall.network.returns.factors import FACTORS
from havenwall.network.returns.history import UNKNOWN, History
from havenwall.network.returns.pairs import Comparison, Rows, compare, factors, possible
from havenwall.network.returns.reasons import Reason, reasons
from havenwall.network.returns.scorecard import PRIOR, Scorecard
from havenwall.network.returns.sets import Kind
from havenwall.network.returns.sketch import Sketch, Values

_AT_ONCE = 20_000


class Return(msgspec.Struct, frozen=True, kw_only=True):
    """A newcomer that may be a removed account again, for a reviewer to judge."""

    former: str
    """Entity of the removed account."""
    successor: str
    """Entity of the account that may be its return, or a backup made before the removal."""
    probability: float
    """0..1, given all other candidates for either of them."""
    log_odds: float
    """Of the pair by itself."""
    kinds: int
    """How many independent kinds of evidence there are."""
    backup: bool
    """Whether the account was there before the removal."""
    reasons: tuple[Reason, ...]
    """What speaks for it and against it, the weightiest first; with the intercept they sum to `log_odds`."""


class Judged(msgspec.Struct, frozen=True, kw_only=True, eq=False):
    """Every pair that was compared."""

    former: Rows
    """(m,) rows of removed accounts."""
    newcomer: Rows
    """(m,) rows of newcomers."""
    factors: Values
    """(m, p) see `havenwall.network.returns.factors.FACTORS`."""
    log_odds: Values
    """(m,) of each pair by itself."""
    probability: Values
    """(m,) given its rivals."""
    kinds: Rows
    """(m,) kinds of evidence."""


def find_returns(
    history: History,
    *,
    former: Rows | None = None,
    newcomers: Rows | None = None,
    config: ReturnConfig | None = None,
    scorecard: Scorecard = PRIOR,
) -> tuple[Return, ...]:
    """Candidates for returns of removed accounts, the likeliest first.

    Args:
        history: accounts and ties as they were.
        former: rows of removed accounts to look for; all of them by default.
        newcomers: rows to look among; by default all accounts that are still there.
        config: settings.
        scorecard: what to judge by; `fit_returns` learns one.

    Returns:
        At most one former account per newcomer and `config.successors` newcomers per former, each with
        `config.kinds` kinds of evidence or more and a probability of `config.threshold` or more.
    """
    settings = config or ReturnConfig()
    comparison = compare(history, settings)
    judged = judge(comparison, former, newcomers, scorecard)
    told = np.flatnonzero((judged.probability >= settings.threshold) & (judged.kinds >= settings.kinds))
    kept = told[
        assign(judged.probability[told], judged.former[told], judged.newcomer[told], settings.successors)
    ]
    return tuple(_told(comparison, judged, int(place), scorecard) for place in kept)


def judge(
    comparison: Comparison,
    former: Rows | None = None,
    newcomers: Rows | None = None,
    scorecard: Scorecard = PRIOR,
) -> Judged:
    """Compare every newcomer with the removed accounts it has something in common with.

    Args and defaults as in `find_returns`. The pairs are in the order of newcomers; those less likely than
    `config.least` are left out.
    """
    history, config = comparison.history, comparison.config
    gone = history.former if former is None else np.unique(former)
    there = np.flatnonzero(history.removed == UNKNOWN) if newcomers is None else np.unique(newcomers)
    known = _sketches(comparison, gone)
    slices = [there[start : start + _AT_ONCE] for start in range(0, max(1, len(there)), _AT_ONCE)]
    parts = [_likely(comparison, known, gone, part, scorecard) for part in slices]
    left, right, values = (np.concatenate([part[side] for part in parts]) for side in range(3))
    log_odds = scorecard.log_odds(values)
    return Judged(
        former=left,
        newcomer=right,
        factors=values,
        log_odds=log_odds,
        probability=among_rivals(log_odds, left, right, both=config.successors == 1),
        kinds=scorecard.kinds(values, config.present),
    )


def _likely(
    comparison: Comparison, known: dict[Kind, Sketch], gone: Rows, newcomers: Rows, scorecard: Scorecard
) -> tuple[Rows, Rows, Values]:
    """Former, newcomer and factors of the pairs that are likely enough to be kept."""
    history, config = comparison.history, comparison.config
    ties = _columns(history.graph.follows.take(gone), newcomers)
    pairs = candidates(known, _sketches(comparison, newcomers), ties, config.shortlist)
    left, right = gone[pairs[:, 0]], newcomers[pairs[:, 1]]
    able = (left != right) & possible(history, left, right)
    left, right = left[able], right[able]
    values = factors(comparison, left, right)
    kept = expit(scorecard.log_odds(values)) >= config.least
    return left[kept], right[kept], values[kept]


def _sketches(comparison: Comparison, rows: Rows) -> dict[Kind, Sketch]:
    sets, size = comparison.sets, comparison.config.sketch
    return {kind: sets[kind].sketch(rows, size) for kind in SKETCHED if kind in sets}


def _columns(links: Csr, columns: Rows) -> Csr:
    """Some columns, ascending, of a matrix."""
    place = np.full(links.columns, -1)
    place[columns] = np.arange(len(columns))
    kept = place[links.indices] >= 0
    return from_pairs(links.sources()[kept], place[links.indices[kept]], (links.rows, len(columns)))


def _told(comparison: Comparison, judged: Judged, place: int, scorecard: Scorecard) -> Return:
    former, newcomer = int(judged.former[place]), int(judged.newcomer[place])
    history = comparison.history
    parts = scorecard.parts(judged.factors[place : place + 1])[0]
    return Return(
        former=history.graph.names[former],
        successor=history.graph.names[newcomer],
        probability=float(judged.probability[place]),
        log_odds=float(judged.log_odds[place]),
        kinds=int(judged.kinds[place]),
        backup=bool(UNKNOWN < history.created[newcomer] < history.removed[former]),
        reasons=reasons(
            comparison, former, newcomer, dict(zip((f.name for f in FACTORS), parts.tolist(), strict=True))
        ),
    )

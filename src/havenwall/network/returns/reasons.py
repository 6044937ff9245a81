"""Why a newcomer may be a removed account again: sentences with what the two have in common."""

from __future__ import annotations

import msgspec
import numpy as np

from havenwall.network.returns.factors import FACTORS, Factor
from havenwall.network.returns.pairs import Comparison, lead_days
from havenwall.network.returns.sets import Kind, things

_EXAMPLES = 3


class Reason(msgspec.Struct, frozen=True, kw_only=True):
    """One thing that speaks for or against a return."""

    factor: str
    """Name of the factor."""
    log_odds: float
    """What it adds."""
    text: str
    """A sentence about the newcomer, for a reviewer."""
    shared: tuple[str, ...] = ()
    """Up to three things that both have, those that fewest accounts have first."""


def reasons(
    comparison: Comparison, former: int, newcomer: int, parts: dict[str, float]
) -> tuple[Reason, ...]:
    """Every factor that says something about a pair, the weightiest first.

    Args:
        comparison: what the pair was compared by.
        former: row of the removed account.
        newcomer: row of its possible return.
        parts: what each factor adds to the log-odds, by name.
    """
    told = [_reason(comparison, former, newcomer, factor, parts[factor.name]) for factor in FACTORS]
    return tuple(
        sorted((reason for reason in told if reason.log_odds), key=lambda reason: -abs(reason.log_odds))
    )


def _reason(comparison: Comparison, former: int, newcomer: int, factor: Factor, part: float) -> Reason:
    if factor.name == "timing":
        return Reason(factor=factor.name, log_odds=part, text=_timing(comparison, former, newcomer))
    if factor.kind is Kind.NAME:
        both = (*comparison.history.names[former], *comparison.history.names[newcomer])
        return Reason(factor=factor.name, log_odds=part, text=factor.text, shared=both[:_EXAMPLES])
    if factor.kind is None or factor.kind not in comparison.sets or not part:
        return Reason(factor=factor.name, log_odds=part, text=factor.text)
    return _shared(comparison, former, newcomer, factor, part)


def _shared(comparison: Comparison, former: int, newcomer: int, factor: Factor, part: float) -> Reason:
    kind = Kind(factor.name)
    sets = comparison.sets[kind]
    both = sets.common(former, newcomer)
    return Reason(
        factor=factor.name,
        log_odds=part,
        text=f"{factor.text}: {len(both)} of the {sets.telling(former)} telling ones of the removed account",
        shared=things(comparison.history.graph, kind, both[:_EXAMPLES]),
    )


def _timing(comparison: Comparison, former: int, newcomer: int) -> str:
    days = float(lead_days(comparison.history, np.array([former]), np.array([newcomer]))[0])
    return f"was created {abs(days):.0f} days {'before' if days > 0 else 'after'} the removal"

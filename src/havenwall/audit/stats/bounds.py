"""Exact bounds on a rate when events are few or none."""

from __future__ import annotations

from scipy.stats import beta

from havenwall.audit.stats.power import design_effect

FEW = 5
"""Below this many accounts with an event, neither the spread nor the size of events can be estimated."""


def zero_event_upper(trials: float, level: float = 0.95) -> float:
    """Greatest event rate that zero events in `trials` leave possible, exact and one-sided.

    Clopper and Pearson (1934). It takes trials as independent: give `effective_trials` for accounts
    that share a platform.
    """
    return float(beta.ppf(level, 1, trials))


def exact_bounds(events: float, trials: float, level: float = 0.95) -> tuple[float, float]:
    """Clopper–Pearson interval for the rate of `events` in independent `trials`, 0 <= events <= trials.

    Both may be fractions: effective numbers, as Korn and Graubard, Confidence intervals for proportions
    with small expected number of positive counts estimated from survey data (1998). With no event, or
    nothing but events, the whole error goes to the one open side.
    """
    if events <= 0:
        return 0.0, zero_event_upper(trials, level)
    if events >= trials:
        return 1 - zero_event_upper(trials, level), 1.0
    tail = (1 - level) / 2
    low = beta.ppf(tail, events, trials - events + 1)
    return float(low), float(beta.ppf(1 - tail, events + 1, trials - events))


def chance_of_fewer(events: float, trials: float, rate: float) -> float:
    """Chance of `events` or fewer in `trials` of a rate 0..1: the p value behind the upper bound."""
    if events >= trials:
        return 1.0
    return float(beta.sf(min(rate, 1.0), events + 1, trials - events))


def effective_trials(platforms: int, accounts: int, icc: float) -> float:
    """Independent accounts that are worth as much as `accounts` on each of the platforms.

    Kish, Survey Sampling (1965): all accounts over the design effect of the intraclass correlation. On
    one platform they are independent as far as that platform goes.
    """
    if platforms == 1:
        return accounts
    return platforms * accounts / design_effect(icc, accounts)

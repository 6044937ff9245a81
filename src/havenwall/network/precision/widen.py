"""The gate: a suppression may widen only where audits show that it would hit the right accounts."""

from __future__ import annotations

import math

import msgspec
from scipy.stats import beta

from havenwall.errors import BadInput
from havenwall.model.precision import Estimate


class Verdict(msgspec.Struct, frozen=True, kw_only=True):
    """Whether a suppression may widen, and if not, what it would take."""

    allowed: bool
    reason: str
    """One sentence for a person."""
    audits_missing: int | None
    """How many more audits of flagged accounts would let it pass if their outcomes stay as they are; 0 if it
    may pass now, None if no number of audits is expected to help."""


def may_widen(estimate: Estimate, target_precision: float, *, fewest: int = 30) -> Verdict:
    """Allow if the lower end of the estimated precision is at or above the target.

    Judge the accounts that would be *added* as well as the whole set, or a large good set hides a small bad
    addition: draw a sample with the accounts already suppressed left out, and ask again.

    Args:
        estimate: of the set as it would be after widening.
        target_precision: share of members that must be exceeded, inside (0, 1).
        fewest: audits of flagged accounts without which nothing widens, or all of them if there are fewer.

    Raises:
        BadInput: a target outside (0, 1).
    """
    if not 0 < target_precision < 1:
        raise BadInput("must be between 0 and 1", field="target_precision")
    unaudited = estimate.flagged - estimate.audits
    lacking = min(fewest - estimate.audits, unaudited)
    shown = estimate.precision
    if lacking > 0:
        reason = f"Only {estimate.audits} flagged accounts were audited; {lacking} more are needed."
        return _no(reason, lacking)
    if shown.low >= target_precision:
        reason = f"Precision is {shown}, all of it at or above the target of {target_precision:.0%}."
        return Verdict(allowed=True, reason=reason, audits_missing=0)
    if shown.value <= target_precision or not unaudited:
        reason = f"Precision is {shown}, not above the target of {target_precision:.0%}: raise the threshold."
        return _no(reason, None)
    more = min(_more(estimate, target_precision), unaudited)
    return _no(
        f"Precision is {shown}; its lower end is below the target of {target_precision:.0%}. "
        f"About {more} more audits would show it, if outcomes stay as they are.",
        more,
    )


def level_for(looks: int, level: float = 0.95) -> float:
    """Level that each of several looks at a growing sample needs, so that all of them together hold `level`.

    Bonferroni. Asking the gate after every batch and stopping at the first yes lets bad sets through more
    often than one look would.

    Args:
        looks: how many times the gate will be asked about one sample, 1 or more.
        level: that all looks together shall hold.
    """
    return 1 - (1 - level) / max(looks, 1)


def _no(reason: str, missing: int | None) -> Verdict:
    return Verdict(allowed=False, reason=reason, audits_missing=missing)


def _more(estimate: Estimate, target: float) -> int:
    """Further audits until the lower end reaches the target, each worth what the ones so far were."""
    value = estimate.precision.value
    now = _worth(value, estimate.precision.low, estimate.level)
    then = _worth(value, target, estimate.level)
    return max(1, math.ceil(estimate.audits * (then / now - 1)))


def _worth(value: float, low: float, level: float) -> float:
    """Number of independent audits whose Jeffreys interval around `value` starts at `low` (bisection)."""
    least, most = 0.5, 1e9
    for _ in range(80):
        middle = math.sqrt(least * most)
        start = beta.ppf((1 - level) / 2, value * middle + 0.5, (1 - value) * middle + 0.5)
        least, most = (middle, most) if start < low else (least, middle)
    return most

"""Alarms when reviewed precision or the recall of held-out seeds leaves its band."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

import msgspec
import numpy as np
from numpy.typing import NDArray
from scipy.special import expit, logit
from scipy.stats import betabinom

from havenwall.errors import BadInput
from havenwall.model.precision import Alarm, Band, Kind
from havenwall.network.precision.share import share_of

Floats = NDArray[np.float64]

_SHIFTS = np.array([0.5, 1.0, 1.5, 2.0])
"""Changes that are looked for, in log-odds beyond the band: .9 becomes .85, .77, .67, .55."""
_EDGE = 1e-9
"""A band that reaches 0 or 1 is taken to end this far from it, so that odds stay finite."""


class Reading(msgspec.Struct, frozen=True, kw_only=True):
    """One run's count."""

    at: datetime
    found: float
    """Members among the audited, or held-out seeds that were found again; fractions are fine."""
    total: float
    """Audited accounts, or held-out seeds. If audits came in clusters, divide both by the design effect."""


def band_around(found: float, total: float, *, slack: float = 0.02, level: float = 0.99) -> Band:
    """Band for fresh samples: the interval of the true share seen in a reference period, and some slack.

    Args:
        found: members, or seeds found, in the reference period.
        total: audited accounts, or seeds.
        slack: change that nobody needs to hear of.
        level: of the interval.
    """
    share = share_of(found, total, level=level)
    return Band(low=max(share.low - slack, 0.0), high=min(share.high + slack, 1.0))


def watch(
    readings: Sequence[Reading], band: Band, *, kind: Kind = Kind.PRECISION, every: float = 200.0
) -> Alarm | None:
    """Alarm if fresh samples, read one after another since the band was set, speak of a share outside it.

    An e-detector of Shiryaev–Roberts form (Shin, Ramdas and Rinaldo 2023): after each reading, evidence is
    the likelihood ratio times (evidence + 1), averaged over several changes in both directions. While the
    share lies in the band there are at least `every` readings between alarms on average, and the chance of
    one within the first n is at most n / `every`, however large or small the samples are.

    Needs accounts that were drawn anew for each reading. Held-out seeds recur from run to run, so that one
    unlucky set of them would count again and again: use `check` for those.

    Args:
        readings: oldest first.
        band: where the share should be.
        kind: for the message.
        every: least mean number of readings between false alarms, above 1.

    Returns:
        The first alarm, or None.
    """
    found, total = _columns(readings)
    steps = _log_ratios(found, total, band)
    evidence = np.zeros(steps.shape[1])
    for last, step in enumerate(np.exp(np.minimum(steps, 700))):
        evidence = np.minimum(step * (evidence + 1), 1e300)
        if evidence.mean() >= every:
            first = _start(steps[: last + 1, int(evidence.argmax())])
            return _alarm(
                kind, readings[first : last + 1], band, below=bool(evidence.argmax() < len(_SHIFTS))
            )
    return None


def check(
    reference: Reading, reading: Reading, *, kind: Kind = Kind.RECALL, every: float = 200.0
) -> Alarm | None:
    """Alarm if one reading is not what a reference foretells.

    The reading is compared with the central Beta–Binomial predictive band of the reference, which allows for
    both being small samples. A false alarm has a chance of at most about 1 / `every` in any one run, averaged
    over references, and so n / `every` are expected in n runs, even if the same seeds recur in all of them.

    Args:
        reference: what was found while all was well.
        reading: this run's count, of whole accounts.
        kind: for the message.
        every: least mean number of runs between false alarms, above 1.
    """
    _columns([reference, reading])
    band = predictive_band(reference, round(reading.total), every=every)
    share = reading.found / reading.total
    inside = band.low <= share <= band.high
    return None if inside else _alarm(kind, [reading], band, below=share < band.low)


def predictive_band(reference: Reading, total: int, *, every: float = 200.0) -> Band:
    """Band that the share of `total` new accounts leaves with a chance of at most 1 / `every`.

    Beta–Binomial with a Jeffreys prior. Ends are moved outward by half an account, so that a share on them
    is inside.
    """
    hits, misses = reference.found + 0.5, reference.total - reference.found + 0.5
    low, high = betabinom.ppf(np.array([0.5 / every, 1 - 0.5 / every]), total, hits, misses)
    return Band(low=max(float(low - 0.5) / total, 0.0), high=min(float(high + 0.5) / total, 1.0))


def _columns(readings: Sequence[Reading]) -> tuple[Floats, Floats]:
    found = np.array([reading.found for reading in readings], np.float64)
    total = np.array([reading.total for reading in readings], np.float64)
    if not ((found >= 0) & (found <= total) & (total > 0)).all():
        raise BadInput("needs 0 <= found <= total and a total above 0", field="found")
    return found, total


def _log_ratios(found: Floats, total: Floats, band: Band) -> Floats:
    """(r, 8) log likelihood ratio of each reading for each change against the near end of the band."""
    low, high = np.clip([band.low, band.high], _EDGE, 1 - _EDGE)
    end = np.repeat([low, high], len(_SHIFTS))
    changed = expit(np.concatenate([logit(low) - _SHIFTS, logit(high) + _SHIFTS]))
    hit, miss = np.log(changed / end), np.log((1 - changed) / (1 - end))
    return found[:, None] * hit + (total - found)[:, None] * miss


def _start(steps: Floats) -> int:
    """Reading after which the summed log ratio is largest: where the change most likely began."""
    after = np.cumsum(steps[::-1])[::-1]
    return int(after.argmax())


def _alarm(kind: Kind, readings: Sequence[Reading], band: Band, *, below: bool) -> Alarm:
    found, total = (column.sum() for column in _columns(readings))
    value, since = float(found / total), readings[0].at
    side, advice = (
        ("below", "Do not widen any suppression; look at what changed and audit again.")
        if below
        else (
            "above",
            "Good news or a leak: check that seeds and audits are independent, then set a new band.",
        )
    )
    message = (
        f"Since {since:%Y-%m-%d %H:%M} the {kind} is {side} its band of {band}: "
        f"{found:.0f} of {total:.0f}, or {value:.0%}. {advice}"
    )
    return Alarm(kind=kind, since=since, value=value, band=band, message=message)

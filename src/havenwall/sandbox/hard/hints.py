"""What the platform may know of its accounts: hints of age, checks, reports, hash hits. All noisy."""

from __future__ import annotations

import msgspec
import numpy as np

from havenwall.sandbox.activity import Reports
from havenwall.sandbox.clock import between
from havenwall.sandbox.hard.cast import Cast, HardPart
from havenwall.sandbox.hard.catalogue import Catalogue
from havenwall.sandbox.hard.config import HardConfig
from havenwall.sandbox.hard.moments import present
from havenwall.sandbox.sampling import Bools, Floats, Ints
from havenwall.sandbox.words import REPORT_TEXTS

_MINOR, _MINOR_ELSE = {HardPart.VICTIM: 0.5}, 0.06
_VERIFIED, _VERIFIED_ELSE = {HardPart.CELEBRITY: 0.9, HardPart.PRESS: 0.6, HardPart.LOOKALIKE: 0.05}, 0.004
_REPORTS, _REPORTS_ELSE = (
    {
        HardPart.TRADER: 0.3,
        HardPart.PROMOTER: 0.3,
        HardPart.BUYER: 0.05,
        HardPart.VICTIM: 0.05,
        HardPart.PRESS: 0.1,
        HardPart.LOOKALIKE: 0.1,
        HardPart.CELEBRITY: 3.0,
    },
    0.02,
)
_LISTED, _LISTED_ELSE = 0.15, 0.0001


class Hints(msgspec.Struct, frozen=True, kw_only=True, eq=False):
    """What the platform knows beyond links."""

    minor: Bools
    """(n,) the account says, or the platform thinks, that it is a minor's: of half of the victims true, of
    some other accounts as well."""
    verified: Bools
    """(n,) the platform has checked who it is."""
    reports: Reports
    """What users reported."""
    listed: Bools
    """(media,) the media cluster is on the platform's hash list; a few of them by mistake."""


def hints(config: HardConfig, people: Cast, media: Catalogue, rng: np.random.Generator) -> Hints:
    """Draw what is known; media that visible traders share are listed first."""
    return Hints(
        minor=rng.random(config.accounts) < _by_part(people, _MINOR, _MINOR_ELSE),
        verified=rng.random(config.accounts) < _by_part(people, _VERIFIED, _VERIFIED_ELSE),
        reports=_reports(config, people, rng),
        listed=_listed(people, media, rng),
    )


def _by_part(people: Cast, known: dict[HardPart, float], other: float) -> Floats:
    table = np.full(len(HardPart), other)
    table[list(known)] = list(known.values())
    return table[people.part]


def _reports(config: HardConfig, people: Cast, rng: np.random.Generator) -> Reports:
    mean = _by_part(people, _REPORTS, _REPORTS_ELSE)
    reported = np.repeat(np.arange(config.accounts), rng.poisson(mean))
    reporter = rng.choice(people.rows(HardPart.ORDINARY), reported.size)
    reported, reporter = reported[reported != reporter], reporter[reported != reporter]
    start = np.maximum(people.created_at[reported], people.created_at[reporter])
    at = between(start, present(config), rng)
    phrase = rng.integers(0, len(REPORT_TEXTS), reported.size)
    return Reports(reported=reported, reporter=reporter, at=at, phrase=phrase)


def _listed(people: Cast, media: Catalogue, rng: np.random.Generator) -> Bools:
    visible = np.where(people.part == HardPart.TRADER, people.pull, 0.0)
    seen = np.bincount(media.uses.thing, visible[media.uses.account], media.scene.size)
    listed = rng.random(media.scene.size) < _LISTED_ELSE
    known: Ints = np.flatnonzero((media.scene == HardPart.TRADER) & (seen > 0))
    size = min(round(_LISTED * (media.scene == HardPart.TRADER).sum()), known.size)
    if size:
        listed[rng.choice(known, size, replace=False, p=seen[known] / seen[known].sum())] = True
    return listed

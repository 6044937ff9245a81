"""The search for new terms: what the network uses far more than others, and variants of listed terms."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Any

import numpy as np
import polars as pl

from havenwall.detect.terms.config import DiscoveryConfig
from havenwall.detect.terms.likeness import Listed, letters_of
from havenwall.detect.terms.odds import Floats, Odds, dirichlet, log_odds
from havenwall.detect.terms.proposal import proposal
from havenwall.detect.terms.tally import spelled, tally
from havenwall.model import TermProposal

_ROOT = np.sqrt(2.0)


def find_terms(
    uses: pl.DataFrame,
    network: Collection[str],
    listed: Mapping[str, datetime],
    at: datetime,
    config: DiscoveryConfig | None = None,
) -> list[TermProposal]:
    """Terms that a person should look at, the strongest evidence first. Enters nothing in any list.

    A term is proposed when accounts of the network use it far more than others do (log-odds with an
    informative Dirichlet prior), where users of listed terms among the others count as well (co-use). A term
    that resembles a listed one and was taken up after it needs less.

    Args:
        uses: who used which term when (`USES`), as long ago as is known; or those from `spelled`.
        network: accounts that are confirmed or over the threshold.
        listed: terms of the operator's lists, and since when they stand there.
        at: the present.
        config: how sure to be.
    """
    config, known, since = config or DiscoveryConfig(), Listed(listed), _since(listed)
    uses = (uses if "letters" in uses.columns else spelled(uses)).filter(pl.col("at") <= at)
    counts = tally(uses, network, known.letters, at - config.window, at)
    strength = _strengths(counts, config)
    likely = strength.filter(pl.col("network") + pl.col("companions") >= config.variant_least)
    likely = likely.filter(pl.col("z") >= config.variant_z).sort("z", descending=True)
    base, found = Listed(_in_use(uses, known)), []
    for row in likely.iter_rows(named=True):
        like = base.nearest(row["letters"])
        if _counts(row, config) or (like and row["first_seen"] >= since[like.listed]):
            found.append(proposal(row, like, uses, network, at))
    return found[: config.most]


def _in_use(uses: pl.DataFrame, known: Listed) -> list[str]:
    """Listed terms that were used: only of them can there be variants that took over their users."""
    return [letters for letters in uses["letters"].unique() if letters in known.letters]


def _since(listed: Mapping[str, datetime]) -> dict[str, datetime]:
    """Since when each listed term stands there, by its letters; the earliest of equals."""
    found: dict[str, datetime] = {}
    for term, at in listed.items():
        letters = letters_of(term)
        found[letters] = min(found.get(letters, at), at)
    return found


def _counts(row: dict[str, Any], config: DiscoveryConfig) -> bool:
    helped = row["companions"] >= config.helped
    enough = row["network"] >= config.least - helped
    return bool(enough and row["z"] >= config.z and row["own_z"] >= config.alone)


def _strengths(counts: pl.DataFrame, config: DiscoveryConfig) -> pl.DataFrame:
    """The counts with own_z, companion_z and z (combined)."""
    parts = [_of_kind(part, config) for part in counts.partition_by("kind")]
    return pl.concat(parts) if parts else counts.with_columns(own_z=0.0, companion_z=0.0, z=0.0)


def _of_kind(counts: pl.DataFrame, config: DiscoveryConfig) -> pl.DataFrame:
    # Tags and words are two languages: each term is compared with those of its kind.
    ours, others, side, before = (
        counts[name].to_numpy().astype(np.float64) for name in ("network", "others", "companions", "before")
    )
    own, beside = (
        log_odds(one, rest, dirichlet(before + others, config.prior * one.sum(), config.floor))
        for one, rest in ((ours, others), (side, others - side))
    )
    return counts.with_columns(own_z=own.z, companion_z=beside.z, z=_combined(own, beside))


def _combined(own: Odds, beside: Odds) -> Floats:
    """Stouffer's sum where users of listed terms speak for it too; they never speak against it."""
    both: Floats = np.maximum(own.z, (own.z + beside.z) / _ROOT)
    return both

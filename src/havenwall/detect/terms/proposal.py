"""A proposal's record and the sentence that tells its evidence."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from typing import Any

import polars as pl

from havenwall.detect.terms.likeness import Likeness
from havenwall.model import TermEvidence, TermProposal, TermState, derived_id

_EXAMPLES = 5


def proposal(
    row: dict[str, Any], like: Likeness | None, uses: pl.DataFrame, network: Collection[str], at: datetime
) -> TermProposal:
    """The proposal of a counted term; `uses` are those of all terms, up to `at`."""
    mine = uses.filter((pl.col("letters") == row["letters"]) & (pl.col("kind") == row["kind"]))
    ours = mine.filter(pl.col("account").is_in(list(network))).sort("at", descending=True)
    carried = _carried_over(mine, uses.filter(pl.col("letters") == like.listed)) if like else 0
    evidence = TermEvidence(
        network=row["network"],
        others=row["others"],
        companions=row["companions"],
        uses=row["uses"],
        z=round(row["own_z"], 2),
        companion_z=round(row["companion_z"], 2),
        first_seen=row["first_seen"],
        examples=tuple(ours["account"].unique(maintain_order=True).head(_EXAMPLES)),
        resembles=like.listed if like else "",
        likeness=like.how if like else "",
        carried_over=carried,
    )
    return TermProposal(
        id=derived_id("term", row["kind"], row["letters"]),
        term=row["term"],
        kind=row["kind"],
        state=TermState.OPEN,
        proposed_at=at,
        seen_at=at,
        evidence=evidence,
        sentence=_sentence(evidence),
    )


def _carried_over(mine: pl.DataFrame, old: pl.DataFrame) -> int:
    """Users of a term that had used an older one before."""
    first, earlier = (part.group_by("account").agg(pl.col("at").min()) for part in (mine, old))
    return first.join(earlier, on="account").filter(pl.col("at") > pl.col("at_right")).height


def _sentence(told: TermEvidence) -> str:
    parts = [
        f"{told.network} account{'s' * (told.network != 1)} of the network and {told.others} other"
        f"{'s' * (told.others != 1)} used it lately ({told.z:.1f} standard errors more than others)"
    ]
    if told.companions:
        parts.append(f"{told.companions} of the others also used a listed term")
    if told.resembles:
        parts.append(f"it is like a listed term, {told.carried_over} of whose users went on with it")
    return "; ".join(parts) + "."

"""Counts of who used which term: accounts of the network, others, and users of listed terms among these."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

import polars as pl

from havenwall.detect.terms.likeness import letters_of

USES: dict[str, pl.DataType] = {
    "account": pl.String(),
    "kind": pl.String(),
    "term": pl.String(),
    "at": pl.Datetime("us", "UTC"),
}
"""Columns of a frame of uses: who used which term when; `kind` is `tag` or `word`."""


def spelled(uses: pl.DataFrame) -> pl.DataFrame:
    """The uses that have letters, oldest first, with a column `letters`, the same for all forms of a term."""
    forms = uses.select("term").unique()
    letters = pl.Series("letters", [letters_of(term) for term in forms["term"]], pl.String)
    return uses.join(forms.with_columns(letters), on="term").filter(pl.col("letters") != "").sort("at")


def tally(
    uses: pl.DataFrame, network: Collection[str], listed: Collection[str], since: datetime, at: datetime
) -> pl.DataFrame:
    """One row for each term used since a moment, sorted by kind and letters.

    Args:
        uses: from `spelled`, of all times; only those up to `at` count.
        network: accounts of the network.
        listed: letters of listed terms; they have no row.
        since: from when on uses count.
        at: the present.

    Returns:
        kind, letters, term (the form used last), network, others, companions, uses, before
        (accounts that used it before `since`), first_seen.
    """
    uses = uses.filter(pl.col("at") <= at)
    known = pl.col("letters").is_in(list(listed))
    companions = uses.filter(known)["account"].unique()
    recent, account = pl.col("at") > since, pl.col("account")
    # Once per account first: counting different names within each term is what takes the time.
    each = uses.filter(~known).group_by("kind", "letters", "account")
    found = each.agg(
        pl.col("term", "at").last().name.prefix("last_"),
        uses=recent.sum(),
        before=(~recent).any(),
        first_seen=pl.col("at").min(),
    ).with_columns(
        recent=pl.col("uses") > 0,
        member=account.is_in(list(network)),
        companion=account.is_in(companions.implode()),
    )
    ours, rest = pl.col("recent") & pl.col("member"), pl.col("recent") & ~pl.col("member")
    counted = found.group_by("kind", "letters").agg(
        term=pl.col("last_term").get(pl.col("last_at").arg_max()),
        network=ours.sum(),
        others=rest.sum(),
        companions=(rest & pl.col("companion")).sum(),
        uses=pl.col("uses").filter("member").sum(),
        before=pl.col("before").sum(),
        first_seen=pl.col("first_seen").min(),
    )
    return counted.filter(pl.col("network") + pl.col("others") > 0).sort("kind", "letters")

"""From what was posted to who used which tag and which word."""

from __future__ import annotations

from collections.abc import Collection

import polars as pl

from havenwall.detect.terms.tally import USES
from havenwall.model import EventType

_TAG = "tag:"
_HASHTAG = r"#\S+"
_WORD = r"\p{L}[\p{L}\p{M}\p{N}_'’-]{3,40}"
"""Shorter words are too common in every group to tell anything."""


def uses_of(spoken: pl.DataFrame, network: Collection[str]) -> pl.DataFrame:
    """Uses (`USES`) of tags, and of the words that some account of the network used; each once.

    Args:
        spoken: posts, profiles, descriptions of groups and uses of tags, as `TermView.spoken` gives them.
        network: accounts of the network. Words that none of them used are not looked at: no evidence could
            come of them, and there are too many.
    """
    group = pl.col("type") == EventType.GROUP.value
    by = spoken.with_columns(account=pl.when(group).then("target").otherwise("entity"))
    by = by.filter(pl.col("account").is_not_null())
    parts = [_tags(by), _links(by), _words(by, network)]
    return pl.concat(parts).unique(maintain_order=True)


def _tags(by: pl.DataFrame) -> pl.DataFrame:
    tagged = by.select("account", "at", term="tags").explode("term").drop_nulls()
    return _shaped(tagged.with_columns(pl.col("term").str.strip_prefix("#")), "tag")


def _links(by: pl.DataFrame) -> pl.DataFrame:
    linked = by.filter((pl.col("type") == EventType.LINK.value) & pl.col("target").str.starts_with(_TAG))
    return _shaped(linked.select("account", "at", term=pl.col("target").str.strip_prefix(_TAG)), "tag")


def _words(by: pl.DataFrame, network: Collection[str]) -> pl.DataFrame:
    bare = pl.col("text").str.to_lowercase().str.replace_all(_HASHTAG, " ")
    said = by.filter(pl.col("text").is_not_null()).select("account", "at", term=bare.str.extract_all(_WORD))
    words = said.explode("term").drop_nulls()
    mine = words.filter(pl.col("account").is_in(list(network)))["term"].unique()
    return _shaped(words.filter(pl.col("term").is_in(mine.implode())), "word")


def _shaped(uses: pl.DataFrame, kind: str) -> pl.DataFrame:
    return uses.with_columns(kind=pl.lit(kind)).select(*USES)

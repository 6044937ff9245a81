"""Ids for links whose source gives none: the same tie gets the same id, so a repeat changes nothing."""

from __future__ import annotations

import hashlib

import polars as pl

from havenwall.intake.rules import ID_LENGTH, LINK_TYPES

_LACKING = pl.col("source_id").is_null() & pl.col("type").is_in(LINK_TYPES)


def with_link_ids(frame: pl.DataFrame, *, dated: bool = True) -> pl.DataFrame:
    """Fills `source_id` of link and unlink rows that have none.

    The id is `type|link|length of entity|entity|target|microseconds`; the length keeps ids apart whatever
    characters the names hold. An id too long for a `source_id` gives way to its SHA-256.

    Args:
        frame: as `tidy` returns it.
        dated: whether the time is part of the id, so that a later tie of the same two is a new one.
    """
    if not frame.select(_LACKING.any()).item():
        return frame
    size = pl.col("entity").str.len_chars()
    parts = [pl.col("type"), pl.col("link"), size, pl.col("entity"), pl.col("target")]
    when = [pl.col("at").dt.epoch("us")] if dated else []
    made = frame.select(pl.concat_str(*parts, *when, separator="|", ignore_nulls=True)).to_series()
    filled = pl.when(_LACKING).then(_shortened(made)).otherwise("source_id")
    return frame.with_columns(filled.alias("source_id"))


def _shortened(ids: pl.Series) -> pl.Series:
    long = ids.str.len_chars() > ID_LENGTH
    if not long.any():
        return ids
    digests = [f"sha256:{hashlib.sha256(text.encode()).hexdigest()}" for text in ids.filter(long)]
    return ids.scatter(long.arg_true(), digests)

"""Brings drafts and frames into one form: UTC microseconds, lower-case kinds, folded tags."""

from __future__ import annotations

import re
import unicodedata
from datetime import UTC, datetime

import msgspec
import polars as pl

from havenwall.engine import EVENT_SCHEMA
from havenwall.intake.draft import Draft

NAIVE = r"[12][0-9]{3}-[0-9]{2}-[0-9]{2}[T ](?:[01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9](?:\.[0-9]{1,9})?"
"""Pattern of a time without its zone; regular expressions here mean the same in Python and Rust."""
TIME = NAIVE + r"(?:Z|[+-](?:[01][0-9]|2[0-3])(?::?[0-5][0-9])?)"
"""Pattern of a time with its zone."""
AS_WRITTEN = ("at", "weight", "attributes")
"""Columns that may come as text; `<name>_text` keeps the text beside the value."""

_BLANK_IS_NULL = ("source", "source_id", "type", "at", "entity", "target", "link")
_NAMES = ("entity", "target")
_LEADING_HASH = re.compile(r"^[#\s]+")
_TIME = re.compile(TIME)
_ATTRIBUTES = msgspec.json.Decoder(dict[str, str])


def fold_tag(tag: str) -> str:
    """A tag without its leading #, NFKC-casefolded; empty when nothing is left."""
    folded = unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", tag).casefold())
    return _LEADING_HASH.sub("", folded).rstrip()


def moment(text: str) -> datetime | None:
    """The UTC time that `text` gives with its zone, cut to microseconds; None if it does not."""
    if not _TIME.fullmatch(text):
        return None
    try:
        return datetime.fromisoformat(text).astimezone(UTC)
    except ValueError:
        return None


def attributes_json(attributes: dict[str, str] | None) -> str | None:
    """Attributes as the JSON text the columns keep; None when there are none."""
    return msgspec.json.encode(attributes, order="deterministic").decode() if attributes else None


def tidy_draft(draft: Draft) -> Draft:
    """The draft in normal form; the time stays text. Never fails."""
    changes: dict[str, object] = {name: getattr(draft, name) or None for name in _BLANK_IS_NULL}
    changes |= {name: _lower_kind(value) for name in _NAMES if (value := getattr(draft, name))}
    tags = [folded for tag in draft.tags or () if (folded := fold_tag(tag))]
    weight = 1.0 if draft.weight is None else draft.weight
    return msgspec.structs.replace(draft, **changes, tags=tags, weight=weight)


def tidy(frame: pl.DataFrame) -> pl.DataFrame:
    """The frame in normal form. Never fails on values.

    Args:
        frame: the columns of EVENT_SCHEMA; `at`, `weight`, `attributes` may be text.

    Returns:
        The same rows and columns typed as EVENT_SCHEMA, and `at_text`, `weight_text`, `attributes_text`:
        what was written, where it was text. A value that could not be read is null beside its text.
    """
    blank = [name for name in _BLANK_IS_NULL if frame.schema[name] == pl.String()]
    frame = frame.with_columns(pl.when(pl.col(name) != "").then(pl.col(name)).alias(name) for name in blank)
    frame = frame.with_columns(_written(frame[name]) for name in AS_WRITTEN)
    values = (_times(frame["at"]), _weights(frame["weight"]), _attributes(frame["attributes"]))
    return frame.with_columns(*values, *(_kinds(frame[n]) for n in _NAMES), _tags(frame["tags"]))


def _lower_kind(entity: str) -> str:
    kind, colon, key = entity.partition(":")
    return kind.lower() + colon + key


def _written(column: pl.Series) -> pl.Series:
    text = (
        column if column.dtype == pl.String() else pl.repeat(None, len(column), dtype=pl.String, eager=True)
    )
    return text.alias(f"{column.name}_text")


def _times(column: pl.Series) -> pl.Series:
    if column.dtype != pl.String():
        return column.dt.cast_time_unit("us").dt.convert_time_zone("UTC")
    times = column.str.to_datetime("%+", time_unit="us", time_zone="UTC", strict=False)
    if times.null_count() == column.null_count():
        return times
    rest = column.str.replace(" ", "T", literal=True)
    form = "%Y-%m-%dT%H:%M:%S%.f%#z"
    return times.fill_null(rest.str.to_datetime(form, time_unit="us", time_zone="UTC", strict=False))


def _weights(column: pl.Series) -> pl.Series:
    if column.dtype == pl.String():
        weights = column.cast(pl.Float64, strict=False)
        return weights.set(column.is_null(), 1.0)
    return column.cast(pl.Float64).fill_null(1.0)


def _kinds(column: pl.Series) -> pl.Series:
    upper = column.str.contains(r"^[^:]*[A-Z][^:]*:")
    if not upper.any():
        return column
    low = [_lower_kind(entity) for entity in column.filter(upper)]
    return column.scatter(upper.arg_true(), low)


def _tags(column: pl.Series) -> pl.Series:
    if column.null_count() == len(column):
        return column.cast(EVENT_SCHEMA["tags"])
    distinct = column.explode().drop_nulls().unique()
    folded = pl.Series([fold_tag(tag) or None for tag in distinct], dtype=pl.String)
    fold = pl.element().replace_strict(distinct, folded, return_dtype=pl.String).drop_nulls()
    return column.to_frame().select(pl.col("tags").list.eval(fold)).to_series()


def _attributes(column: pl.Series) -> pl.Series:
    present = column.is_not_null()
    read = [_reread(text) for text in column.filter(present)]
    return column.scatter(present.arg_true(), read) if read else column


def _reread(text: str) -> str | None:
    try:
        return attributes_json(_ATTRIBUTES.decode(text)) or "{}"
    except (msgspec.MsgspecError, RecursionError):
        return None

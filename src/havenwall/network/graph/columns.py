"""What the columns of links must be like."""

from __future__ import annotations

import polars as pl

from havenwall.errors import BadGraph


def is_text(kind: pl.DataType) -> bool:
    """Whether a column of this type can hold text ids."""
    return isinstance(kind, pl.String | pl.Enum | pl.Categorical | pl.Null)


def demand(schema: pl.Schema, name: str) -> pl.DataType:
    """The type of a column.

    Raises:
        BadGraph: there is no such column.
    """
    if name not in schema:
        raise BadGraph(f"missing column {name}", field=name, hint=f"there are {', '.join(schema)}")
    return schema[name]


def demand_text(schema: pl.Schema, name: str) -> pl.Expr:
    """The column as text.

    Raises:
        BadGraph: there is no such column or it is not text.
    """
    kind = demand(schema, name)
    if not is_text(kind):
        raise BadGraph(f"must be text, not {kind}", field=name)
    return pl.col(name).cast(pl.String)


def demand_moments(schema: pl.Schema, name: str) -> pl.Expr:
    """The column as Datetime in UTC.

    Raises:
        BadGraph: there is no such column or it is not a date with time and zone.
    """
    kind = demand(schema, name)
    if isinstance(kind, pl.Null):
        return pl.col(name).cast(pl.Datetime("us", "UTC"))
    if not isinstance(kind, pl.Datetime) or kind.time_zone is None:
        raise BadGraph(f"must be a date with time in UTC, not {kind}", field=name)
    return pl.col(name).dt.convert_time_zone("UTC")

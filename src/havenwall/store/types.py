"""Column types that mean the same on SQLite and PostgreSQL."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import sqlalchemy as sa

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)

BigKey = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
"""A 64-bit key; SQLite only auto-increments columns it calls INTEGER."""


def to_micros(moment: datetime) -> int:
    """Microseconds since 1970 in UTC.

    Raises:
        ValueError: the moment has no time zone.
    """
    if moment.tzinfo is None:
        raise ValueError(f"{moment!r} has no time zone")
    return (moment - _EPOCH) // _MICROSECOND


def from_micros(micros: int) -> datetime:
    """The UTC moment of so many microseconds since 1970."""
    return _EPOCH + micros * _MICROSECOND


class Moment(sa.TypeDecorator[datetime]):
    """A moment, kept as microseconds since 1970; naive times are refused."""

    impl = sa.BigInteger
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Any) -> int | None:
        """Python to database."""
        return None if value is None else to_micros(value)

    def process_result_value(self, value: int | None, dialect: Any) -> datetime | None:
        """Database to Python."""
        return None if value is None else from_micros(value)

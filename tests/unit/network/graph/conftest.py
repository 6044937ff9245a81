import datetime as dt

import polars as pl
import pytest

SCHEMA = {
    "entity": pl.String,
    "target": pl.String,
    "link": pl.String,
    "weight": pl.Float64,
    "since": pl.Datetime("us", "UTC"),
}


@pytest.fixture(scope="session")
def day():
    """A day of January 2024 as a moment, and as seconds since 1970."""

    def moment(number):
        at = dt.datetime(2024, 1, number, tzinfo=dt.UTC)
        return at, int(at.timestamp())

    return moment


@pytest.fixture(scope="session")
def links(day):
    """A frame of links of most kinds, with doubles, loops, ends without id and unknown dates."""
    first, second = day(1)[0], day(2)[0]
    rows = [
        ("account:b", "account:a", "follow", 9.0, second),
        ("account:b", "account:a", "follow", 1.0, first),
        ("account:b", "account:a", "follow", 1.0, None),
        ("account:a", "account:a", "follow", 1.0, first),
        ("account:a", "account:b", "like", 2.0, None),
        ("account:a", "account:b", "comment", 3.0, second),
        ("account:ä", "post:p", "like", 1.0, first),
        ("account:a", "tag:t", "tag_use", 1.0, None),
        ("account:a", "tag:s", "tag_use", 1.0, None),
        ("account:b", "group:g", "member", 1.0, second),
        ("post:p", "tag:t", "tag_use", 1.0, first),
        (None, "group:g", "member", 1.0, first),
        ("account:c", None, "follow", 1.0, first),
    ]
    return pl.DataFrame(rows, schema=SCHEMA, orient="row")

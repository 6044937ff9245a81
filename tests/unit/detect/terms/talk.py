"""A small platform's talk: a network that moves from tag to tag among people who do not."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import polars as pl

from havenwall.detect.terms import USES

START = datetime(2026, 1, 1, tzinfo=UTC)
NETWORK = frozenset(f"account:m{number}" for number in range(8))


def day(number: float) -> datetime:
    """A moment so many days after the start."""
    return START + timedelta(days=number)


def used(*uses: tuple[str, str, float]) -> pl.DataFrame:
    """Uses of tags by account, tag and day."""
    rows = [(account, "tag", tag, day(at)) for account, tag, at in uses]
    return pl.DataFrame(rows, USES, orient="row")


def everyday(accounts: int = 300) -> pl.DataFrame:
    """Everybody, members too, uses two of some twenty ordinary tags."""
    people = [f"account:p{number}" for number in range(accounts)] + sorted(NETWORK)
    return used(
        *(
            (name, f"garden-{(number * step + step) % 20}", number % 60)
            for number, name in enumerate(people)
            for step in (1, 7)
        )
    )


def members(tag: str, count: int, at: float) -> pl.DataFrame:
    """So many accounts of the network use a tag from a day on."""
    return used(*((name, tag, at + place) for place, name in enumerate(sorted(NETWORK)[:count])))

"""Short ways to tell what accounts did, and to ask what the rules say of it."""

from datetime import UTC, datetime, timedelta

import polars as pl
import pytest
from tests.unit.detect.conftest import _row

from havenwall.detect.behaviour import Watch
from havenwall.engine import EVENT_SCHEMA

START = datetime(2026, 3, 1, tzinfo=UTC)


class Town:
    """Accounts and what they do; time is in days since the start."""

    def __init__(self, frame):
        self.events, self._frame = [], frame

    def tell(self, type, entity, at=0.0, **fields):
        self.events.append({"type": type, "entity": entity, "at": START + timedelta(days=at)} | fields)

    def account(self, name, band=None, at=0.0, text=None, **attributes):
        if band:
            attributes["age_band"] = band
        self.tell("account", f"account:{name}", at, attributes=attributes, text=text)

    def minors(self, count, prefix="m"):
        names = [f"{prefix}{number}" for number in range(count)]
        for name in names:
            self.account(name, "13_15")
        return names

    def contact(self, who, whom, at=0.0, **attributes):
        self.tell("contact", f"account:{who}", at, target=f"account:{whom}", attributes=attributes)

    def follow(self, who, whom, at=0.0, type="link"):
        self.tell(type, f"account:{who}", at, target=f"account:{whom}", link="follow")

    def frame(self):
        return self._frame(*self.events)

    def signals(self):
        return Watch().take(self.frame())

    def strength(self, name, rule):
        """The strongest signal of a rule on an account; 0 if there is none."""
        found = [s.strength for s in self.signals() if (s.entity, s.detector) == (f"account:{name}", rule)]
        return max(found, default=0.0)


@pytest.fixture
def town(frame):
    return Town(frame)


def busy(town):
    """Eve and a teenager do the same: sixteen minors contacted, eight of whom block them."""
    minors = town.minors(16)
    town.account("teen", "16_17")
    for who in ("eve", "teen"):
        for day, minor in enumerate(minors):
            town.contact(who, minor, day / 4)
            if day < 8:
                town.tell("block", f"account:{minor}", day / 4, target=f"account:{who}")
        town.contact(who, "later", 9)
    return town


def busy_events():
    """What `busy` tells, as a frame."""
    return busy(Town(_frame)).frame()


def _frame(*events):
    return pl.DataFrame([_row(number, fields) for number, fields in enumerate(events)], schema=EVENT_SCHEMA)

"""Frames of events."""

import msgspec
import polars as pl
import pytest

from havenwall.engine import EVENT_SCHEMA
from havenwall.model import Event, now


@pytest.fixture
def frame():
    """Makes a frame from dicts of event fields; source_id counts up."""

    def make(*events):
        return pl.DataFrame(
            [_row(number, fields) for number, fields in enumerate(events)], schema=EVENT_SCHEMA
        )

    return make


def _row(number, fields):
    event = msgspec.convert(
        {"source": "demo", "source_id": f"e{number}", "at": now(), "entity": "account:a"} | fields, Event
    )
    row = {name: getattr(event, name) for name in EVENT_SCHEMA}
    attributes = msgspec.json.encode(event.attributes).decode() if event.attributes else None
    return row | {"tags": list(event.tags), "attributes": attributes, "type": event.type.value}

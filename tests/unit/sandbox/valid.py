"""What every frame of events must be, whichever sandbox made it."""

from __future__ import annotations

import polars as pl

from havenwall.model import REQUIRED, EventType, split_entity

_REQUIRED = ["source", "source_id", "type", "at", "entity", "weight", "tags"]


def check_valid(events: pl.DataFrame) -> None:
    """Fail if an event lacks something, or names something of another kind than its type may."""
    for row in events.unique(["type", "link"]).iter_rows(named=True):
        needs = REQUIRED[EventType(row["type"])]
        assert split_entity(row["entity"])[0] in needs.entity
        assert (row["link"] is not None) == needs.link
        if row["target"] is not None:
            assert split_entity(row["target"])[0] in needs.target
    assert events["source_id"].n_unique() == events.height
    assert events.select(_REQUIRED).null_count().sum_horizontal().item() == 0

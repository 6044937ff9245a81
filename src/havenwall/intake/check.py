"""Checks events against the rules: one at a time, or a frame of columns at once."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import msgspec
import polars as pl

from havenwall.intake.draft import FIELDS, Draft, decode
from havenwall.intake.rules import RULES
from havenwall.intake.tidy import moment, tidy_draft
from havenwall.model import Event


def check_event(raw: Mapping[str, Any] | bytes) -> Event:
    """One event in normal form.

    Args:
        raw: a JSON object as bytes, or a mapping of an event's fields; null counts as not given.

    Raises:
        BadInput: names the first field that breaks a rule; the hint says what to do.
    """
    draft = tidy_draft(decode(raw))
    for rule in RULES:
        if rule.test.row(draft):
            raise rule.fault.error()
    return _event(draft)


def problems(frame: pl.DataFrame) -> pl.DataFrame:
    """The first fault of each row, by the same rules as `check_event`.

    Args:
        frame: as `tidy` returns it.

    Returns:
        A frame of the same height with the columns `field` and `reason`, null where nothing is wrong.
    """
    types = set(frame["type"].unique())
    tests = (
        pl.when(rule.test.column).then(pl.lit(number, pl.UInt32))
        for number, rule in enumerate(RULES)
        if not rule.types or not types.isdisjoint(rule.types)
    )
    first = frame.select(pl.coalesce(*tests)).to_series()
    fields = pl.Series("field", [rule.fault.field for rule in RULES])
    reasons = pl.Series("reason", [rule.fault.sentence for rule in RULES])
    return pl.DataFrame([fields.gather(first), reasons.gather(first)])


def _event(draft: Draft) -> Event:
    given = {name: value for name in FIELDS if (value := getattr(draft, name)) is not None}
    return msgspec.convert(given | {"at": moment(draft.at or "")}, Event)

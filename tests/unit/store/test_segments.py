"""Segments know every event they hold, and equal keys do not pass for equal events."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import polars as pl
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from havenwall.model import Event, EventType
from havenwall.store.frames import to_frame
from havenwall.store.segments import SegmentFolder, event_key, event_keys

names = st.lists(
    st.tuples(st.sampled_from("ab"), st.text(min_size=1, max_size=8)), min_size=1, max_size=30, unique=True
)


def frame(ids: list[tuple[str, str]]) -> pl.DataFrame:
    at = datetime(2026, 1, 1, tzinfo=UTC)
    return to_frame(
        Event(source=s, source_id=i, type=EventType.ACCOUNT, at=at, entity="account:a") for s, i in ids
    )


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(kept=names, asked=names)
def test_known_is_exactly_what_was_written(
    tmp_path: Path, kept: list[tuple[str, str]], asked: list[tuple[str, str]]
) -> None:
    folder = SegmentFolder(tmp_path / str(abs(hash((tuple(kept), tuple(asked))))))
    held = folder.write(frame(kept), event_keys(frame(kept)))
    wanted = frame(asked)
    known = folder.known([held.name], event_keys(wanted), wanted)
    assert known.tolist() == [pair in kept for pair in asked]


def test_an_equal_key_is_not_enough(tmp_path: Path) -> None:
    folder = SegmentFolder(tmp_path)
    held = folder.write(frame([("a", "1")]), np.array([5]))
    other = frame([("a", "2")])
    assert folder.known([held.name], np.array([5]), other).tolist() == [False]


def test_keys_are_the_same_one_by_one_and_together() -> None:
    pairs = [("a", "1"), ("a", "é"), ("b", "1")]
    assert event_keys(frame(pairs)).tolist() == [event_key(s, i) for s, i in pairs]


def test_sweeping_removes_only_what_no_row_names(tmp_path: Path) -> None:
    folder = SegmentFolder(tmp_path)
    kept = folder.write(frame([("a", "1")]), event_keys(frame([("a", "1")])))
    folder.write(frame([("a", "2")]), event_keys(frame([("a", "2")])))
    assert folder.sweep([kept.name]) == 2
    assert folder.read(kept.name)["source_id"].to_list() == ["1"]

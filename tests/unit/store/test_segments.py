"""Segments know every event they hold, and equal keys do not pass for equal events."""

from __future__ import annotations

import resource
import signal
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import polars as pl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from havenwall.errors import StoreError
from havenwall.model import Event, EventType
from havenwall.store import Store
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


@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
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


def test_a_full_disk_is_a_clear_error_and_loses_nothing(tmp_path: Path, store: Store) -> None:
    (tmp_path / "data" / "segments").mkdir(parents=True)
    limit = resource.getrlimit(resource.RLIMIT_FSIZE)
    many = frame([("a", str(n) * 50) for n in range(20_000)])
    # A write past the limit fails as it does on a full disk, once the signal that goes with it is ignored.
    before = signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (4096, limit[1]))
    try:
        with pytest.raises(StoreError, match="cannot write a segment"):
            store.journal.append_frame(many)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, limit)
        signal.signal(signal.SIGXFSZ, before)
    assert store.journal.count() == 0
    assert store.journal.append_frame(many) == 20_000

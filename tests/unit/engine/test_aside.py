"""Which errors lie in a record, and how what is at fault is found among the rest."""

from __future__ import annotations

import errno
from datetime import UTC, datetime, timedelta

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from havenwall.engine import EVENT_SCHEMA, Batch, Output, Stage, Stream, Stumble
from havenwall.engine.aside import MOST_ASIDE, blames_record, merged, printable, sift
from havenwall.errors import BadInput, NotReady, RecordRefused, SourceFailed, StoreError

AT = datetime(2026, 1, 1, tzinfo=UTC)


def events(count: int) -> Batch:
    row = {"source": "forum", "type": "post", "at": AT, "entity": "account:a"}
    frame = pl.DataFrame([row | {"source_id": str(n)} for n in range(count)], schema=EVENT_SCHEMA)
    return Batch(events=frame, new=count)


class Picky(Stage):
    """Fails on some events; counts the others."""

    name = "picky"
    reads = (Stream.EVENT,)
    notice_only = False

    def __init__(self, bad: set[int], error: Exception | None = None) -> None:
        self.bad, self.error = {str(n) for n in bad}, error or ValueError("tin-lantern")

    def run(self, batch: Batch) -> Output:
        found = batch.events["source_id"].to_list()
        if self.bad & set(found):
            raise self.error
        return Output(spent=dict.fromkeys(found, 1))


@given(st.sets(st.integers(0, 39), max_size=10), st.integers(2, 40))
def test_exactly_what_is_at_fault_is_found_and_the_rest_is_worked_on_once(bad: set[int], count: int) -> None:
    bad = {n for n in bad if n < count}
    output, culprits = sift(Picky(bad), Stream.EVENT, events(count), ValueError())
    assert [one.record.events["source_id"].item() for one in culprits] == [str(n) for n in sorted(bad)]
    assert output.spent == {str(n): 1 for n in range(count) if n not in bad}


def test_what_is_around_a_record_ends_the_search() -> None:
    with pytest.raises(OSError, match="full"):
        sift(Picky({3}, OSError(errno.ENOSPC, "full")), Stream.EVENT, events(8), ValueError())


def test_a_stage_that_fails_on_everything_is_at_fault_itself() -> None:
    everything = set(range(1000))
    with pytest.raises(NotReady, match="fails on more than 100 records"):
        sift(Picky(everything), Stream.EVENT, events(1000), ValueError())
    assert MOST_ASIDE == 100


@pytest.mark.parametrize(
    "error",
    [
        OSError(errno.ENOSPC, "full"),
        TimeoutError(),
        ConnectionError(),
        MemoryError(),
        StoreError("gone"),
        SourceFailed("off"),
        NotReady("no list"),
    ],
)
def test_disks_networks_and_databases_are_no_records_fault(error: Exception) -> None:
    assert not blames_record(error)
    assert not blames_record(caused(KeyError("x"), error))


@pytest.mark.parametrize("error", [ValueError("x"), KeyError("x"), BadInput("x"), RecordRefused("NUL")])
def test_other_errors_may_be(error: Exception) -> None:
    assert blames_record(error)


def test_a_full_disk_after_a_refused_record_is_a_full_disk() -> None:
    assert not blames_record(caused(OSError(errno.ENOSPC, "full"), RecordRefused("NUL")))


def caused(outer: Exception, inner: Exception) -> Exception:
    outer.__cause__ = inner
    return outer


def test_a_burst_of_tries_proves_nothing() -> None:
    assert not Stumble(tries=50, since=AT).is_enough(AT + timedelta(seconds=9))
    assert not Stumble(tries=4, since=AT).is_enough(AT + timedelta(days=1))
    assert Stumble(tries=5, since=AT).is_enough(AT + timedelta(seconds=10))


def test_outputs_add_up() -> None:
    assert merged([Output(spent={"a": 1}), Output(spent={"a": 2, "b": 1})]).spent == {"a": 3, "b": 1}


@given(st.text(st.characters()))
def test_what_is_told_of_it_can_be_kept(text: str) -> None:
    kept = printable(text)
    assert "\0" not in kept
    kept.encode()

"""The journal keeps every event once, on both databases."""

from __future__ import annotations

from datetime import UTC, datetime

import polars as pl

from havenwall.engine import Batch, Output, Stage, Stream
from havenwall.model import Event, EventType, LinkKind
from havenwall.store import Store
from havenwall.store.frames import to_events, to_frame


def link(n: int, source: str = "forum") -> Event:
    at = datetime(2026, 1, 1, tzinfo=UTC)
    return Event(
        source=source,
        source_id=f"e{n}",
        type=EventType.LINK,
        at=at,
        entity=f"account:a{n}",
        target="account:b",
        link=LinkKind.FOLLOW,
    )


class Reader(Stage):
    """Reads events, keeps nothing."""

    name = "reader"
    reads = (Stream.EVENT,)
    notice_only = False

    def run(self, batch: Batch) -> Output:
        return Output()


class Latecomer(Reader):
    """Begins at the beginning."""

    name = "latecomer"


def ids(batch: Batch) -> list[str]:
    return batch.events["source_id"].to_list()


def test_single_events_come_back_in_order_and_once(any_store: Store) -> None:
    assert any_store.journal.append([link(1), link(2), link(1)]) == 2
    assert any_store.journal.append([link(2), link(3)]) == 1
    batch, _ = any_store.streams.read(Reader(), 100)
    assert ids(batch) == ["e1", "e2", "e3"]
    assert any_store.journal.count() == 3


def test_the_same_id_from_another_source_is_another_event(any_store: Store) -> None:
    assert any_store.journal.append([link(1), link(1, source="shop")]) == 2


def test_a_bulk_frame_is_one_row_and_every_event(any_store: Store) -> None:
    frame = to_frame(link(n) for n in range(1000))
    assert any_store.journal.append_frame(frame) == 1000
    assert any_store.journal.append_frame(frame) == 0
    assert any_store.journal.count() == 1000
    batch, positions = any_store.streams.read(Reader(), 10)
    assert batch.events.height == 1000
    assert positions[Stream.EVENT] == (0, 1)


def test_bulk_and_single_events_know_of_each_other(any_store: Store) -> None:
    assert any_store.journal.append([link(5)]) == 1
    assert any_store.journal.append_frame(to_frame(link(n) for n in range(10))) == 9
    assert any_store.journal.append([link(7), link(11)]) == 1
    assert any_store.journal.append_frame(to_frame(link(n) for n in range(5, 2005))) == 2000 - 5 - 1
    batch, _ = any_store.streams.read(Reader(), 10_000)
    assert sorted(ids(batch)) == sorted(f"e{n}" for n in range(2005))


def test_compaction_keeps_order_positions_and_ids(any_store: Store) -> None:
    journal = any_store.journal
    journal.append_frame(to_frame(link(n) for n in range(3)))
    journal.append([link(n) for n in range(3, 8)])
    journal.append_frame(to_frame([link(8)]))
    _, seen = any_store.streams.read(Reader(), 100)
    any_store.streams.commit(Reader(), seen, Output())
    journal.append([link(9)])
    assert journal.compact(any_store.streams.slowest([Reader()]), least=100) == 0
    assert journal.compact(any_store.streams.slowest([Reader()]), least=2) == 5
    assert journal.count() == 10
    assert ids(any_store.streams.read(Reader(), 100)[0]) == ["e9"]
    assert ids(any_store.streams.read(Latecomer(), 100)[0]) == [f"e{n}" for n in range(10)]
    assert journal.append([link(4), link(10)]) == 1
    assert journal.compact(any_store.streams.slowest([Reader(), Latecomer()]), least=1) == 0


def test_cursor_moves_only_with_commit(any_store: Store) -> None:
    any_store.journal.append([link(n) for n in range(5)])
    first, positions = any_store.streams.read(Reader(), 3)
    again, _ = any_store.streams.read(Reader(), 3)
    assert ids(first) == ids(again) == ["e0", "e1", "e2"]
    any_store.streams.commit(Reader(), positions, Output())
    rest, _ = any_store.streams.read(Reader(), 3)
    assert ids(rest) == ["e3", "e4"]


def test_events_survive_the_frame_and_back() -> None:
    event = Event(
        source="forum",
        source_id="1",
        type=EventType.POST,
        at=datetime(2026, 1, 1, 12, 30, 0, 123456, tzinfo=UTC),
        entity="account:a",
        target="post:p",
        text="good morning",
        tags=("sea", "tin-lantern"),
        attributes={"language": "en"},
    )
    assert list(to_events(to_frame([event]))) == [event]


def test_links_follow_the_unlink(any_store: Store) -> None:
    gone = Event(
        source="forum",
        source_id="gone",
        type=EventType.UNLINK,
        at=datetime(2026, 2, 1, tzinfo=UTC),
        entity="account:a1",
        target="account:b",
        link=LinkKind.FOLLOW,
    )
    any_store.journal.append_frame(to_frame([link(1), link(2)]))
    any_store.journal.append([gone, link(3)])
    now = any_store.network.links()
    assert sorted(now["entity"]) == ["account:a2", "account:a3"]
    assert now.columns == ["entity", "target", "link", "weight", "since"]
    assert isinstance(now, pl.DataFrame)

"""The append-only journal of Events, idempotent by (source, source id).

Single events are rows; a bulk frame becomes one Parquet segment and one row. What a call has returned
from is durable: the row is committed, the segment file is on disk.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime, timedelta

import msgspec
import numpy as np
import polars as pl
import sqlalchemy as sa
from numpy.typing import NDArray

from havenwall.engine import EVENT_SCHEMA, empty_events
from havenwall.model import Event, EventType, LinkKind, now
from havenwall.store.database import Database
from havenwall.store.frames import to_frame
from havenwall.store.schema import JOURNAL
from havenwall.store.segments import Segment, SegmentFolder, event_key, event_keys

_SEGMENT_SOURCE = "havenwall:segment"
_FEW = 1000
"""Up to so many keys are asked for one by one; for more it is cheaper to read all."""
_MOST = 250_000
"""Single events that one compaction takes at the most."""
_encode = msgspec.json.Encoder().encode
_decode_event = msgspec.json.Decoder(Event).decode
_decode_segment = msgspec.json.Decoder(Segment).decode
_LINKS = (EventType.LINK.value, EventType.UNLINK.value)
_HISTORY = (*_LINKS, EventType.ACCOUNT.value, EventType.REMOVED.value)
_SPOKEN = tuple(kind.value for kind in (EventType.POST, EventType.ACCOUNT, EventType.GROUP, EventType.LINK))
HISTORY_TEXT = 80
"""Characters of a profile that a history keeps: enough to know a name by."""


class Journal:
    """Appends Events and reads them back in the order they were appended."""

    def __init__(self, database: Database, segments: SegmentFolder) -> None:
        self._database = database
        self._segments = segments

    def append(self, events: Sequence[Event]) -> int:
        """Append single events; returns how many were new. Durable when it returns."""
        if not events:
            return 0
        with self._database.write() as connection:
            return self.append_in(connection, events)

    def append_in(self, connection: sa.Connection, events: Sequence[Event]) -> int:
        """Append single events in a transaction that writes more than them; returns how many were new."""
        unique: dict[tuple[str, str], Event] = {}
        for event in events:
            unique.setdefault((event.source, event.source_id), event)
        frame = to_frame(unique.values())
        known = self._known(connection, frame, event_keys(frame))
        rows = [_event_row(event) for event, old in zip(unique.values(), known, strict=True) if not old]
        if rows:
            connection.execute(sa.insert(JOURNAL), rows)
        return len(rows)

    def append_frame(self, events: pl.DataFrame) -> int:
        """Append a frame of events as one segment; returns how many were new. Durable when it returns."""
        events = events.unique(["source", "source_id"], keep="first", maintain_order=True)
        keys = event_keys(events)
        with self._database.write() as connection:
            new = ~self._known(connection, events, keys)
            if not new.any():
                return 0
            segment = self._segments.write(events.filter(pl.Series(new)), keys[new])
            connection.execute(sa.insert(JOURNAL), _segment_row(segment))
        return segment.count

    def count(self) -> int:
        """How many events the journal holds."""
        with self._database.read() as connection:
            return int(
                connection.scalar(sa.select(sa.func.coalesce(sa.func.sum(JOURNAL.c["count"]), 0))) or 0
            )

    def accounts(self, connection: sa.Connection) -> int:
        """How many events told of an account: about how many accounts the platform has."""
        told = JOURNAL.c.type == EventType.ACCOUNT.value
        singles = int(connection.scalar(sa.select(sa.func.count()).select_from(JOURNAL).where(told)) or 0)
        return singles + sum(segment.accounts for segment in self._segment_rows(connection))

    def read(self, connection: sa.Connection, after: int, limit: int) -> tuple[pl.DataFrame, int]:
        """Events after a position, about `limit` of them (a segment comes whole), and the new position."""
        rows = connection.execute(
            sa.select(JOURNAL.c.seq, JOURNAL.c.kind, JOURNAL.c["count"], JOURNAL.c.body)
            .where(JOURNAL.c.seq > after)
            .order_by(JOURNAL.c.seq)
            .limit(limit)
        )
        frames, singles, taken = [empty_events()], list[Event](), 0
        for row in rows:
            if taken and taken + row[2] > limit:
                break
            taken, after = taken + row[2], row.seq
            if row.kind == "event":
                singles.append(_decode_event(row.body))
            else:
                frames += [to_frame(singles), self._segments.read(_decode_segment(row.body).name)]
                singles = []
        return pl.concat([*frames, to_frame(singles)]), after

    def end(self, connection: sa.Connection) -> int:
        """The newest position."""
        return int(connection.scalar(sa.select(sa.func.max(JOURNAL.c.seq))) or 0)

    def links(self, connection: sa.Connection, among: Collection[str] | None = None) -> pl.DataFrame:
        """All link and unlink events, oldest first: entity, target, link, weight, type, at.

        `among` narrows them to those with both ends in a set of entities.
        """
        wanted = pl.lit(True)
        if among is not None:
            wanted = pl.col("entity").is_in(list(among)) & pl.col("target").is_in(list(among))
        columns = ["entity", "target", "link", "weight", "type", "at"]
        return self._of_type(connection, _LINKS, columns, wanted)

    def profiles(self, connection: sa.Connection) -> pl.DataFrame:
        """All account events, oldest first: entity, at, attributes."""
        columns = ["entity", "at", "attributes"]
        return self._of_type(connection, (EventType.ACCOUNT.value,), columns, pl.lit(True))

    def ties_to(self, connection: sa.Connection, targets: Collection[str]) -> pl.DataFrame:
        """All link and unlink events to some entities, oldest first: entity, target, link, type, at."""
        wanted = pl.col("target").is_in(list(targets))
        return self._of_type(connection, _LINKS, ["entity", "target", "link", "type", "at"], wanted)

    def profiles_of(self, connection: sa.Connection, accounts: Collection[str]) -> pl.DataFrame:
        """Account events of some accounts, oldest first: entity, at, attributes."""
        wanted = pl.col("entity").is_in(list(accounts))
        return self._of_type(connection, (EventType.ACCOUNT.value,), ["entity", "at", "attributes"], wanted)

    def history(self, connection: sa.Connection) -> pl.DataFrame:
        """Link, unlink, account and removed events, oldest first.

        Columns type, at, entity, target, link, and of account events attributes and text (its first
        `HISTORY_TEXT` characters).
        """
        profile = pl.col("type") == EventType.ACCOUNT.value
        columns: list[str | pl.Expr] = [
            *("type", "at", "entity", "target", "link"),
            pl.when(profile).then(pl.col("text").str.slice(0, HISTORY_TEXT)),
            pl.when(profile).then("attributes"),
        ]
        return self._of_type(connection, _HISTORY, columns, pl.lit(True))

    def spoken(self, connection: sa.Connection, window: timedelta) -> pl.DataFrame:
        """All posts, profiles, descriptions of groups and uses of tags, oldest first.

        Columns type, at, entity, target, tags, and text in a window that ends with the newest of them.
        """
        wanted = (pl.col("type") != EventType.LINK.value) | (pl.col("link") == LinkKind.TAG_USE.value)
        newest = self._of_type(connection, _SPOKEN, ["at"], wanted)["at"].max()
        since = newest - window if isinstance(newest, datetime) else None
        text = pl.when(pl.col("at") > pl.lit(since, EVENT_SCHEMA["at"])).then("text")
        columns: list[str | pl.Expr] = ["type", "at", "entity", "target", "tags", text]
        return self._of_type(connection, _SPOKEN, columns, wanted)

    def removals(self, connection: sa.Connection) -> pl.DataFrame:
        """All removed events, oldest first: entity, at."""
        return self._of_type(connection, (EventType.REMOVED.value,), ["entity", "at"], pl.lit(True))

    def newest(self, connection: sa.Connection, types: Collection[EventType]) -> int:
        """Position of the newest single event of some types, or of the newest segment if that is newer."""
        told = (JOURNAL.c.kind == "segment") | JOURNAL.c.type.in_([each.value for each in types])
        return int(connection.scalar(sa.select(sa.func.max(JOURNAL.c.seq)).where(told)) or 0)

    def compact(self, upto: int, least: int = 10_000) -> int:
        """Turn a run of single events up to a position into one segment; returns how many.

        0 if no run between two segments has `least` events. The segment takes the place of the last of
        them, so order and positions stay as they were for every reader that is past `upto`, and for one
        that starts from the beginning.
        """
        single = (JOURNAL.c.kind == "event") & (JOURNAL.c.seq <= upto)
        with self._database.write() as connection:
            if int(connection.scalar(sa.select(sa.func.count()).where(single)) or 0) < least:
                return 0
            first, last, length = self._longest_run(connection, single)
            if length < least:
                return 0
            here = (JOURNAL.c.seq >= first) & (JOURNAL.c.seq <= last)
            bodies = connection.scalars(sa.select(JOURNAL.c.body).where(here).order_by(JOURNAL.c.seq))
            events = to_frame(map(_decode_event, bodies))
            segment = self._segments.write(events, event_keys(events))
            connection.execute(sa.delete(JOURNAL).where(here, JOURNAL.c.seq < last))
            connection.execute(
                sa.update(JOURNAL).where(JOURNAL.c.seq == last).values(**_segment_row(segment))
            )
        return length

    def _longest_run(self, connection: sa.Connection, single: sa.ColumnElement[bool]) -> tuple[int, int, int]:
        seqs = np.fromiter(
            connection.scalars(sa.select(JOURNAL.c.seq).where(single).order_by(JOURNAL.c.seq)), np.int64
        )
        bulk = sa.select(JOURNAL.c.seq).where(JOURNAL.c.kind == "segment").order_by(JOURNAL.c.seq)
        between = np.searchsorted(np.fromiter(connection.scalars(bulk), np.int64), seqs)
        run = np.flatnonzero(between == np.bincount(between).argmax())[:_MOST]
        return int(seqs[run[0]]), int(seqs[run[-1]]), len(run)

    def sweep(self) -> int:
        """Delete segment files that a crash left without a journal row; returns how many."""
        with self._database.write() as connection:
            return self._segments.sweep(self._segment_names(connection))

    def _of_type(
        self,
        connection: sa.Connection,
        types: tuple[str, ...],
        columns: Sequence[str | pl.Expr],
        wanted: pl.Expr,
    ) -> pl.DataFrame:
        wanted = pl.col("type").is_in(types) & wanted
        query = sa.select(JOURNAL.c.body).where(JOURNAL.c.type.in_(types)).order_by(JOURNAL.c.seq)
        singles = to_frame(map(_decode_event, connection.scalars(query)))
        frames = [singles.filter(wanted).select(columns)]
        names = self._segment_names(connection)
        if names:
            frames.insert(0, self._segments.scan(names).filter(wanted).select(columns).collect())
        return pl.concat(frames)

    def _known(
        self, connection: sa.Connection, events: pl.DataFrame, keys: NDArray[np.int64]
    ) -> NDArray[np.bool_]:
        seen = self._segments.known(self._segment_names(connection), keys, events)
        return seen | self._known_rows(connection, events, keys)

    def _known_rows(
        self, connection: sa.Connection, events: pl.DataFrame, keys: NDArray[np.int64]
    ) -> NDArray[np.bool_]:
        stored = sa.select(JOURNAL.c.key).where(JOURNAL.c.kind == "event")
        if len(keys) <= _FEW:
            stored = stored.where(JOURNAL.c.key.in_(keys.tolist()))
        suspects = np.flatnonzero(np.isin(keys, np.fromiter(connection.scalars(stored), np.int64)))
        seen = np.zeros(len(keys), bool)
        for at in suspects:
            source, source_id = events.select("source", "source_id").row(int(at))
            same = (JOURNAL.c.source == source) & (JOURNAL.c.source_id == source_id)
            seen[at] = connection.scalar(sa.select(sa.exists().where(same)))
        return seen

    def _segment_names(self, connection: sa.Connection) -> list[str]:
        return [segment.name for segment in self._segment_rows(connection)]

    def _segment_rows(self, connection: sa.Connection) -> list[Segment]:
        query = sa.select(JOURNAL.c.body).where(JOURNAL.c.kind == "segment").order_by(JOURNAL.c.seq)
        return [_decode_segment(body) for body in connection.scalars(query)]


def _event_row(event: Event) -> dict[str, object]:
    return {
        "kind": "event",
        "type": event.type.value,
        "source": event.source,
        "source_id": event.source_id,
        "key": event_key(event.source, event.source_id),
        "count": 1,
        "recorded_at": now(),
        "body": _encode(event),
    }


def _segment_row(segment: Segment) -> dict[str, object]:
    return {
        "kind": "segment",
        "type": None,
        "source": _SEGMENT_SOURCE,
        "source_id": segment.name,
        "key": event_key(_SEGMENT_SOURCE, segment.name),
        "count": segment.count,
        "recorded_at": now(),
        "body": _encode(segment),
    }

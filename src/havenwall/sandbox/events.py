"""A synthetic platform as the events it would have sent."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Literal

import msgspec
import numpy as np
import polars as pl

from havenwall.engine import EVENT_SCHEMA
from havenwall.errors import BadInput
from havenwall.model import Event, EventType, LinkKind
from havenwall.sandbox import words
from havenwall.sandbox.activity import Reports
from havenwall.sandbox.clock import present
from havenwall.sandbox.platform import Platform
from havenwall.sandbox.sampling import Ints

CHUNK = 250_000
"""Most events in one frame."""


def event_frames(platform: Platform, source: str = "sandbox") -> Iterator[pl.DataFrame]:
    """Every event of the platform's history, in frames of `EVENT_SCHEMA`.

    The frames come by kind, so that what an event speaks of has come before it: accounts, removed
    accounts with their links, follows, posts, tag uses, groups, reports. `source_id` is unique and the
    same each time. A removed account's links are unlinked when it is removed, so that the links that
    stand are exactly `platform.follows`.
    """
    names = pl.Series(platform.ids, dtype=pl.String)
    parts = (
        _accounts(platform),
        *_former(platform, names),
        *_follows(platform, names),
        *_posts(platform, names),
        *_groups(platform, names),
        reported(platform.reports, names),
    )
    for part in parts:
        yield from sent_by(source, part).iter_slices(CHUNK)


def confirmed_events(
    platform: Platform, known: Ints, source: str = "sandbox", at: int | None = None
) -> pl.DataFrame:
    """The platform's team confirms the accounts `known` (indices).

    Args:
        at: when, µs since 1970 UTC; the end of the history if None.
    """
    moment = present(platform.config) if at is None else at
    return confirmed(pl.Series(platform.ids, dtype=pl.String).gather(known), moment, source)


def write_events(
    platform: Platform, folder: Path, format: Literal["parquet", "jsonl"] = "parquet", source: str = "sandbox"
) -> list[Path]:
    """Write the events as numbered files in `folder`, which is created.

    Raises:
        BadInput: another format.
    """
    if format not in ("parquet", "jsonl"):
        raise BadInput(f"{format!r} is unknown", field="format", hint="use parquet or jsonl")
    folder.mkdir(parents=True, exist_ok=True)
    paths = []
    for number, frame in enumerate(event_frames(platform, source)):
        path = folder / f"events-{number:03}.{format}"
        if format == "parquet":
            frame.write_parquet(path, compression="zstd")
        else:
            path.write_bytes(_lines(frame))
        paths.append(path)
    return paths


def build(
    kind: EventType,
    at: Ints,
    entity: pl.Series,
    *,
    source_id: pl.Series,
    target: pl.Series | None = None,
    link: LinkKind | None = None,
    text: pl.Series | None = None,
    tags: pl.Series | None = None,
) -> pl.DataFrame:
    """Events of one type, (rows,) each; `at` in µs since 1970 UTC. Columns left out are null."""
    columns = {"source_id": source_id, "entity": entity, "target": target, "text": text, "tags": tags}
    frame = pl.DataFrame({name: values for name, values in columns.items() if values is not None})
    moment = pl.Series(at, dtype=pl.Int64).cast(pl.Datetime("us", "UTC"))
    return frame.with_columns(
        type=pl.lit(kind.value), at=moment, link=pl.lit(None if link is None else link.value)
    )


def sent_by(source: str, frame: pl.DataFrame) -> pl.DataFrame:
    """The frame from that source with the event columns, in order; tags default to none, the weight to 1."""
    frame = frame.with_columns(source=pl.lit(source))
    defaults = {"weight": pl.lit(1.0), "tags": pl.lit([], dtype=pl.List(pl.String))}
    return frame.select(
        (pl.col(name) if name in frame.columns else defaults.get(name, pl.lit(None))).cast(dtype).alias(name)
        for name, dtype in EVENT_SCHEMA.items()
    )


def numbered(prefix: str, size: int, start: int = 0) -> pl.Series:
    """`prefix-start`, `prefix-start+1`, ...; (size,)"""
    return f"{prefix}-" + pl.Series(np.arange(start, start + size)).cast(pl.String)


def confirmed(names: pl.Series, at: int, source: str) -> pl.DataFrame:
    """The platform's team confirms accounts at `at`, µs since 1970 UTC."""
    moments = np.full(names.len(), at)
    return sent_by(source, build(EventType.CONFIRMED, moments, names, source_id="confirmed-" + names))


def cleared(names: pl.Series, at: int, source: str) -> pl.DataFrame:
    """The platform's team finds accounts to be innocent at `at`, µs since 1970 UTC."""
    moments = np.full(names.len(), at)
    return sent_by(source, build(EventType.CLEARED, moments, names, source_id="cleared-" + names))


def reported(reports: Reports, names: pl.Series) -> pl.DataFrame:
    """User reports; `names` are those of all accounts."""
    return build(
        EventType.REPORT,
        reports.at,
        names.gather(reports.reported),
        target=names.gather(reports.reporter),
        text=pl.Series(words.REPORT_TEXTS).gather(reports.phrase),
        source_id=numbered("report", reports.at.size),
    )


def _accounts(platform: Platform) -> pl.DataFrame:
    ids = pl.Series([*platform.ids, *platform.former.ids], dtype=pl.String)
    at = np.concatenate([platform.created_at, platform.former.created_at])
    return build(EventType.ACCOUNT, at, ids, source_id=numbered("account", ids.len()))


def _former(platform: Platform, names: pl.Series) -> Iterator[pl.DataFrame]:
    former = platform.former
    ids = pl.Series(former.ids, dtype=pl.String)
    entity, target = names.gather(former.follower), ids.gather(former.followed)
    for kind, at in (
        (EventType.LINK, former.followed_at),
        (EventType.UNLINK, former.removed_at[former.followed]),
    ):
        source_id = numbered(f"former-{kind.value}", entity.len())
        yield build(kind, at, entity, target=target, link=LinkKind.FOLLOW, source_id=source_id)
    yield build(EventType.REMOVED, former.removed_at, ids, source_id=numbered("removed", ids.len()))


def _follows(platform: Platform, names: pl.Series) -> Iterator[pl.DataFrame]:
    follows = platform.follows
    source = np.repeat(np.arange(follows.shape[0]), np.diff(follows.indptr))
    for start in range(0, source.size, CHUNK):
        part = slice(start, start + CHUNK)
        entity, target = names.gather(source[part]), names.gather(follows.indices[part])
        source_id = numbered("follow", entity.len(), start)
        yield build(
            EventType.LINK,
            platform.followed_at[part],
            entity,
            target=target,
            link=LinkKind.FOLLOW,
            source_id=source_id,
        )


def _posts(platform: Platform, names: pl.Series) -> Iterator[pl.DataFrame]:
    posts, uses = platform.posts, platform.tag_uses
    tags = pl.Series(platform.tags, dtype=pl.String)
    tag = tags.gather(pl.Series(np.where(posts.tag < 0, 0, posts.tag)))
    shown = pl.DataFrame(
        {"tag": tag, "has": posts.tag >= 0, "phrase": pl.Series(words.PHRASES).gather(posts.phrase)}
    ).select(
        text=pl.when("has").then(pl.format("{} #{}", "phrase", "tag")).otherwise("phrase"),
        tags=pl.when("has").then(pl.concat_list("tag")).otherwise(pl.lit([], dtype=pl.List(pl.String))),
    )
    number = numbered("post", posts.author.size)
    yield build(
        EventType.POST,
        posts.at,
        names.gather(posts.author),
        target="post:" + number,
        text=shown["text"],
        tags=shown["tags"],
        source_id=number,
    )
    yield build(
        EventType.LINK,
        uses.at,
        names.gather(uses.account),
        target="tag:" + tags.gather(uses.tag),
        link=LinkKind.TAG_USE,
        source_id=numbered("tag-use", uses.at.size),
    )


def _groups(platform: Platform, names: pl.Series) -> Iterator[pl.DataFrame]:
    groups = platform.groups
    ids = "group:" + numbered("g", groups.owner.size)
    text = pl.Series(words.GROUP_TEXTS).gather(np.arange(ids.len()) % len(words.GROUP_TEXTS))
    yield build(
        EventType.GROUP,
        groups.created_at,
        ids,
        target=names.gather(groups.owner),
        text=text,
        source_id=numbered("group", ids.len()),
    )
    yield build(
        EventType.LINK,
        groups.joined_at,
        names.gather(groups.account),
        target=ids.gather(groups.group),
        link=LinkKind.MEMBER,
        source_id=numbered("member", groups.account.size),
    )


def _lines(frame: pl.DataFrame) -> bytes:
    encoder = msgspec.json.Encoder()
    return encoder.encode_lines(
        Event(**{k: v for k, v in row.items() if v is not None} | {"tags": tuple(row["tags"])})
        for row in frame.iter_rows(named=True)
    )

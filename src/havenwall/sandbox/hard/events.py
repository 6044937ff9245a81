"""A hard platform as the events it would have sent."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator

import numpy as np
import polars as pl

from havenwall.model import EventType, LinkKind
from havenwall.network.graph import Csr
from havenwall.sandbox import words
from havenwall.sandbox.events import CHUNK, build, confirmed, numbered, reported, sent_by
from havenwall.sandbox.hard.moments import SECOND, present
from havenwall.sandbox.hard.platform import HardPlatform
from havenwall.sandbox.hard.removals import removal_events
from havenwall.sandbox.sampling import Ints


def hard_events(platform: HardPlatform, source: str = "sandbox") -> Iterator[pl.DataFrame]:
    """Every event of the platform's history, in frames of `EVENT_SCHEMA`.

    The frames come by kind, so that what an event speaks of has come before it: accounts, groups, links,
    posts, media, the removed accounts, reports. `source_id` is unique and the same each time. Account events
    carry the attribute `handle`, and `minor` and `verified` ("true") where the platform thinks so; media
    events carry `md5`. Ties of a removed account are unlinked when it is removed, so that the links that
    stand are exactly those of `platform.graph()`.
    """
    names = pl.Series(platform.ids, dtype=pl.String)
    for part in _parts(platform, names):
        yield from sent_by(source, part).iter_slices(CHUNK)


def hard_confirmed(platform: HardPlatform, rows: Ints, source: str = "sandbox") -> pl.DataFrame:
    """The platform's team confirms the accounts `rows` at the end of the history."""
    names = pl.Series(platform.ids, dtype=pl.String).gather(rows)
    return confirmed(names, present(platform.config), source)


def listed_md5(platform: HardPlatform) -> list[str]:
    """The MD5 values on the platform's hash list, as hexadecimal text."""
    media = platform.catalogues[LinkKind.SHARED_MEDIA].names
    return [_md5(media[thing]) for thing in np.flatnonzero(platform.hints.listed).tolist()]


def _parts(platform: HardPlatform, names: pl.Series) -> Iterator[pl.DataFrame]:
    yield _accounts(platform, names)
    yield _groups(platform, names)
    for kind, links in {LinkKind.FOLLOW: platform.follows, **platform.engagement}.items():
        yield from _between(kind, links, names)
    for kind in platform.catalogues:
        yield _uses(platform, kind, names)
    yield _posts(platform, names)
    yield _media(platform, names)
    yield from removal_events(platform, names)
    yield reported(platform.hints.reports, names)


def _accounts(platform: HardPlatform, names: pl.Series) -> pl.DataFrame:
    hints = platform.hints
    known = pl.DataFrame({"handle": platform.handles, "minor": hints.minor, "verified": hints.verified})
    # Handles are letters, digits, dots and underscores, so that they need no escape in JSON.
    attributes = known.select(
        pl.concat_str(
            pl.lit('{"handle":"'),
            "handle",
            pl.lit('"'),
            *(
                pl.when(name).then(pl.lit(f',"{name}":"true"')).otherwise(pl.lit(""))
                for name in known.columns[1:]
            ),
            pl.lit("}"),
        )
    )
    frame = build(EventType.ACCOUNT, platform.created_at, names, source_id=numbered("account", names.len()))
    return frame.with_columns(attributes=attributes.to_series())


def _groups(platform: HardPlatform, names: pl.Series) -> pl.DataFrame:
    """Groups that anybody has joined; the first member owns it."""
    catalogue = platform.catalogues[LinkKind.MEMBER]
    group, first = np.unique(catalogue.uses.thing, return_index=True)
    text = pl.Series(words.GROUP_TEXTS).gather(np.arange(group.size) % len(words.GROUP_TEXTS))
    return build(
        EventType.GROUP,
        catalogue.uses.at[first],
        pl.Series(catalogue.names).gather(group),
        target=names.gather(catalogue.uses.account[first]),
        text=text,
        source_id=numbered("group", group.size),
    )


def _between(kind: LinkKind, links: Csr, names: pl.Series) -> Iterator[pl.DataFrame]:
    source = links.sources()
    assert links.since is not None
    for start in range(0, links.links, CHUNK):
        part = slice(start, start + CHUNK)
        yield build(
            EventType.LINK,
            links.since[part].astype(np.int64) * SECOND,
            names.gather(source[part]),
            target=names.gather(links.indices[part]),
            link=kind,
            source_id=numbered(kind.value, source[part].size, start),
        )


def _uses(platform: HardPlatform, kind: LinkKind, names: pl.Series) -> pl.DataFrame:
    catalogue = platform.catalogues[kind]
    return build(
        EventType.LINK,
        catalogue.uses.at,
        names.gather(catalogue.uses.account),
        target=pl.Series(catalogue.names).gather(catalogue.uses.thing),
        link=kind,
        source_id=numbered(kind.value, catalogue.uses.at.size),
    )


def _posts(platform: HardPlatform, names: pl.Series) -> pl.DataFrame:
    """Each tag use is a post with that tag."""
    catalogue = platform.catalogues[LinkKind.TAG_USE]
    uses = catalogue.uses
    tag = pl.Series(catalogue.names).str.strip_prefix("tag:").gather(uses.thing)
    phrase = pl.Series(words.PHRASES).gather((uses.account * 7 + uses.thing) % len(words.PHRASES))
    shown = pl.DataFrame({"tag": tag, "phrase": phrase}).select(
        text=pl.format("{} #{}", "phrase", "tag"), tags=pl.concat_list("tag")
    )
    number = numbered("post", uses.at.size)
    return build(
        EventType.POST,
        uses.at,
        names.gather(uses.account),
        target="post:" + number,
        text=shown["text"],
        tags=shown["tags"],
        source_id=number,
    )


def _media(platform: HardPlatform, names: pl.Series) -> pl.DataFrame:
    catalogue = platform.catalogues[LinkKind.SHARED_MEDIA]
    uses = catalogue.uses
    hashes = pl.Series([f'{{"md5":"{_md5(name)}"}}' for name in catalogue.names])
    return build(
        EventType.MEDIA,
        uses.at,
        names.gather(uses.account),
        target=pl.Series(catalogue.names).gather(uses.thing),
        source_id=numbered("media", uses.at.size),
    ).with_columns(attributes=hashes.gather(uses.thing))


def _md5(name: str) -> str:
    """A stand-in for the hash of the media cluster."""
    return hashlib.md5(name.encode(), usedforsecurity=False).hexdigest()

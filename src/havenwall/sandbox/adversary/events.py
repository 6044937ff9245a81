"""A step as the events that the platform would have sent."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import polars as pl

from havenwall.model import EventType, LinkKind
from havenwall.sandbox import words
from havenwall.sandbox.adversary.step import Links, Step
from havenwall.sandbox.events import build, numbered, sent_by


def step_frames(ids: list[str], step: Step, name: str, source: str = "sandbox") -> Iterator[pl.DataFrame]:
    """Events of a step, in frames of `EVENT_SCHEMA`: accounts, follows, follows taken back, posts and tags.

    Args:
        ids: all accounts, those that the step made among them.
        step: what was done.
        name: of the step, unique on the platform; part of each event's id.
        source: which source tells.
    """
    names = pl.Series(ids, dtype=pl.String)
    new = names.tail(step.rings.size)
    parts = (
        build(EventType.ACCOUNT, step.born, new, source_id=numbered(f"{name}-account", new.len())),
        _links(step.follows, names, EventType.LINK, name),
        _links(step.unfollows, names, EventType.UNLINK, name),
        *_posts(step, names, name),
    )
    for part in parts:
        if part.height:
            yield sent_by(source, part)


def _links(links: Links, names: pl.Series, kind: EventType, name: str) -> pl.DataFrame:
    return build(
        kind,
        links.at,
        names.gather(links.follower),
        target=names.gather(links.followed),
        link=LinkKind.FOLLOW,
        source_id=numbered(f"{name}-{kind.value}", links.at.size),
    )


def _posts(step: Step, names: pl.Series, name: str) -> Iterator[pl.DataFrame]:
    count = step.authors.size
    number = numbered(f"{name}-post", count)
    said = pl.Series(words.PHRASES).gather(np.arange(count) % len(words.PHRASES))
    authors = names.gather(step.authors)
    yield build(
        EventType.POST,
        step.posted,
        authors,
        target="post:" + number,
        text=said + f" #{step.tag}",
        tags=pl.Series([[step.tag]] * count, dtype=pl.List(pl.String)),
        source_id=number,
    )
    yield build(
        EventType.LINK,
        step.posted,
        authors,
        target=pl.Series([f"tag:{step.tag}"] * count, dtype=pl.String),
        link=LinkKind.TAG_USE,
        source_id=numbered(f"{name}-tag-use", count),
    )

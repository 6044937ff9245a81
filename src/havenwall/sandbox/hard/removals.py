"""The removed accounts of a hard platform as events: made, tied, untied, removed."""

from __future__ import annotations

from collections.abc import Iterator

import polars as pl

from havenwall.model import EventType, LinkKind
from havenwall.sandbox.events import build, numbered
from havenwall.sandbox.hard.platform import HardPlatform
from havenwall.sandbox.sampling import Ints


def removal_events(platform: HardPlatform, names: pl.Series) -> Iterator[pl.DataFrame]:
    """Accounts, their ties and the end of these, and removals.

    Args:
        names: entity names of the living.
    """
    former = platform.former
    ids, lives = pl.Series(former.ids, dtype=pl.String), former.gone.lives
    attributes = pl.Series([f'{{"handle":"{handle}"}}' for handle in former.handles], dtype=pl.String)
    number = numbered("former", ids.len())
    yield build(EventType.ACCOUNT, lives.created_at, ids, source_id=number).with_columns(
        attributes=attributes
    )
    for kind, whose, entity, target, at in _ties(platform, ids, names):
        for event, moment in ((EventType.LINK, at), (EventType.UNLINK, lives.removed_at[whose])):
            source_id = numbered(f"former-{event.value}-{kind}", entity.len())
            link = LinkKind.FOLLOW if kind == "followed" else LinkKind(kind)
            yield build(event, moment, entity, target=target, link=link, source_id=source_id)
    yield build(EventType.REMOVED, lives.removed_at, ids, source_id=numbered("removed", ids.len()))


def _ties(
    platform: HardPlatform, ids: pl.Series, names: pl.Series
) -> Iterator[tuple[str, Ints, pl.Series, pl.Series, Ints]]:
    """Name of the tie, whose it is, both ends, and since when."""
    former = platform.former
    toward, away = former.followers, former.follows
    yield "followed", toward.former, names.gather(toward.account), ids.gather(toward.former), toward.at
    yield "follow", away.former, ids.gather(away.former), names.gather(away.account), away.at
    for kind, uses in former.uses.items():
        things = pl.Series(platform.catalogues[kind].names).gather(uses.thing)
        yield kind.value, uses.account, ids.gather(uses.account), things, uses.at

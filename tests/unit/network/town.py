"""A small platform as events: a network of 30 with tags, among 3,000 others. Harmless words."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from functools import cache

import numpy as np
import polars as pl

from havenwall.model import Event, EventType, LinkKind, Signal, derived_id
from havenwall.store.frames import to_frame

AT = datetime(2026, 1, 5, tzinfo=UTC)
MEMBERS = tuple(f"account:m{n:02}" for n in range(30))
OTHERS = tuple(f"account:u{n:04}" for n in range(3000))


def town_events(seed: int = 0) -> list[Event]:
    """Who follows whom, and who uses which tag."""
    rng = np.random.default_rng(seed)
    fans, every = OTHERS[:100], (*MEMBERS, *OTHERS)
    follows = [(fan, member) for fan in fans for member in rng.choice(MEMBERS, 8, replace=False)]
    # Some as visible as members are: being followed tells nothing.
    follows += [(one, known) for known in OTHERS[600:800] for one in rng.choice(OTHERS, 27, replace=False)]
    follows += [(one, other) for one in every for other in rng.choice(OTHERS, 3, replace=False)]
    follows = [pair for pair in dict.fromkeys(follows) if pair[0] != pair[1]]
    tags = [(member, "tag:bluewhistle") for member in MEMBERS[:20]]
    tags += [(one, f"tag:topic-{n}") for one in every for n in rng.choice(300, 3, replace=False)]
    pairs = [(LinkKind.FOLLOW, pair) for pair in follows] + [(LinkKind.TAG_USE, pair) for pair in tags]
    return [_link(n, kind, *ends) for n, (kind, ends) in enumerate(pairs)]


@cache
def town_frame() -> pl.DataFrame:
    """The same events as one bulk frame, which is quicker to journal."""
    return to_frame(town_events())


def _link(n: int, kind: LinkKind, entity: str, target: str) -> Event:
    return Event(
        source="town",
        source_id=f"l{n}",
        type=EventType.LINK,
        at=AT + timedelta(minutes=n),
        entity=str(entity),
        target=str(target),
        link=kind,
    )


def town_signals() -> tuple[Signal, ...]:
    """Known media on five members, reports on six members and six others."""
    found = [signal_on(entity, "media-hash", 1.0) for entity in MEMBERS[:5]]
    return (*found, *(signal_on(entity, "report", 0.3) for entity in (*MEMBERS[5:11], *OTHERS[500:506])))


def signal_on(entity: str, detector: str, strength: float, **evidence: str) -> Signal:
    return Signal(
        id=derived_id("town", detector, entity),
        entity=entity,
        detector=detector,
        version="1",
        strength=strength,
        at=AT,
        evidence=evidence,
    )

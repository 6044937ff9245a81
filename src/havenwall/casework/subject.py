"""From links, signals and actions to what is known of a group, a tag or a live stream. Pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import date, datetime, timedelta

import polars as pl

from havenwall.model import Action, ActionKind, ActionState, EventType, Risk, Signal
from havenwall.model.subject import GroupFacts, Sight, StreamFacts, Week

LIVE_DETECTOR = "live-match"
_WEEKS = 12


def group_facts(
    entity: str, ties: pl.DataFrame, risk: Risk | None, signals: Sequence[Signal], weeks: int = _WEEKS
) -> GroupFacts:
    """A group or a tag.

    Args:
        entity: its name.
        ties: link and unlink events to it, oldest first: entity, type, at.
        risk: its newest risk.
        signals: on it, newest first.
        weeks: how many of the last weeks with a change are kept.
    """
    inside: set[str] = set()
    joined, left = Counter[date](), Counter[date]()
    sizes: dict[date, int] = {}
    for account, kind, at in ties.select("entity", "type", "at").iter_rows():
        week, had = _monday(at), len(inside)
        (inside.discard if kind == EventType.UNLINK.value else inside.add)(account)
        joined[week] += len(inside) > had
        left[week] += len(inside) < had
        sizes[week] = len(inside)
    told = [
        Week(start=week, joined=joined[week], left=left[week], size=sizes[week]) for week in sorted(sizes)
    ]
    return GroupFacts(
        entity=entity, size=len(inside), weeks=tuple(told[-weeks:]), risk=risk, signals=tuple(signals)
    )


def stream_facts(entity: str, signals: Iterable[Signal], actions: Iterable[Action]) -> StreamFacts:
    """A live stream, from the signals and the actions (each state they have been in) on it."""
    seen = sorted((s for s in signals if s.detector == LIVE_DETECTOR), key=lambda s: s.at)
    sights = tuple(_sight(signal) for signal in seen)
    hidden = [
        action.at
        for action in actions
        if action.kind is ActionKind.SUPPRESS and action.state is not ActionState.REVERSED
    ]
    first, hidden_at = (seen[0].at if seen else None), min(hidden, default=None)
    waited = (hidden_at - first).total_seconds() if first and hidden_at else None
    return StreamFacts(
        entity=entity,
        sights=sights,
        audience=max((one.audience for one in sights if one.audience is not None), default=None),
        first_signal=first,
        hidden_at=hidden_at,
        # Who was hidden before anything was seen had no wait.
        seconds_to_hidden=None if waited is None else max(0.0, waited),
    )


def _sight(signal: Signal) -> Sight:
    told = signal.evidence
    return Sight(
        at=signal.at,
        risk=signal.strength,
        level=_number(told.get("level")) or 0,
        audience=_number(told.get("audience")),
        distance=_number(told.get("distance")),
        bank=told.get("bank", ""),
    )


def _number(text: str | None) -> int | None:
    # Evidence is text that a detector wrote; what is no number is not told.
    return int(text) if text and text.isdecimal() else None


def _monday(at: datetime) -> date:
    return at.date() - timedelta(days=at.weekday())

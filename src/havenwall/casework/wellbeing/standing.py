"""Exposures → where a person stands against the limits. Pure: the same input gives the same answer."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

import msgspec

from havenwall.casework.wellbeing.limits import ExposureLimits
from havenwall.model import Exposure, ExposureState

DAY = timedelta(hours=24)
"""Any 24 hours, not a date: so it holds for night shifts and in every time zone."""
_HOUR = timedelta(hours=1)
_Span = tuple[datetime, datetime]


def standing_of(exposures: Sequence[Exposure], limits: ExposureLimits, at: datetime) -> ExposureState:
    """Where somebody stands at a moment.

    Args:
        exposures: theirs of the last 24 hours or more, in any order; an open one lasts until `at`.
        limits: what they may see.
        at: the moment; nothing in `exposures` is later.
    """
    spans = sorted((one.at, one.ends(limits.item, at)) for one in exposures)
    day = [span for span in spans if span[1] > at - DAY]
    stretch = _since_break(day, limits.rest, at)
    hour = [span for span in stretch if span[1] > at - _HOUR]
    state = ExposureState(
        reveals_hour=len(hour),
        minutes_hour=_minutes(hour, at - _HOUR),
        reveals_day=len(day),
        minutes_day=_minutes(day, at - DAY),
        stretch_minutes=(at - stretch[0][0]) / timedelta(minutes=1) if stretch else 0.0,
    )
    return _judged(state, limits, day, at)


def _since_break(spans: Sequence[_Span], rest: timedelta, at: datetime) -> list[_Span]:
    """The last spans without a break among them, none if there has been one since."""
    found: list[_Span] = []
    after = at
    for start, end in reversed(spans):
        if after - end >= rest:
            break
        found.insert(0, (start, end))
        after = start
    return found


def _minutes(spans: Sequence[_Span], since: datetime) -> float:
    total = sum((end - max(start, since) for start, end in spans), timedelta())
    return total / timedelta(minutes=1)


def _judged(
    state: ExposureState, limits: ExposureLimits, day: Sequence[_Span], at: datetime
) -> ExposureState:
    used = {name: have / most for name, have, most in _compared(state, limits)}
    if used["day"] >= 1 or used["pictures of the day"] >= 1:
        until = _day_over(day, limits, at)
        return msgspec.structs.replace(state, refused="the day's limit is reached", until=until)
    if (most := max(used, key=used.__getitem__)) and used[most] >= 1:
        # A break is counted from the last picture.
        until = max(end for _, end in day) + limits.rest
        return msgspec.structs.replace(state, refused=_BREAK[most], until=until)
    warning = (
        f"{used[most]:.0%} of the limit for {_NAMES[most]} is used" if used[most] >= limits.warn_share else ""
    )
    return msgspec.structs.replace(state, warning=warning)


def _compared(state: ExposureState, limits: ExposureLimits) -> tuple[tuple[str, float, float], ...]:
    return (
        ("day", state.minutes_day, limits.day_hours * 60),
        ("pictures of the day", state.reveals_day, limits.day_reveals),
        ("hour", state.minutes_hour, limits.hour_minutes),
        ("pictures of the hour", state.reveals_hour, limits.hour_reveals),
        ("stretch", state.stretch_minutes, limits.break_after_minutes),
    )


_NAMES = {
    "day": "time in a day",
    "pictures of the day": "pictures in a day",
    "hour": "time in an hour",
    "pictures of the hour": "pictures in an hour",
    "stretch": "time without a break",
}
_BREAK = {
    "hour": "the hour's limit of time is reached: take a break",
    "pictures of the hour": "the hour's limit of pictures is reached: take a break",
    "stretch": "it is time for a break",
}


def _day_over(day: Sequence[_Span], limits: ExposureLimits, at: datetime) -> datetime:
    """When enough of the oldest has left the last 24 hours that something may be shown again."""
    most = timedelta(hours=limits.day_hours)
    left = sum((end - max(start, at - DAY) for start, end in day), timedelta())
    until = at
    for number, (start, end) in enumerate(day):
        if left < most and len(day) - number < limits.day_reveals:
            break
        left -= end - max(start, at - DAY)
        until = end + DAY
    return until

"""What managers are told: whole weeks of all people together, and nothing of fewer than five."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta

from havenwall.model import Exposure, ExposureWeek

FEWEST = 5
"""People behind every number that is told (k-anonymity, Sweeney 2002). Weeks are fixed, so that two requests
with slightly different spans cannot be subtracted from each other."""


def week_of(moment: datetime) -> datetime:
    """The Monday, 00:00, of a moment's week, in its own time zone."""
    day = moment.replace(hour=0, minute=0, second=0, microsecond=0)
    return day - timedelta(days=day.weekday())


def told_weeks(
    seen: Iterable[tuple[str, Exposure]], item: timedelta, at: datetime, fewest: int = FEWEST
) -> list[ExposureWeek]:
    """Weeks that are over, newest first.

    Args:
        seen: who saw what.
        item: what one picture counts at most.
        at: now; the week it lies in is not told, because it could be watched growing picture by picture.
        fewest: people behind a number.
    """
    weeks: dict[datetime, list[tuple[str, Exposure]]] = {}
    for person, exposure in seen:
        weeks.setdefault(week_of(exposure.at), []).append((person, exposure))
    over = (week for week in sorted(weeks, reverse=True) if week < week_of(at))
    return [_told(week, weeks[week], item, at, fewest) for week in over]


def _told(
    week: datetime, seen: list[tuple[str, Exposure]], item: timedelta, at: datetime, fewest: int
) -> ExposureWeek:
    people = len({person for person, _ in seen})
    if people < fewest:
        return ExposureWeek(week=week, people=None)
    seconds = sum((one.ends(item, at) - one.at).total_seconds() for _, one in seen)
    return ExposureWeek(
        week=week,
        people=people,
        reveals=len(seen),
        minutes=round(seconds / 60, 1),
        severity=_severities(seen, fewest),
    )


def _severities(seen: list[tuple[str, Exposure]], fewest: int) -> dict[str, int]:
    found: dict[str, list[str]] = {}
    for person, one in seen:
        found.setdefault(one.severity.value, []).append(person)
    if any(len(set(people)) < fewest for people in found.values()):
        # The total less the others would give what is left out.
        return {}
    return {name: len(people) for name, people in sorted(found.items())}

"""What managers are told: whole weeks of all people together, and nothing of fewer than five."""

from __future__ import annotations

from collections import Counter
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
    weeks: dict[datetime, _Sums] = {}
    for person, one in seen:
        weeks.setdefault(week_of(one.at), _Sums()).add(person, one, one.ends(item, at) - one.at)
    over = (week for week in sorted(weeks, reverse=True) if week < week_of(at))
    return [weeks[week].told(week, fewest) for week in over]


class _Sums:
    """What is added up of one week: how often each person saw each severity, and for how long in all."""

    def __init__(self) -> None:
        self._reveals: dict[str, Counter[str]] = {}
        self._length = timedelta(0)

    def add(self, person: str, one: Exposure, length: timedelta) -> None:
        self._reveals.setdefault(one.severity.value, Counter())[person] += 1
        self._length += length

    def told(self, week: datetime, fewest: int) -> ExposureWeek:
        people = len({person for each in self._reveals.values() for person in each})
        if people < fewest:
            return ExposureWeek(week=week, people=None)
        return ExposureWeek(
            week=week,
            people=people,
            reveals=sum(each.total() for each in self._reveals.values()),
            minutes=round(self._length.total_seconds() / 60, 1),
            severity=self._severities(fewest),
        )

    def _severities(self, fewest: int) -> dict[str, int]:
        if any(len(people) < fewest for people in self._reveals.values()):
            # The total less the others would give what is left out.
            return {}
        return {name: people.total() for name, people in sorted(self._reveals.items())}

"""What managers are told: whole weeks, all people together, nothing of fewer than five."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from havenwall.casework.wellbeing import FEWEST, told_weeks
from havenwall.model import Exposure, Severity

NOW = datetime(2026, 3, 18, 15, tzinfo=UTC)  # a Wednesday
LAST = datetime(2026, 3, 9, tzinfo=UTC)
ITEM = timedelta(minutes=5)


def saw(person: int, at: datetime, severity: Severity = Severity.GENERAL) -> tuple[str, Exposure]:
    left = at + timedelta(minutes=2)
    return f"user:p{person}", Exposure(
        id="x", case_id="c", exhibit_id="e", severity=severity, at=at, left_at=left
    )


def test_five_people_are_told_of_four_are_not() -> None:
    five = [saw(n, LAST + timedelta(hours=n)) for n in range(5)]
    four = [saw(n, LAST - timedelta(days=1, hours=n)) for n in range(4)] * 3
    told = told_weeks(five + four, ITEM, NOW)
    assert [(w.people, w.reveals, w.minutes) for w in told] == [(5, 5, 10.0), (None, None, None)]
    assert told[0].severity == {"general": 5}
    assert "p1" not in repr(told)


def test_the_week_that_runs_is_not_told() -> None:
    assert told_weeks([saw(n, NOW - timedelta(hours=1)) for n in range(9)], ITEM, NOW) == []


def test_a_severity_of_few_is_left_out_and_cannot_be_subtracted() -> None:
    seen = [saw(n, LAST) for n in range(8)] + [saw(1, LAST, Severity.KNOWN)]
    assert told_weeks(seen, ITEM, NOW)[0].severity == {}


@given(st.lists(st.tuples(st.integers(0, 7), st.integers(0, 500), st.sampled_from(Severity)), max_size=60))
def test_no_number_rests_on_fewer_than_five(seen: list[tuple[int, int, Severity]]) -> None:
    rows = [saw(person, LAST - timedelta(hours=hours), severity) for person, hours, severity in seen]
    for week in told_weeks(rows, ITEM, NOW):
        within = [(p, one) for p, one in rows if week.week <= one.at < week.week + timedelta(days=7)]
        enough = len({p for p, _ in within}) >= FEWEST
        assert (week.people is not None) == enough == (week.reveals is not None) == (week.minutes is not None)
        for name in week.severity:
            assert len({p for p, one in within if one.severity == name}) >= FEWEST

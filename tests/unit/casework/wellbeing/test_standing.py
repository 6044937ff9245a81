"""Limits of exposure: when one is warned, when nothing more is shown, and when it is again."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from havenwall.casework.wellbeing import ExposureLimits, check_limits, standing_of
from havenwall.errors import BadConfig
from havenwall.model import Exposure, Severity

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)
LIMITS = ExposureLimits()


def saw(minute: float, seconds: float | None = 30.0) -> Exposure:
    """A picture so many minutes before noon, seen so long; None while it is on the screen."""
    at = NOON - timedelta(minutes=minute)
    left = None if seconds is None else at + timedelta(seconds=seconds)
    return Exposure(
        id=f"x{minute}", case_id="c", exhibit_id="e", severity=Severity.GENERAL, at=at, left_at=left
    )


def limits(**changes: float) -> ExposureLimits:
    return msgspec.structs.replace(LIMITS, **changes)


def test_who_saw_nothing_may_see() -> None:
    state = standing_of([], LIMITS, NOON)
    assert (state.refused, state.warning, state.until, state.stretch_minutes) == ("", "", None, 0.0)


def test_time_is_counted_from_reveal_to_leave_and_capped() -> None:
    state = standing_of([saw(18, 60), saw(14, 3600), saw(1, None)], LIMITS, NOON)
    assert state.minutes_hour == pytest.approx(1 + 5 + 1)
    assert state.reveals_hour == state.reveals_day == 3


def test_an_hour_of_work_ends_in_a_break_however_little_was_seen() -> None:
    work = [saw(minute, 5) for minute in range(60, 0, -9)]
    before = standing_of(work, LIMITS, NOON - timedelta(minutes=1))
    assert before.refused == ""
    assert "without a break" in before.warning
    after = standing_of(work, LIMITS, NOON)
    assert after.refused == "it is time for a break"
    assert after.until == saw(6).at + timedelta(seconds=5, minutes=10)
    assert standing_of(work, LIMITS, after.until).refused == ""


def test_pauses_as_long_as_a_break_are_breaks() -> None:
    work = [saw(minute, 5) for minute in range(200, 0, -11)]
    state = standing_of(work, LIMITS, NOON)
    assert (state.refused, state.warning) == ("", "")
    assert state.stretch_minutes < 3


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({"hour_reveals": 3}, "the hour's limit of pictures is reached: take a break"),
        ({"hour_minutes": 1.5}, "the hour's limit of time is reached: take a break"),
        ({"day_reveals": 3}, "the day's limit is reached"),
        ({"day_hours": 1.5 / 60}, "the day's limit is reached"),
    ],
)
def test_each_limit_refuses(changes: dict[str, float], told: str) -> None:
    work = [saw(3), saw(2), saw(1)]
    assert standing_of(work, limits(**changes), NOON).refused == told
    assert standing_of(work[:2], limits(**changes), NOON).refused == ""


def test_a_day_is_any_24_hours_and_a_break_does_not_end_it() -> None:
    work = [saw(20 * 60, 300), saw(10 * 60, 300), saw(9 * 60, 300)]
    tight = limits(day_hours=15 / 60)
    state = standing_of(work, tight, NOON)
    assert state.refused == "the day's limit is reached"
    assert state.until == NOON + timedelta(hours=4, minutes=5)
    assert standing_of(work, tight, state.until).refused == ""


def test_limits_that_protect_nobody_are_refused() -> None:
    with pytest.raises(BadConfig, match="exposure_day_hours"):
        check_limits(limits(day_hours=25))
    assert check_limits(LIMITS) is LIMITS


@given(
    st.lists(st.tuples(st.floats(0, 1500), st.floats(0, 900)), max_size=40),
    st.integers(1, 30),
    st.floats(1, 60),
)
def test_whatever_was_seen_the_refusal_ends_when_it_says(
    seen: list[tuple[float, float]], reveals: int, minutes: float
) -> None:
    work = [saw(before, min(seconds, before * 60)) for before, seconds in seen]
    tight = limits(
        hour_reveals=reveals, day_reveals=2 * reveals, hour_minutes=minutes, day_hours=minutes / 30
    )
    state = standing_of(work, tight, NOON)
    assert 0 <= state.minutes_hour <= state.minutes_day + 1e-9
    assert bool(state.refused) == (state.until is not None)
    if state.until is not None:
        assert NOON <= state.until <= NOON + timedelta(hours=25)
        # Nothing is seen while it is refused; afterwards a break may be due, and no more than that.
        later = standing_of(work, tight, state.until)
        assert later.until is None or later.until <= state.until + tight.rest

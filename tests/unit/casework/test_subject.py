"""Groups, tags and streams: what is counted from links, signals and actions."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import polars as pl
from hypothesis import given
from hypothesis import strategies as st

from havenwall.casework.subject import group_facts, stream_facts
from havenwall.model import Action, ActionKind, ActionState, Signal

MONDAY = datetime(2026, 1, 5, tzinfo=UTC)


def ties(*rows: tuple[str, str, int]) -> pl.DataFrame:
    return pl.DataFrame(
        {
            "entity": [row[0] for row in rows],
            "type": [row[1] for row in rows],
            "at": [MONDAY + timedelta(days=row[2]) for row in rows],
        },
        schema={"entity": pl.String, "type": pl.String, "at": pl.Datetime("us", "UTC")},
    )


def match(second: int, **evidence: str) -> Signal:
    return Signal(
        id=f"s{second}",
        entity="live:x",
        detector="live-match",
        version="1",
        strength=0.5,
        at=MONDAY + timedelta(seconds=second),
        evidence=evidence,
    )


def action(second: int, state: ActionState = ActionState.CONFIRMED) -> Action:
    return Action(
        id=f"a{second}",
        kind=ActionKind.SUPPRESS,
        entity="live:x",
        decision_id="d",
        state=state,
        at=MONDAY + timedelta(seconds=second),
        by="policy:x",
        why="x",
    )


def test_growth_counts_each_account_once() -> None:
    rows = (("a", "link", 0), ("a", "link", 1), ("b", "link", 1), ("b", "unlink", 8), ("c", "link", 9))
    facts = group_facts("group:g", ties(*rows), None, ())
    assert facts.size == 2
    assert [(week.joined, week.left, week.size) for week in facts.weeks] == [(2, 0, 2), (1, 1, 2)]
    assert [week.start.isoformat() for week in facts.weeks] == ["2026-01-05", "2026-01-12"]


def test_a_group_nobody_joined() -> None:
    facts = group_facts("group:g", ties(), None, ())
    assert (facts.size, facts.weeks) == (0, ())


@given(
    st.lists(
        st.tuples(st.sampled_from("abcd"), st.sampled_from(["link", "unlink"]), st.integers(0, 60)),
        max_size=40,
    )
)
def test_what_came_less_what_left_is_what_is_there(rows: list[tuple[str, str, int]]) -> None:
    facts = group_facts("tag:t", ties(*sorted(rows, key=lambda row: row[2])), None, (), weeks=100)
    assert sum(week.joined - week.left for week in facts.weeks) == facts.size
    assert all(week.size >= 0 for week in facts.weeks)


def test_a_stream_by_its_matches_and_the_time_to_act() -> None:
    signals = [
        match(7, level="2", audience="900"),
        match(3, level="1", audience="40", distance="6", bank="own"),
    ]
    facts = stream_facts("live:x", signals, [action(9, ActionState.REVERSED), action(5), action(8)])
    assert [sight.level for sight in facts.sights] == [1, 2]
    assert (facts.sights[0].distance, facts.sights[0].bank, facts.sights[1].distance) == (6, "own", None)
    assert (facts.audience, facts.seconds_to_hidden) == (900, 2.0)


def test_a_stream_that_is_not_hidden_has_no_time() -> None:
    facts = stream_facts("live:x", [match(3, level="x", audience="")], [])
    assert (facts.hidden_at, facts.seconds_to_hidden, facts.audience, facts.sights[0].level) == (
        None,
        None,
        None,
        0,
    )


def test_hidden_before_anything_was_seen_is_no_wait() -> None:
    assert stream_facts("live:x", [match(3)], [action(1)]).seconds_to_hidden == 0.0

"""The priority is the sum of its parts, and each says why."""

from __future__ import annotations

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.unit.casework.cases import AT, case, proposed

from havenwall.casework.queues import explained, total
from havenwall.model import Case, CaseClass, CaseSource, CaseTopic

members = st.lists(
    st.builds(
        proposed,
        probability=st.floats(0, 1),
        added_at=st.datetimes().map(lambda at: at.replace(tzinfo=AT.tzinfo)),
    ),
    min_size=1,
    max_size=20,
)


@given(members, st.booleans(), st.sampled_from(list(CaseSource)), st.integers(0, 10**9))
def test_parts_stay_within_what_they_can_give(
    found: list, danger: bool, source: CaseSource, seen: int
) -> None:
    parts = explained(case(imminent=danger, source=source, audience=seen), found, AT)
    assert [part.name for part in parts] == [
        *("imminence", "severity", "audience", "velocity", "size", "source")
    ]
    assert all(0 <= part.points <= part.most and part.why.endswith(".") for part in parts)
    assert sum(part.most for part in parts) == 100
    assert 0 <= total(parts) <= 100


@pytest.mark.parametrize(
    ("more", "less"),
    [
        (case(imminent=True), case(topic=CaseTopic.LIVE)),
        (case(topic=CaseTopic.LIVE), case()),
        (case(), case(case_class=CaseClass.GENERAL)),
        (case(audience=10_000), case(audience=100)),
        (case(source=CaseSource.AUTHORITY), case(source=CaseSource.FLAGGER)),
        (case(source=CaseSource.REPORT), case()),
    ],
)
def test_what_is_more_pressing_comes_first(more: Case, less: Case) -> None:
    assert total(explained(more, [proposed()], AT)) > total(explained(less, [proposed()], AT))


def test_size_and_velocity_count_only_those_to_review() -> None:
    old = [proposed(f"account:{n}", added_at=AT - timedelta(days=2)) for n in range(9)]
    parts = {part.name: part for part in explained(case(), [*old, proposed()], AT)}
    assert parts["velocity"].why == "1 came in within a day."
    assert parts["size"].why == "10 to review."
    assert explained(case(), [], AT) == ()
    assert total(()) == 0

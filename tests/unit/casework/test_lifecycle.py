"""A case's state, priority and name follow from its members."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from havenwall.casework import MOVES, priority_of, state_of
from havenwall.model import CaseState, Member, MemberState, now

members = st.lists(
    st.builds(
        Member,
        case_id=st.just("c"),
        entity=st.text(min_size=1),
        state=st.sampled_from(list(MemberState)),
        probability=st.floats(0, 1),
        risk_id=st.none(),
        added_at=st.just(now()),
        decided_by=st.sampled_from([None, "platform", "user:mira"]),
        decided_at=st.none(),
    ),
    max_size=30,
)


@settings(max_examples=50, deadline=None)
@given(members)
def test_priority_and_state_agree(found: list[Member]) -> None:
    state, priority = state_of(found), priority_of(found)
    assert 0 <= priority <= 100
    assert (state is CaseState.DECIDED) == (not any(m.state is MemberState.PROPOSED for m in found))
    assert priority == 0 or state is not CaseState.DECIDED


@settings(max_examples=50, deadline=None)
@given(members, st.data())
def test_deciding_a_member_only_moves_a_case_along_allowed_ways(
    found: list[Member], data: st.DataObject
) -> None:
    proposed = [m for m in found if m.state is MemberState.PROPOSED]
    if not proposed:
        return
    chosen = data.draw(st.sampled_from(proposed))
    rest = [m for m in found if m is not chosen]
    decided = Member(
        case_id="c",
        entity=chosen.entity,
        state=MemberState.CONFIRMED,
        probability=1,
        risk_id=None,
        added_at=now(),
        decided_by="user:mira",
    )
    before, after = state_of(found), state_of([*rest, decided])
    assert before is after or after in MOVES[before]

"""A case's state and name follow from its members and the steps that persons took."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from havenwall.casework import MOVES, STEPS, Step, after, state_of
from havenwall.errors import Conflict
from havenwall.model import CaseState, Member, MemberState, now


def member(entity: str, state: MemberState, decided_by: str | None = None) -> Member:
    return Member(
        case_id="c",
        entity=entity,
        state=state,
        probability=0.5,
        risk_id=None,
        added_at=now(),
        decided_by=decided_by,
    )


members = st.lists(
    st.builds(
        member,
        st.text(min_size=1),
        st.sampled_from(list(MemberState)),
        st.sampled_from([None, "platform", "user:mira"]),
    ),
    max_size=30,
)


@settings(max_examples=50)
@given(members, st.data())
def test_deciding_a_member_only_moves_a_case_along_allowed_ways(
    found: list[Member], data: st.DataObject
) -> None:
    proposed = [m for m in found if m.state is MemberState.PROPOSED]
    if not proposed:
        assert state_of(found) is CaseState.DECIDED
        return
    chosen = data.draw(st.sampled_from(proposed))
    rest = [m for m in found if m is not chosen]
    before, decided = state_of(found), [*rest, member(chosen.entity, MemberState.CONFIRMED, "user:mira")]
    assert after(before, Step.MEMBERS, decided) in {before, *MOVES[before]}


@pytest.mark.parametrize("step", Step)
@pytest.mark.parametrize("state", CaseState)
def test_a_step_is_possible_where_the_table_says_so(state: CaseState, step: Step) -> None:
    if state not in STEPS[step]:
        with pytest.raises(Conflict, match=step.value):
            after(state, step, [])
    elif step in (Step.CLOSE, Step.NO_RULE, Step.MERGE):
        assert after(state, step, []) is CaseState.CLOSED


class Life(RuleBasedStateMachine):
    """Any order of steps and of members that come, go and are decided on."""

    def __init__(self) -> None:
        super().__init__()
        self.state = CaseState.OPEN
        self.members = {"account:first": member("account:first", MemberState.PROPOSED)}
        self.was = self.state

    def step(self, step: Step) -> None:
        self.was = self.state
        if self.state in STEPS[step]:
            self.state = after(self.state, step, self.members.values())
        else:
            with pytest.raises(Conflict):
                after(self.state, step, self.members.values())

    @rule(name=st.sampled_from("abc"))
    def grow(self, name: str) -> None:
        if self.state is not CaseState.CLOSED:
            self.members[name] = member(name, MemberState.PROPOSED)
        self.step(Step.MEMBERS)

    @precondition(lambda self: self.state is not CaseState.CLOSED)
    @rule(data=st.data(), state=st.sampled_from([MemberState.CONFIRMED, MemberState.CLEARED]))
    def decide(self, data: st.DataObject, state: MemberState) -> None:
        name = data.draw(st.sampled_from(sorted(self.members)))
        self.members[name] = member(name, state, "user:mira")
        self.step(Step.MEMBERS)

    @precondition(lambda self: self.state is not CaseState.CLOSED and len(self.members) > 1)
    @rule(data=st.data())
    def split(self, data: st.DataObject) -> None:
        del self.members[data.draw(st.sampled_from(sorted(self.members)))]
        self.step(Step.MEMBERS)

    @rule(step=st.sampled_from([Step.CLOSE, Step.NO_RULE, Step.MERGE, Step.REOPEN]))
    def take(self, step: Step) -> None:
        self.step(step)

    @invariant()
    def moves_are_allowed(self) -> None:
        assert self.state is self.was or self.state in MOVES[self.was]

    @invariant()
    def what_is_left_is_seen(self) -> None:
        left = any(m.state is MemberState.PROPOSED for m in self.members.values())
        assert self.state is CaseState.CLOSED or left == (self.state is not CaseState.DECIDED)


Life.TestCase.settings = settings(max_examples=50, stateful_step_count=20)
TestLife = Life.TestCase

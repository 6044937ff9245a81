"""Which queues are acceptable, and what their rules take."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.unit.casework.cases import case

from havenwall.casework.queues import check_queue
from havenwall.errors import BadInput
from havenwall.model import CaseClass, CaseSource, CaseTopic, Queue, QueueRule, route

CHILD = CaseClass.CHILD_SAFETY


def queue(name: str = "some", **fields: object) -> Queue:
    return Queue(name=name, case_class=CHILD, **fields)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        (queue("Not so"), "name"),
        (queue("general"), "name"),
        (queue("child-safety", rule=QueueRule(min_members=2)), "rule"),
        (queue(hours=0), "hours"),
        (queue(policy="x" * 20_001), "policy"),
        (queue(rule=QueueRule(min_priority=101)), "rule.min_priority"),
        (queue(rule=QueueRule(min_members=-1)), "rule.min_members"),
        (queue(rule=QueueRule(kinds=("planet",))), "rule.kinds"),
    ],
)
def test_a_wrong_setting_is_named(wrong: Queue, field: str) -> None:
    with pytest.raises(BadInput) as problem:
        check_queue(wrong)
    assert problem.value.field == field


def test_right_settings_pass() -> None:
    for right in (queue(hours=2.5), queue("child-safety", policy="read twice")):
        assert check_queue(right) is right


@pytest.mark.parametrize(
    ("rule", "takes", "leaves"),
    [
        (QueueRule(topics=(CaseTopic.LIVE,)), {"topic": CaseTopic.LIVE}, {}),
        (QueueRule(sources=(CaseSource.FLAGGER,)), {"source": CaseSource.FLAGGER}, {}),
        (QueueRule(languages=("de",)), {"language": "DE-ch"}, {"language": "den"}),
        (QueueRule(kinds=("live",)), {"kinds": ("account", "live")}, {"kinds": ("account",)}),
        (QueueRule(min_priority=50), {"priority": 50.0}, {"priority": 49.9}),
        (QueueRule(min_members=10), {"members": 10}, {"members": 9}),
        (QueueRule(imminent=True), {"imminent": True}, {}),
    ],
)
def test_each_field_of_a_rule_narrows(rule: QueueRule, takes: dict, leaves: dict) -> None:
    assert rule.takes(case(**takes))
    assert not rule.takes(case(**leaves))


queues = st.lists(
    st.builds(
        Queue,
        name=st.sampled_from("abcdef"),
        case_class=st.sampled_from(list(CaseClass)),
        position=st.integers(0, 3),
        rule=st.builds(QueueRule, min_priority=st.sampled_from([0.0, 50.0, 100.0])),
    )
)


@given(queues, st.sampled_from(list(CaseClass)), st.floats(0, 100))
def test_every_case_has_a_queue_of_its_class(found: list[Queue], of: CaseClass, priority: float) -> None:
    there = {q.name: q for q in found if q.case_class is of}
    name = route(found, case(case_class=of, priority=priority))
    assert name in {*there, "child-safety" if of is CHILD else "general"}

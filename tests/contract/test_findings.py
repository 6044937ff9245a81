"""Findings are kept once each and listed by when their audit ended, on both databases."""

from datetime import UTC, datetime, timedelta

import msgspec
import pytest

from havenwall.errors import Conflict, NotFound
from havenwall.store.findings import FindingHead

AT = datetime(2026, 3, 1, 12, tzinfo=UTC)


def head(number, **changes):
    plain = FindingHead(
        id=f"F{number}",
        at=AT + timedelta(hours=number),
        name="nightly",
        plan_hash="a" * 64,
        outcome="pass",
        summary=b"{}",
    )
    return msgspec.structs.replace(plain, **changes)


def test_the_same_finding_sent_twice_is_one(any_store):
    assert any_store.findings.add(head(1), b'{"a": 1}')
    assert not any_store.findings.add(head(1), b'{"a": 1}')
    assert any_store.findings.count() == 1
    assert any_store.findings.body("F1") == b'{"a": 1}'


def test_another_finding_under_a_known_id_is_refused_and_changes_nothing(any_store):
    any_store.findings.add(head(1), b"{}")
    with pytest.raises(Conflict, match="another finding F1"):
        any_store.findings.add(head(1), b'{"a": 2}')
    assert any_store.findings.body("F1") == b"{}"


def test_the_newest_audit_comes_first_whenever_it_was_sent(any_store):
    for number in (3, 1, 2):
        any_store.findings.add(head(number), b"{}")
    assert [each.id for each in any_store.findings.newest(10)] == ["F3", "F2", "F1"]
    assert [each.id for each in any_store.findings.newest(1, 1)] == ["F2"]
    assert any_store.findings.newest(1)[0] == head(3)


def test_lists_are_narrowed_by_plan_and_outcome(any_store):
    any_store.findings.add(head(1), b"{}")
    any_store.findings.add(head(2, outcome="fail"), b"{}")
    any_store.findings.add(head(3, name="other"), b"{}")
    assert [each.id for each in any_store.findings.newest(10, name="nightly")] == ["F2", "F1"]
    assert [each.id for each in any_store.findings.newest(10, name="nightly", outcome="fail")] == ["F2"]
    assert any_store.findings.count(name="other") == 1
    assert any_store.findings.count(outcome="inconclusive") == 0


def test_no_such_finding(any_store):
    with pytest.raises(NotFound, match="no finding F9"):
        any_store.findings.body("F9")

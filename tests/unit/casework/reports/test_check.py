"""What can be reported, and what the sender is told otherwise."""

from __future__ import annotations

from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from havenwall.casework.reports import check_report
from havenwall.errors import BadInput
from havenwall.model import ReportDraft, ReportReason


def draft(**fields: Any) -> ReportDraft:
    return msgspec.convert({"source_id": "1", "subject": "account:a", "reason": "spam"} | fields, ReportDraft)


def test_words_alone_are_enough() -> None:
    told = draft(text="  This group\x00 is about bluewhistle.\n", reason="child_group", subject="group:g")
    assert check_report(told).text == "This group is about bluewhistle."


@pytest.mark.parametrize("kind", ["account", "post", "media", "group", "tag", "live"])
def test_each_kind_can_be_reported(kind: str) -> None:
    assert check_report(draft(subject=f" {kind}:1:2 ")).subject == f"{kind}:1:2"


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("source_id", " "),
        ("source_id", "x" * 201),
        ("subject", "account"),
        ("subject", "account:"),
        ("subject", "domain:example.org"),
        ("subject", "account:" + "x" * 300),
        ("text", "x" * 10_001),
        ("language", "english please"),
        ("links", ["javascript:alert(1)"]),
        ("links", ["https://[bad"]),
        ("links", ["https://example.org"] * 21),
        ("reporter", "mira"),
        ("contact", "x" * 301),
    ],
)
def test_the_field_at_fault_is_named(field: str, value: Any) -> None:
    with pytest.raises(BadInput) as refused:
        check_report(draft(**{field: value}))
    assert refused.value.field == field


@given(st.text(max_size=300), st.text(max_size=300), st.lists(st.text(max_size=40), max_size=3))
def test_nothing_that_is_sent_breaks_it(subject: str, text: str, links: list[str]) -> None:
    try:
        kept = check_report(draft(subject=subject, text=text, links=links))
    except BadInput:
        return
    assert check_report(kept) == kept


def test_reasons_about_children_are_told_by_their_name() -> None:
    safety = {reason for reason in ReportReason if reason.case_class == "child_safety"}
    assert safety == {reason for reason in ReportReason if reason.value.startswith("child_")}
    assert len(safety) == 6

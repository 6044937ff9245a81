"""A report is weak evidence, and what the reporter wrote stays where it is."""

import pytest

from havenwall.detect import Reports


def test_evidence_holds_length_reason_and_whether_the_reporter_is_known(frame):
    events = frame(
        {
            "type": "report",
            "target": "account:r",
            "text": "please look",
            "attributes": {"reason": "safety", "x": "please"},
        }
    )
    (found,) = Reports().detect(events)
    assert found.strength == pytest.approx(0.3)
    assert found.evidence == {"reporter": "known", "length": "11", "reason": "safety"}


def test_who_reported_may_be_sealed_and_yet_known(frame):
    (found,) = Reports().detect(frame({"type": "report", "attributes": {"reporter": "known"}}))
    assert found.evidence["reporter"] == "known"


def test_a_bare_report_counts_too(frame):
    (found,) = Reports().detect(frame({"type": "report", "entity": "post:p"}))
    assert found.entity == "post:p"
    assert found.evidence == {"reporter": "unknown", "length": "0"}


def test_a_long_reason_is_cut(frame):
    (found,) = Reports().detect(frame({"type": "report", "attributes": {"reason": "r" * 500}}))
    assert len(found.evidence["reason"]) == 64

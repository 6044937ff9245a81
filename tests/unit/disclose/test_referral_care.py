"""A referral says that there may be minors or victims, and does not name them as suspects."""

from __future__ import annotations

import msgspec
from tests.unit.web_console.made import case, member

from havenwall.disclose import draft_referral
from havenwall.model import MemberState


def test_those_who_get_care_are_flagged_and_no_subjects() -> None:
    found = msgspec.structs.replace(member("account:a", MemberState.CONFIRMED), decided_by="user:mira")
    referral = draft_referral(case(care=1), [found, member("account:b", MemberState.CARE)], [])
    assert referral.subjects == ("account:a",)
    assert "1 more accounts may be a minor's or a victim's" in referral.narrative
    assert "minor" not in draft_referral(case(), [found], []).narrative

"""A removal in a real browser: previewed, proposed, approved by somebody else, told to a real receiver."""

from __future__ import annotations

import re

import pytest
from tests.browser.test_every_page import faults, overflow
from tests.receiving import receiving

from havenwall.model import SYSTEM, ActionKind, MemberState, Role

pytestmark = pytest.mark.browser


def decide(page, house, entity, step):
    page.goto(f"{house.url}/cases/{house.case().id}/members/{entity}")
    page.locator("details.steps summary").click()
    page.get_by_role("radio", name=re.compile(f"^{step}")).check()
    page.get_by_label("Reason", exact=True).fill("seen with another")


def test_removal_takes_two_persons_and_reaches_the_platform(house, visit):
    entity = house.members(MemberState.PROPOSED, 1)[0]
    with receiving() as receiver:
        _, receiver.secret = house.app.deliveries.add(SYSTEM, "platform", receiver.url, [ActionKind.REMOVE])
        first, second = visit(), visit(viewport={"width": 390, "height": 844})
        decide(first.page, house, entity, "Restrict")
        first.page.get_by_role("button", name="Preview whom it touches").click()
        assert first.page.get_by_role("heading", name="Whom this decision would touch").is_visible()
        assert faults(first.page) == []
        first.page.get_by_role("button", name="Record the decision").click()
        first.page.wait_for_url("**/members/**")
        house.app.refer(SYSTEM, house.case().id)
        decide(first.page, house, entity, "Remove")
        first.page.get_by_role("button", name="Record the decision").click()
        first.page.wait_for_url("**/approvals?done=*")
        assert first.page.get_by_role("radio", name="Approve").count() == 0
        second.page.goto(house.url + "/approvals")
        assert faults(second.page) + overflow(second.page) == []
        second.page.get_by_role("radio", name="Approve").check()
        second.page.get_by_label("Reason").fill("I agree")
        second.page.get_by_role("button", name="Settle it").click()
        second.page.wait_for_url("**/approvals?done=*")
        for _ in range(200):
            if receiver.carried_out:
                break
            second.page.wait_for_timeout(50)
        admin = visit(Role.ADMINISTRATOR, viewport={"width": 390, "height": 844})
        admin.page.goto(house.url + "/deliveries")
        assert faults(admin.page) + overflow(admin.page) == []
        house.app.deliveries.change(SYSTEM, "platform", on=False)
    (notice,) = receiver.carried_out
    assert (notice["entity"], notice["kind"], notice["state"]) == (entity, "remove", "planned")
    assert first.complaints == second.complaints == []

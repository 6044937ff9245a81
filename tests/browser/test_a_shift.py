"""A whole shift in a real browser: reported, routed, taken, decided by two, told, appealed, taken back."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import httpx
import pytest
from playwright.sync_api import Page, expect
from tests.browser.conftest import House, Visit
from tests.browser.test_every_page import faults, overflow
from tests.browser.test_report import SMALL
from tests.browser.test_review import verdict
from tests.receiving import Receiver, receiving
from tests.unit.web.serving import key

from havenwall.guard import Outcome
from havenwall.model import SYSTEM, ActionKind, Right, Role

pytestmark = [pytest.mark.browser, pytest.mark.slow]
WHO, QUEUE = "account:harbour-shop", "reported-accounts"


def test_from_the_public_form_to_the_reversal(
    house: House, visit: Callable[..., Visit], browser: Any
) -> None:
    set_up_queue(visit(Role.ADMINISTRATOR).page, house)
    stranger = browser.new_context(viewport=SMALL).new_page()
    first, second, third = visit(), visit(viewport=SMALL), visit()
    with receiving() as receiver:
        kinds = [ActionKind.RESTRICT, ActionKind.REMOVE]
        _, receiver.secret = house.app.deliveries.add(SYSTEM, "shift", receiver.url, kinds)
        report(stranger, house)
        take_the_next(first.page, house)
        restrict(first.page)
        propose_removal(first.page, house)
        approve(second.page, house)
        notice = wait_for(second.page, receiver, "remove", "planned")
        assert verdict(house, WHO) is Outcome.DROP
        appeal(stranger, house, notice["action_id"])
        uphold(third.page, house, first.page)
        for kind in ("restrict", "remove"):
            wait_for(third.page, receiver, kind, "reversed")
        house.app.deliveries.change(SYSTEM, "shift", on=False)
        assert receiver.bad_signatures == 0
    assert verdict(house, WHO) is Outcome.ALLOW
    stranger.get_by_role("button", name="Show why, and appeal").click()
    expect(stranger.get_by_role("status")).to_contain_text("Another account was meant")
    expect(stranger.get_by_text("The reporter meant another shop.")).to_have_count(0)
    assert faults(stranger) + overflow(stranger) == []
    stranger.context.close()
    assert first.complaints + second.complaints + third.complaints == []


def set_up_queue(page: Page, house: House) -> None:
    page.goto(house.url + "/queues")
    page.get_by_label("Name", exact=True).fill(QUEUE)
    page.get_by_label("Class").select_option("child_safety")
    page.get_by_label("Position").fill("10")
    page.get_by_role("group", name="Topics").get_by_role("checkbox", name="Report").check()
    page.get_by_role("group", name="Kinds").get_by_role("checkbox", name="Account").check()
    page.get_by_role("button", name="Keep the queue").click()
    expect(page.get_by_text("The queues are changed.")).to_be_visible()


def report(page: Page, house: House) -> None:
    page.goto(house.url + "/report")
    page.locator("input[name=reason][value=child_trade]").check()
    page.get_by_label("What do you report?").select_option("account")
    page.get_by_label("Which one?").fill(WHO.partition(":")[2])
    page.get_by_label("What did you see?").fill("They sell bluewhistle.")
    page.get_by_role("button", name="Send the report").click()
    expect(page.get_by_text("We have your report")).to_be_visible()


def take_the_next(page: Page, house: House) -> None:
    """The lease and its countdown, which runs."""
    take = page.get_by_role("button", name=f"Take next of {QUEUE}")
    for _ in range(200):
        page.goto(house.url + "/queues")
        if take.is_enabled():
            break
        page.wait_for_timeout(100)
    take.click()
    page.wait_for_url("**/cases/*")
    expect(page.get_by_role("heading", level=1)).to_contain_text(WHO)
    left = page.locator("[data-left]")
    expect(left).to_be_visible()
    shown = left.text_content()
    expect(left).not_to_have_text(shown or "")
    assert faults(page) + overflow(page) == []


def restrict(page: Page) -> None:
    page.get_by_label(f"Select {WHO}").check()
    step(page, "Restrict")
    expect(page.locator(".notice.good")).to_be_visible()


def propose_removal(page: Page, house: House) -> None:
    page.get_by_role("button", name="Draft a referral").click()
    expect(page.get_by_text("Referral to ncmec-cybertipline")).to_be_visible()
    case = page.url.partition("/cases/")[2].partition("?")[0].partition("#")[0]
    page.goto(f"{house.url}/cases/{case}/members/{WHO}")
    step(page, "Remove")
    page.wait_for_url("**/approvals?done=*")
    assert page.get_by_role("radio", name="Approve").count() == 0


def step(page: Page, name: str) -> None:
    form = page.locator("#decide")
    form.locator("details.steps summary").click()
    form.get_by_role("radio", name=re.compile(f"^{name}")).check()
    form.get_by_label("Reason", exact=True).fill("Posts checked.")
    form.get_by_role("button", name="Record the decision").click()


def approve(page: Page, house: House) -> None:
    page.goto(house.url + "/approvals")
    card = page.locator("section.card", has_text=WHO)
    card.get_by_role("radio", name="Approve").check()
    card.get_by_label("Reason").fill("I agree.")
    card.get_by_role("button", name="Settle it").click()
    page.wait_for_url("**/approvals?done=*")


def appeal(page: Page, house: House, action: str) -> None:
    """The platform hands the statement over, and the person restricted appeals on the public page."""
    headers = key(house.app, Right.READ_ACTIONS)
    told = httpx.get(f"{house.url}/v1/actions/{action}/statement", headers=headers).json()
    page.goto(house.url + "/appeal")
    page.get_by_label("Reference").fill(told["reference"])
    page.get_by_label("Your secret code").fill(told["code"])
    page.get_by_role("button", name="Show why, and appeal").click()
    expect(page.get_by_role("heading", name=told["title"])).to_be_visible()
    assert faults(page) + overflow(page) == []
    page.get_by_label("Why is it wrong?").fill("That is my shop.")
    page.get_by_role("button", name="Send the appeal").click()
    expect(page.get_by_text("We have your appeal.")).to_be_visible()
    page.goto(house.url + "/appeal")
    page.get_by_label("Reference").fill(told["reference"])
    page.get_by_label("Your secret code").fill(told["code"])


def uphold(page: Page, house: House, partner: Page) -> None:
    for each in (partner, page):
        each.goto(house.url + "/appeals")
        each.locator("tr", has_text=WHO).get_by_role("link").first.click()
    expect(partner.get_by_text("You decided or approved something about this before.")).to_be_visible()
    assert partner.get_by_role("button", name="Decide").count() == 0
    page.get_by_role("radio", name="Another account was meant").check()
    page.get_by_label("Reason, for the history").fill("The reporter meant another shop.")
    page.get_by_role("button", name="Decide").click()
    expect(page.get_by_role("heading", name="Answer")).to_be_visible()
    assert faults(page) + overflow(page) == []


def wait_for(page: Page, receiver: Receiver, kind: str, state: str) -> dict[str, Any]:
    for _ in range(400):
        for notice in list(receiver.carried_out):
            if (notice["entity"], notice["kind"], notice["state"]) == (WHO, kind, state):
                return notice
        page.wait_for_timeout(50)
    raise AssertionError(f"the platform was never told: {kind} {state}")

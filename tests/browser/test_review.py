"""A reviewer's work in a real browser: by keyboard, and without script."""

import re

import pytest
from playwright.sync_api import expect

from havenwall.guard import Outcome, Surface
from havenwall.model import SYSTEM, MemberState, Role

pytestmark = pytest.mark.browser


def waiting(house, count=3):
    return house.case(), house.members(MemberState.PROPOSED, count)


def member(house, case, entity):
    return house.app.store.cases(SYSTEM).member(case.id, entity)


def verdict(house, entity):
    house.app.guard.refresh()
    return house.app.guard.check(entity, Surface.RECOMMENDED_ACCOUNTS).outcome


def test_the_code_moves_from_the_link_into_the_form_and_out_of_the_address(house, browser):
    context = browser.new_context()
    page = context.new_page()
    page.goto(house.link("newcomer", Role.ANALYST))
    expect(page.get_by_label("One-time code")).to_have_value(re.compile("^hw_link_.{20,}"))
    assert "#" not in page.url
    expect(page.get_by_role("button", name="Sign in")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Overview", level=1)).to_be_visible()
    page.get_by_role("button", name="Sign out").click()
    expect(page.get_by_role("heading", name="Sign in")).to_be_visible()
    page.goto(house.url + "/cases")
    expect(page).to_have_url(house.url + "/sign-in")
    context.close()


def test_a_network_is_reviewed_by_keyboard_alone(house, visit):
    case, (first, second, third) = waiting(house)
    page = visit().page
    page.goto(f"{house.url}/cases/{case.id}")
    for key in ("j", "x", "j", "k", "j", "x", "c"):
        page.keyboard.press(key)
    expect(page.get_by_text("2 selected")).to_be_visible()
    expect(page.get_by_role("textbox", name="Reason")).to_be_focused()
    page.keyboard.type("Both trade in the open; posts checked, e.g. j and x.")
    page.keyboard.press("Enter")
    expect(page.locator(".notice.good")).to_contain_text("2 accounts confirmed.")
    expect(page.locator(".notice.good")).to_contain_text("2 of 2 are kept out of recommendations now")
    assert {member(house, case, entity).state for entity in (first, second)} == {MemberState.CONFIRMED}
    assert member(house, case, third).state is MemberState.PROPOSED

    assert verdict(house, third) is Outcome.DROP
    page.wait_for_load_state()  # Keys work once the script has run.
    page.keyboard.press("j")
    page.keyboard.press("r")
    page.keyboard.type("A journalist.")
    page.keyboard.press("Enter")
    expect(page.locator(".notice.good")).to_contain_text("1 account cleared.")
    expect(page.locator(".notice.good")).to_contain_text("1 of 1 may be recommended again")
    assert member(house, case, third).state is MemberState.CLEARED
    assert verdict(house, third) is Outcome.ALLOW
    assert verdict(house, first) is Outcome.DROP


def test_the_other_keys_do_what_the_help_says(house, visit):
    case, (first, *_) = waiting(house)
    page = visit().page
    page.goto(f"{house.url}/cases/{case.id}")
    page.keyboard.press("?")
    expect(page.get_by_role("dialog", name="Keyboard shortcuts")).to_be_visible()
    page.keyboard.press("Escape")
    page.keyboard.press("f")
    expect(page.get_by_label("Find an account")).to_be_focused()
    page.keyboard.type(first.rpartition(":")[2])
    page.keyboard.press("Enter")
    page.wait_for_url("**q=**")
    page.keyboard.press("j")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name=first, level=1)).to_be_visible()
    page.wait_for_load_state()  # Keys work once the script has run.
    page.keyboard.press("j")
    page.wait_for_url(lambda url: not url.endswith(first))
    page.wait_for_load_state()
    page.keyboard.press("k")
    expect(page.get_by_role("heading", name=first, level=1)).to_be_visible()
    assert member(house, case, first).state is MemberState.PROPOSED


def test_the_same_work_is_done_without_script(house, visit):
    case, (first, *_) = waiting(house)
    page = visit(java_script_enabled=False).page
    page.get_by_role("link", name="Cases", exact=True).click()
    page.get_by_role("link", name=case.title).click()
    page.get_by_label(f"Select {first}").check()
    page.get_by_role("radio", name="Clear").check()
    page.get_by_role("textbox", name="Reason").fill("A relative of a victim.")
    page.get_by_role("button", name="Record the decision").click()
    expect(page.locator(".notice.good")).to_contain_text("1 account cleared.")
    assert member(house, case, first).state is MemberState.CLEARED
    assert verdict(house, first) is Outcome.ALLOW

    page.get_by_label("Filter by state").get_by_role("link", name="Cleared").click()
    page.get_by_role("link", name=first, exact=True).click()
    page.get_by_role("radio", name="Confirm").check()
    page.get_by_role("textbox", name="Reason").fill("New evidence: it trades after all.")
    page.get_by_role("button", name="Record the decision").click()
    expect(page.locator(".notice.good")).to_contain_text("1 account confirmed.")
    assert verdict(house, first) is Outcome.DROP


def test_two_reviewers_do_not_overwrite_each_other(house, visit):
    case, (first, second, _) = waiting(house)
    slow, quick = visit().page, visit().page
    for page, entity in ((slow, first), (quick, second)):
        page.goto(f"{house.url}/cases/{case.id}/members/{entity}")
        page.get_by_role("radio", name="Confirm").check()
        page.get_by_role("textbox", name="Reason").fill("Posts checked.")
    quick.get_by_role("button", name="Record the decision").click()
    expect(quick.locator(".notice.good")).to_contain_text("1 account confirmed.")
    slow.get_by_role("button", name="Record the decision").click()
    expect(slow.get_by_role("heading", level=1)).to_have_text("The case changed while you decided")
    assert member(house, case, first).state is MemberState.PROPOSED
    expect(slow.get_by_role("textbox", name="Reason")).to_have_value("Posts checked.")
    slow.get_by_role("button", name="Record the decision").click()
    expect(slow.locator(".notice.good")).to_contain_text("1 account confirmed.")
    assert member(house, case, first).state is MemberState.CONFIRMED


def test_the_drawing_leads_to_an_account_and_shows_its_ties(house, visit):
    case, _ = waiting(house)
    page = visit().page
    page.goto(f"{house.url}/cases/{case.id}")
    node = page.locator(".network a").last
    node.hover()
    expect(page.locator(".tie.lit")).to_have_count(1)
    entity = node.get_attribute("href").rpartition("/")[2]
    node.click()
    expect(page.get_by_role("heading", name=entity, level=1)).to_be_visible()

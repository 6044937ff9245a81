"""Palette, help and keys in a real browser, and what each person sets for themselves."""

import re

import pytest
from playwright.sync_api import expect

from havenwall.model import SYSTEM, MemberState, Role

pytestmark = pytest.mark.browser


def ready(page, url):
    page.goto(url)
    page.wait_for_load_state("networkidle")  # Keys work once the script has run.


@pytest.mark.parametrize("key", ["Control+k", "/"])
def test_the_palette_goes_to_pages_and_gives_the_focus_back(house, visit, key):
    guest = visit()
    page = guest.page
    ready(page, house.url + "/cases")
    link = page.get_by_role("link", name=house.case().title)
    link.focus()
    page.keyboard.press(key)
    box = page.get_by_role("combobox", name="A page, a case")
    expect(box).to_be_focused()
    page.keyboard.press("Escape")
    expect(link).to_be_focused()
    page.keyboard.press(key)
    page.keyboard.type("figur")
    expect(page.locator("#palette").get_by_role("option")).to_have_count(1)
    expect(box).to_have_attribute("aria-activedescendant", "palette-0")
    page.keyboard.press("Enter")
    page.wait_for_url("**/figures")
    assert guest.complaints == []


def test_the_palette_finds_a_case_by_id_and_by_member_but_not_for_everybody(house, visit):
    case, (first, *_) = house.case(), house.members(MemberState.PROPOSED, 1)
    page = visit().page
    for text in (case.id, first, case.title):
        ready(page, house.url + "/figures")
        page.keyboard.press("Control+k")
        page.keyboard.type(text)
        page.locator("#palette").get_by_role("option", name=re.compile(case.id)).click()
        page.wait_for_url(f"**/cases/{case.id}")
    stranger = visit(Role.AUDITOR).page
    ready(stranger, house.url + "/figures")
    stranger.keyboard.press("Control+k")
    stranger.keyboard.type(case.id)
    expect(stranger.get_by_text("Nothing found.")).to_be_visible()
    general = visit(Role.REVIEWER).page
    ready(general, house.url + "/figures")
    general.keyboard.press("Control+k")
    with general.expect_response("**/v1/cases?**") as answer:
        general.keyboard.type(case.id)
    assert answer.value.json()["items"] == []


def test_what_can_be_done_here_is_in_the_palette(house, visit):
    page = visit().page
    ready(page, f"{house.url}/cases/{house.case().id}")
    page.keyboard.press("Control+k")
    page.keyboard.type("record the dec")
    page.keyboard.press("Enter")
    expect(page.get_by_role("button", name="Record the decision")).to_be_focused()


def test_what_is_pressed_before_the_palette_has_loaded_counts(house, visit):
    page, held = visit().page, []
    ready(page, f"{house.url}/cases/{house.case().id}")
    page.route(re.compile("palette"), lambda route: held.append(route))
    page.keyboard.press("Control+k")
    page.keyboard.type("record the dec")
    page.keyboard.press("Enter")
    while not held:
        page.wait_for_timeout(20)
    held[0].continue_()
    expect(page.get_by_role("button", name="Record the decision")).to_be_focused()


def test_the_case_list_is_walked_by_keys(house, visit):
    page = visit().page
    ready(page, house.url + "/cases")
    for key in ("j", "j", "k"):
        page.keyboard.press(key)
    expect(page.locator("tr.active")).to_have_count(1)
    page.keyboard.press("o")
    page.wait_for_url(re.compile("/cases/[^/?]+$"))


def test_keys_are_set_by_each_person_and_two_of_one_are_refused(house, visit):
    guest = visit()
    page = guest.page
    ready(page, house.url + "/account/console")
    page.get_by_label("Open what the row is about").fill("j")
    page.get_by_role("button", name="Keep", exact=True).click()
    expect(page.get_by_role("alert")).to_contain_text("The key j is used twice")
    expect(page.get_by_label("Open what the row is about")).to_have_attribute("aria-invalid", "true")
    page.get_by_label("Open what the row is about").fill("z")
    page.get_by_label("Colours").select_option("dark")
    page.get_by_role("button", name="Keep", exact=True).click()
    expect(page.get_by_text("Kept.")).to_be_visible()
    expect(page.locator("html")).to_have_attribute("data-theme", "dark")
    expect(page.locator("body")).to_have_css("background-color", "rgb(15, 22, 28)")
    ready(page, house.url + "/cases")
    page.keyboard.press("?")
    expect(page.get_by_role("dialog", name="Keyboard shortcuts")).to_contain_text("z")
    page.keyboard.press("Escape")
    page.keyboard.press("j")
    page.keyboard.press("o")
    assert page.url.endswith("/cases")
    page.keyboard.press("z")
    page.wait_for_url(re.compile("/cases/[^/?]+$"))


def test_single_keys_can_be_off_and_never_act_while_typing(house, visit):
    page = visit().page
    ready(page, f"{house.url}/cases/{house.case().id}")
    field = page.get_by_label("Find an account")
    field.fill("")
    field.press_sequentially("jxc/?t")
    expect(field).to_have_value("jxc/?t")
    expect(page.locator("dialog[open]")).to_have_count(0)
    ready(page, house.url + "/account/console")
    page.get_by_label("No single keys").check()
    page.get_by_role("button", name="Keep", exact=True).click()
    page.wait_for_url("**done=true")
    ready(page, house.url + "/cases")
    page.keyboard.press("j")
    expect(page.locator("tr.active")).to_have_count(0)
    page.keyboard.press("Control+k")
    expect(page.get_by_role("dialog", name="Go to")).to_be_visible()


def test_record_and_take_the_next_by_one_key(house, visit):
    case, (first, *_) = house.case(), house.members(MemberState.PROPOSED, 1)
    page = visit().page
    ready(page, f"{house.url}/cases/{case.id}")
    page.keyboard.press("j")
    page.keyboard.press("r")
    page.keyboard.type("A journalist, looked at twice.")
    with page.expect_navigation():
        page.keyboard.press("Control+Enter")
    assert re.search(r"/cases/\w+$|/queues", page.url)
    assert house.app.store.cases(SYSTEM).member(case.id, first).state is MemberState.CLEARED


def test_a_decision_is_sent_once(house, visit):
    guest = visit()
    page, sent = guest.page, []
    page.on("request", lambda r: sent.append(r.url) if r.url.endswith("/decisions") else None)
    entity = house.members(MemberState.PROPOSED, 1)[0]
    ready(page, f"{house.url}/cases/{house.case().id}/members/{entity}")
    page.get_by_role("radio", name="Confirm").check()
    page.get_by_label("Reason").fill("Looked at twice.")
    with page.expect_navigation():
        page.evaluate(
            "() => { const f = document.querySelector('#decide'); f.requestSubmit(); f.requestSubmit(); }"
        )
    expect(page.locator(".notice.good")).to_contain_text("1 account confirmed")
    assert len(sent) == 1


def test_a_page_that_nobody_touches_says_no_more_that_somebody_is_there(house, visit):
    guest = visit()
    page, said = guest.page, []
    page.on("request", lambda r: said.append(r.url) if r.url.endswith("/presence") else None)
    page.clock.install()
    ready(page, f"{house.url}/cases/{house.case().id}")
    page.clock.run_for(240_000)
    assert said
    page.clock.run_for(120_000)
    said.clear()
    page.clock.run_for(600_000)
    assert said == []
    page.locator("h1").click()
    page.clock.run_for(60_000)
    assert said

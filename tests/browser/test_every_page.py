"""Every page, wide and narrow, light and dark: accessible, and within the content security policy."""

import pytest
from axe_playwright_python.sync_playwright import Axe

from havenwall.model import MemberState, Role

RULES = ["wcag2a", "wcag2aa", "wcag21aa", "wcag22aa", "best-practice"]
SIZES = {"wide": {"width": 1440, "height": 900}, "narrow": {"width": 390, "height": 844}}
pytestmark = [pytest.mark.browser, pytest.mark.slow]


@pytest.fixture(scope="module")
def paths(house):
    """An address of every page that is asked for by GET."""
    case = house.case()
    house.link("somebody", Role.AUDITOR)
    return [
        "/",
        "/cases",
        "/cases?state=closed",
        f"/cases/{case.id}",
        f"/cases/{case.id}?state=all&q=nobody",
        f"/cases/{case.id}/members/{house.members(MemberState.PROPOSED, 1)[0]}",
        f"/cases/{case.id}/members/{house.members(MemberState.CONFIRMED, 1)[0]}",
        f"/cases/{case.id}?path={house.members(MemberState.PROPOSED, 1)[0]}",
        f"/cases/{case.id}/compare?one={house.members(MemberState.PROPOSED, 1)[0]}"
        f"&two={house.members(MemberState.CONFIRMED, 1)[0]}",
        f"/cases/{case.id}/exhibits",
        "/queues",
        "/gaps",
        "/appeals",
        "/quality",
        "/exposure",
        "/account/exposure",
        "/communities",
        "/things",
        "/terms",
        "/guard",
        "/guard?days=14",
        f"/guard?entity={house.members(MemberState.PROPOSED, 1)[0]}&viewer_class=minor",
        "/media",
        "/media/lists",
        "/reports",
        "/reporters",
        "/figures",
        "/precision",
        "/audits",
        "/audits?outcome=inconclusive",
        "/audits/F1",
        "/audits/trend?name=nightly%20gate",
        "/audits/plan",
        "/audits/run",
        "/approvals",
        "/deliveries",
        "/people",
        "/people/roles",
        "/people/keys",
        f"/people/named/{house.app.store.people.all()[0].name}",
        "/account",
        "/account/console",
        "/account/settings",
        "/messages",
        "/account/second-factor",
        "/access-log",
    ]


def faults(page, rules=RULES):
    found = Axe().run(page, options={"runOnly": rules}).response["violations"]
    return [f"{page.url} {fault['id']}: {fault['nodes'][0]['html'][:160]}" for fault in found]


def overflow(page):
    wide = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    return [f"{page.url} is {wide} pixels too wide"] if wide > 0 else []


@pytest.mark.parametrize("size", SIZES)
def test_every_page_is_accessible_and_keeps_the_policy(visit, house, paths, size):
    guest = visit(Role.ADMINISTRATOR, viewport=SIZES[size])
    found = []
    for path in paths:
        guest.page.goto(house.url + path)
        found += faults(guest.page) + overflow(guest.page)
    assert found == []
    assert guest.complaints == []


def test_dark_colours_have_the_contrast_too(visit, house, paths):
    guest = visit(Role.ADMINISTRATOR, viewport=SIZES["wide"], color_scheme="dark")
    found = []
    for path in paths:
        guest.page.goto(house.url + path)
        found += faults(guest.page, {"type": "rule", "values": ["color-contrast"]})
    assert found == []


@pytest.mark.parametrize("size", SIZES)
def test_so_are_the_pages_that_answer_a_form(visit, house, size):
    guest = visit(Role.ADMINISTRATOR, viewport=SIZES[size])
    page, found = guest.page, []
    entity = house.members(MemberState.PROPOSED, 1)[0]

    page.goto(f"{house.url}/cases/{house.case().id}/members/{entity}")
    page.get_by_role("radio", name="Clear").check()
    page.get_by_label("Reason").fill(" ")
    page.get_by_role("button", name="Record the decision").click()
    page.wait_for_selector("text=This decision cannot be recorded yet")
    found += faults(page) + overflow(page)

    page.get_by_label("Reason").fill("Looked at twice.")
    page.get_by_role("button", name="Record the decision").click()
    page.wait_for_selector(".notice.good")
    found += faults(page) + overflow(page)

    page.goto(house.url + "/guard?entity=nokind")
    found += faults(page) + overflow(page)
    page.get_by_label("Text").fill("B l u e w h i s t l e")
    page.get_by_role("button", name="Try").click()
    page.wait_for_selector("role=status")
    found += faults(page) + overflow(page)

    page.goto(house.url + "/people")
    page.get_by_label("Name").fill(f"new-{size}")
    page.get_by_role("radio", name="Auditor").check()
    page.get_by_role("button", name="Add and make").click()
    page.wait_for_selector(".notice.good")
    found += faults(page) + overflow(page)
    assert found == []


@pytest.mark.parametrize("size", SIZES)
def test_so_are_the_pages_for_those_we_do_not_know(browser, house, size):
    context = browser.new_context(viewport=SIZES[size])
    page, found = context.new_page(), []
    for path in (
        "/sign-in",
        "/sign-in/link",
        "/report",
        "/report?lang=de",
        "/report/status",
        "/appeal?lang=de",
        "/nowhere",
    ):
        page.goto(house.url + path)
        found += faults(page) + overflow(page)
    page.goto(house.url + "/sign-in")
    page.get_by_label("Name").fill("nobody")
    page.get_by_label("Password").fill("not a password")
    page.get_by_role("button", name="Sign in").click()
    page.wait_for_selector("role=alert")
    found += faults(page) + overflow(page)
    context.close()
    assert found == []

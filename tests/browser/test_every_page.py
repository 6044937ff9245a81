"""Every page, wide and narrow, light and dark: accessible, and within the content security policy."""

import pytest
from axe_playwright_python.sync_playwright import Axe
from tests.browser.conftest import waiting

from havenwall.model import SYSTEM, MemberState, Role

pytestmark = pytest.mark.browser
SIZES = {"wide": {"width": 1440, "height": 900}, "narrow": {"width": 390, "height": 844}}


@pytest.fixture(scope="module")
def paths(house):
    """An address of every page that is asked for by GET."""
    view = house.app.store.cases(SYSTEM)
    case = view.cases()[0]
    known = view.members(case.id, state=MemberState.CONFIRMED, limit=1)[0].entity
    return [
        "/",
        "/cases",
        "/cases?state=closed",
        f"/cases/{case.id}",
        f"/cases/{case.id}?state=all&q=nobody",
        f"/cases/{case.id}/members/{waiting(house.app, 1)[0]}",
        f"/cases/{case.id}/members/{known}",
        "/figures",
        "/people",
        "/access-log",
    ]


def faults(page):
    found = Axe().run(
        page, options={"runOnly": ["wcag2a", "wcag2aa", "wcag21aa", "wcag22aa", "best-practice"]}
    )
    return [f"{page.url} {v['id']}: {v['nodes'][0]['html'][:160]}" for v in found.response["violations"]]


def overflow(page):
    wide = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    return [f"{page.url} is {wide} pixels too wide"] if wide > 0 else []


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("size", SIZES)
def test_every_page_is_accessible_and_keeps_the_policy(visit, house, paths, size, scheme):
    guest = visit(Role.ADMINISTRATOR, viewport=SIZES[size], color_scheme=scheme)
    found = []
    for path in paths:
        guest.page.goto(house.url + path)
        found += faults(guest.page) + overflow(guest.page)
    assert found == []
    assert guest.complaints == []


@pytest.mark.parametrize("size", SIZES)
def test_so_are_the_pages_that_answer_a_form(visit, house, size):
    guest = visit(Role.ADMINISTRATOR, viewport=SIZES[size])
    page, found = guest.page, []
    case = house.app.store.cases(SYSTEM).cases()[0]

    page.goto(f"{house.url}/cases/{case.id}/members/{waiting(house.app, 1)[0]}")
    page.get_by_label("Clear").check()
    page.get_by_label("Reason").fill(" ")
    page.get_by_role("button", name="Record the decision").click()
    page.wait_for_selector("text=This decision cannot be recorded yet")
    found += faults(page) + overflow(page)

    page.get_by_label("Reason").fill("Looked at twice.")
    page.get_by_role("button", name="Record the decision").click()
    page.wait_for_selector("role=status")
    found += faults(page) + overflow(page)

    page.goto(house.url + "/people")
    page.get_by_label("Name").fill(f"new-{size}")
    page.get_by_label("Auditor").check()
    page.get_by_role("button", name="Add and make").click()
    page.wait_for_selector("role=status")
    found += faults(page) + overflow(page)
    assert found == []


@pytest.mark.parametrize("size", SIZES)
def test_so_are_the_pages_for_those_we_do_not_know(browser, house, size):
    context = browser.new_context(viewport=SIZES[size])
    page, found = context.new_page(), []
    for path in ("/sign-in", "/sign-in/link", "/nowhere"):
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

"""Pictures in the console: words first, then a blur, then one look with a reason, within limits."""

from __future__ import annotations

import io
import re

import msgspec
import pytest
from PIL import Image
from tests.browser.test_every_page import SIZES, faults, overflow
from tests.unit.match.image.conftest import scene

from havenwall.model import SYSTEM, MemberState, Role

pytestmark = pytest.mark.browser


def picture(seed, form="PNG"):
    room = io.BytesIO()
    Image.fromarray(scene(300, 400, seed)).save(room, form)
    return room.getvalue()


@pytest.fixture(scope="module")
def exhibits(house):
    """Three pictures of a case; the first two are nearly the same."""
    case = house.case()
    entity = house.members(MemberState.PROPOSED, 1)[0]
    files = (picture(11), picture(11, "JPEG"), picture(12))
    return [house.app.exhibits.attach(SYSTEM, case.id, entity, data) for data in files]


@pytest.fixture
def desk(visit, house, exhibits):
    """A specialist before the pictures, and all pictures their browser was sent."""
    guest, got = visit(Role.SPECIALIST), []
    guest.page.on(
        "response",
        lambda r: got.append(r.url) if "image/jpeg" in r.headers.get("content-type", "") else None,
    )
    guest.page.goto(f"{house.url}/cases/{house.case().id}/exhibits")
    return guest, got


def until(page, said):
    """Wait until the page says so; the browser's own way of waiting is against the page's policy."""
    for _ in range(200):
        if page.evaluate(said):
            return
        page.wait_for_timeout(50)
    pytest.fail(f"never: {said}")


def card(page, exhibit):
    return page.locator(f"[id='{exhibit.id}']")


def reveal(page, exhibit, opener="Reveal the picture"):
    card(page, exhibit).get_by_text(opener).click()
    card(page, exhibit).get_by_label("Why you must see it").fill("Hash and size do not tell.")
    card(page, exhibit).get_by_role("button", name="Reveal it").click()


def test_words_come_first_then_a_blur_then_one_look(desk, house, exhibits):
    (guest, got), (first, twin, other) = desk, exhibits
    page = guest.page
    assert first.sha256 in card(page, first).inner_text()
    assert got == []

    page.get_by_role("link", name="Show small pictures").click()
    until(page, "[...document.querySelectorAll('.thumbnail')].every((i) => i.complete)")
    assert len(got) == 3
    assert all(url.endswith("/thumbnail") for url in got)

    reveal(page, first)
    until(page, "document.querySelector('.revealed')?.naturalWidth === 400")
    shown = [url for url in got if "/picture/" in url]
    assert len(shown) == 1
    assert page.request.get(shown[0]).status == 404

    page.get_by_role("button", name="Done").click()
    page.wait_for_url(re.compile("/exhibits$"))
    for seen in (first, twin):
        assert card(page, seen).get_by_text("Same as revealed").is_visible()
    assert card(page, other).get_by_text("Reveal the picture").is_visible()
    assert guest.complaints == []


def test_leaving_the_page_ends_the_look(desk, house, exhibits):
    (guest, _), (_, _, other) = desk, exhibits
    page = guest.page
    reveal(page, other)
    page.wait_for_selector(".revealed")
    page.goto(f"{house.url}/account/exposure")
    page.reload()
    row = page.locator("tbody tr")
    assert row.count() == 1
    assert "open" not in row.inner_text()
    assert "child safety" in row.inner_text()


def test_a_break_is_told_and_kept(desk, house, exhibits, monkeypatch):
    (guest, got), (first, *_rest) = desk, exhibits
    limits = house.app.exhibits.limits
    monkeypatch.setattr(house.app.exhibits, "limits", msgspec.structs.replace(limits, hour_reveals=1))
    page = guest.page
    reveal(page, first)
    page.wait_for_selector(".revealed")
    page.get_by_role("button", name="Done").click()
    reveal(page, first, "See this one all the same")
    page.wait_for_selector("role=alert")
    assert "take a break" in page.get_by_role("alert").inner_text()
    assert len([url for url in got if "/picture/" in url]) == 1


def test_settings_hold_and_it_works_without_script(visit, house, exhibits):
    page = visit(Role.SPECIALIST, java_script_enabled=False).page
    page.goto(house.url + "/account")
    page.get_by_role("link", name="My settings").click()
    page.get_by_label("Show them at once").check()
    page.get_by_label("Without colours").uncheck()
    page.get_by_label("Blur", exact=True).select_option("light")
    page.get_by_label("Live").check()
    with page.expect_navigation():
        page.get_by_role("button", name="Keep my settings").click()
    page.reload()
    assert page.get_by_label("Live").is_checked()
    assert not page.get_by_label("Without colours").is_checked()
    page.goto(f"{house.url}/cases/{house.case().id}/exhibits")
    assert page.locator(".thumbnail").count() == 3
    reveal(page, exhibits[0])
    page.wait_for_selector(".revealed")
    page.get_by_role("button", name="Done").click()
    assert page.get_by_text("Same as revealed").count() == 2


def test_passing_takes_one_press(visit, house):
    page = visit(Role.SPECIALIST).page
    case = house.case()
    page.goto(f"{house.url}/cases/{case.id}")
    page.get_by_role("button", name="Take this case").click()
    page.get_by_role("button", name="Pass: not this one").click()
    page.wait_for_url(house.url + "/queues")
    assert house.app.store.cases(SYSTEM).case(case.id).held_by is None


def test_who_may_not_see_exhibits_reads_words_only(visit, house, exhibits):
    page = visit(Role.ANALYST).page
    page.goto(f"{house.url}/cases/{house.case().id}/exhibits?thumbnails=true")
    assert exhibits[0].sha256 in page.content()
    assert page.locator("img.thumbnail, form[action$=reveal]").count() == 0


@pytest.mark.parametrize("size", ["narrow", pytest.param("wide", marks=pytest.mark.slow)])
def test_the_pages_are_accessible_and_keep_the_policy(visit, house, exhibits, size):
    guest, found = visit(Role.ADMINISTRATOR, viewport=SIZES[size]), []
    base = f"/cases/{house.case().id}/exhibits"
    for path in ("/account/settings", "/account/exposure", "/exposure", base, base + "?thumbnails=true"):
        guest.page.goto(house.url + path)
        found += faults(guest.page) + overflow(guest.page)
    reveal(guest.page, exhibits[2])
    guest.page.wait_for_selector(".revealed")
    found += faults(guest.page) + overflow(guest.page)
    assert found == []
    assert guest.complaints == []

"""Somebody reports from a telephone, without script and without a name, and hears what became of it."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from playwright.sync_api import expect
from tests.browser.test_every_page import faults, overflow

from havenwall.model import SYSTEM, Right, Verb, Viewer

SMALL = {"width": 390, "height": 844}
MIRA = Viewer(name="user:mira", rights=frozenset(Right))


@pytest.fixture
def phone(browser: Any) -> Iterator[Callable[..., Any]]:
    """A page of somebody unknown, 390 pixels wide."""
    contexts = []

    def make(**options: Any) -> Any:
        contexts.append(browser.new_context(viewport=SMALL, **options))
        return contexts[-1].new_page()

    yield make
    for context in contexts:
        context.close()


def report(page: Any, house: Any, what: str) -> tuple[str, str]:
    """The number and the code on the receipt."""
    page.goto(house.url + "/report")
    page.get_by_role("radio", name="An account, group or tag devoted to this").check()
    page.get_by_label("What do you report?").select_option("group")
    page.get_by_label("Which one?").fill(what)
    page.get_by_label("What did you see?").fill("They share bluewhistle.")
    page.get_by_role("button", name="Send the report").click()
    page.wait_for_selector("text=We have your report")
    number, code = page.locator("dd strong.id").all_text_contents()
    return number, code


def test_without_script_on_a_telephone(house: Any, phone: Callable[..., Any]) -> None:
    page = phone(java_script_enabled=False)
    number, code = report(page, house, "tin-lantern")
    page.goto(house.url + "/report/status")
    page.get_by_label("Your secret code").fill(code.lower())
    page.get_by_role("button", name="Show").click()
    page.wait_for_selector(f"text={number}")
    assert "tin-lantern" not in page.content()


def test_the_answer_and_the_second_look(house: Any, phone: Callable[..., Any]) -> None:
    page = phone()
    number, _ = report(page, house, "paperfinch")
    found = faults(page) + overflow(page)
    turn_down(house, number)
    page.get_by_role("link", name="See where it stands").click()
    # Not a function to wait for: the page's policy lets nobody evaluate a string.
    expect(page.locator("#code")).to_have_value(re.compile(".{21,}"))
    assert "#" not in page.url
    page.get_by_role("button", name="Show").click()
    page.wait_for_selector("text=We found nothing to act on")
    found += faults(page) + overflow(page)
    page.get_by_label("Why should we look again?").fill("There is more.")
    page.get_by_role("button", name="Ask for a second look").click()
    page.wait_for_selector("text=Another person will look at it.")
    found += faults(page) + overflow(page)
    page.goto(house.url + "/report")
    page.get_by_label("Which one?").fill("x")
    page.evaluate("document.querySelectorAll('[required]').forEach((f) => (f.required = false))")
    page.get_by_role("button", name="Send the report").click()
    page.wait_for_selector("role=alert")
    assert found + faults(page) + overflow(page) == []


def turn_down(house: Any, number: str) -> None:
    app = house.app
    app.run(("reports", "casework"))
    report = app.store.reports_for(SYSTEM).report(number)
    case = app.store.cases(SYSTEM).case(report.case_id)
    app.decide(MIRA, case.id, case.version, Verb.CLEAR, [report.subject], "looked")


def test_a_specialist_reads_it_and_sees_who_sent_it(
    house: Any, visit: Any, phone: Callable[..., Any]
) -> None:
    number, _ = report(phone(), house, "slate-orchard")
    house.app.run(("reports", "casework"))
    guest = visit(viewport=SMALL)
    page = guest.page
    page.goto(house.url + "/reports")
    page.get_by_role("link", name=number).click()
    page.wait_for_selector("text=Somebody unknown.")
    found = faults(page) + overflow(page)
    page.get_by_role("link", name="Its case").click()
    page.wait_for_selector("h2#reports")
    assert found + faults(page) + overflow(page) == []
    assert guest.complaints == []

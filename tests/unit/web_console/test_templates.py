"""What the content security policy and assistive software ask of every template."""

import re
from pathlib import Path

import pytest

from havenwall.web import console
from havenwall.web.console.render import HERE, STATIC

TEMPLATES = sorted((HERE / "templates").glob("*.html"))
SCRIPTS = {path.name: path.read_text() for path in STATIC.glob("*.js")}
ON_DEMAND = ("palette.js", "drawing.js")
"""Loaded when somebody first asks for what they do; all others may come with one page."""
NO_SESSION = (
    "sign_in.html",
    "link.html",
    "code.html",
    "report.html",
    "report_status.html",
    "appeal_public.html",
)
STYLE = (STATIC / "console.css").read_text()


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: path.name)
class TestEveryTemplate:
    def test_it_holds_no_script_and_no_style(self, path: Path):
        text = path.read_text()
        assert not re.search(r"<script(?![^>]*\ssrc=)[^>]*>|<script[^>]*>[^<]", text)
        assert not re.search(r"<style|\sstyle\s*=|\son\w+\s*=\s*[\"'{]|javascript:", text)

    def test_nothing_comes_from_elsewhere(self, path: Path):
        assert not re.search(r"""(?:src|href|action)=["'](?:https?:)?//""", path.read_text())

    def test_nothing_escapes_the_escaping(self, path: Path):
        assert not re.search(r"\|\s*safe|autoescape\s+false", path.read_text())

    def test_every_form_that_changes_something_carries_the_token(self, path: Path):
        # The forms before a session have none to carry; there the browser's own headers are checked.
        if path.name in NO_SESSION:
            return
        for form in re.findall(r"<form[^>]*method=\"post\".*?</form>", path.read_text(), re.DOTALL):
            assert 'name="csrf"' in form or "ui.hidden(" in form


def test_what_a_page_loads_is_short():
    assert sum(len(SCRIPTS[name].splitlines()) for name in ("console.js", "lease.js")) <= 200
    assert all(len(SCRIPTS[name].splitlines()) <= 100 for name in ON_DEMAND)


@pytest.mark.parametrize("name", SCRIPTS)
def test_no_script_makes_html_from_text(name):
    assert not re.search(
        r"innerHTML|outerHTML|insertAdjacentHTML|document\.write|eval\(|new Function", SCRIPTS[name]
    )
    assert not re.search(r"https?://|import\s", SCRIPTS[name])


def test_the_style_sheet_asks_for_nothing_from_outside():
    assert not re.search(r"@import|url\(|@font-face", STYLE)


def test_what_the_console_gives_to_the_server_is_all_there():
    assert console.__all__ == sorted(console.__all__)
    assert (console.STATIC / "favicon.svg").exists()

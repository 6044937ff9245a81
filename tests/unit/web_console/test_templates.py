"""What the content security policy and assistive software ask of every template."""

import re
from pathlib import Path

import pytest

from havenwall.web import console
from havenwall.web.console.render import HERE, STATIC

TEMPLATES = sorted((HERE / "templates").glob("*.html"))
SCRIPT = (STATIC / "console.js").read_text()
STYLE = (STATIC / "console.css").read_text()


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: path.name)
class TestEveryTemplate:
    def test_it_holds_no_script_and_no_style(self, path: Path):
        text = path.read_text()
        assert not re.search(r"<script(?![^>]*\ssrc=)[^>]*>|<script[^>]*>[^<]", text)
        assert not re.search(r"<style|\sstyle\s*=|\son\w+\s*=|javascript:", text)

    def test_nothing_comes_from_elsewhere(self, path: Path):
        assert not re.search(r"""(?:src|href|action)=["'](?:https?:)?//""", path.read_text())

    def test_nothing_escapes_the_escaping(self, path: Path):
        assert not re.search(r"\|\s*safe|autoescape\s+false", path.read_text())

    def test_every_form_that_changes_something_carries_the_token(self, path: Path):
        # The forms before a session have none to carry; there the browser's own headers are checked.
        if path.name in ("sign_in.html", "link.html"):
            return
        for form in re.findall(r"<form[^>]*method=\"post\".*?</form>", path.read_text(), re.DOTALL):
            assert 'name="csrf"' in form or "ui.hidden(" in form


def test_the_script_is_short_and_makes_no_html_from_text():
    assert len(SCRIPT.splitlines()) <= 200
    assert not re.search(
        r"innerHTML|outerHTML|insertAdjacentHTML|document\.write|eval\(|new Function", SCRIPT
    )
    assert not re.search(r"https?://|import\s", SCRIPT)


def test_the_style_sheet_asks_for_nothing_from_outside():
    assert not re.search(r"@import|url\(|@font-face", STYLE)


def test_what_the_console_gives_to_the_server_is_all_there():
    assert console.__all__ == sorted(console.__all__)
    assert (console.STATIC / "favicon.svg").exists()

"""Catalogues are whole, and a page speaks the language that was asked for."""

import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from jinja2 import Environment

from havenwall.web import catalogue
from havenwall.web.console.render import HERE
from havenwall.web.tongue import LANGUAGES, LOCALE, accepted

OTHERS = sorted(set(LANGUAGES) - {"en"})
NO_WORDS = ("Esc", "Enter", "Ctrl K", 'aria-invalid="true"', "/report/status#")
WORK = (
    *("case.html", "case_work.html", "case_reports.html", "subject.html", "palette.html", "help.html"),
    *("cases.html", "queues.html", "approvals.html", "appeals.html", "appeal.html", "asides.html"),
    *("reports.html", "report_one.html", "review.html", "settings.html"),
    *("exposure.html", "exposure_macros.html", "exposure_weeks.html"),
)
PUBLIC = ("report.html", "report_receipt.html", "report_status.html", "appeal_public.html")


@pytest.mark.parametrize("tag", OTHERS)
def test_no_marked_text_is_untranslated_or_only_guessed(tag):
    left = [one.id for one in catalogue.missing(tag, catalogue.extracted())]
    assert left == [], "translate them after: python -m havenwall.web.catalogue"


@pytest.mark.parametrize("tag", OTHERS)
def test_placeholders_and_markup_are_the_same(tag):
    for one in catalogue.catalogue(tag):
        texts = zip(
            one.id if isinstance(one.id, tuple) else (one.id,),
            one.string if isinstance(one.string, tuple) else (one.string,),
            strict=True,
        )
        for ours, theirs in texts if one.id else ():
            for pattern in (r"%\(\w+\)s|%s", r"</?\w+"):
                assert sorted(re.findall(pattern, ours)) == sorted(re.findall(pattern, theirs)), ours


@pytest.mark.parametrize("name", [*PUBLIC, *WORK])
def test_no_text_of_these_pages_escapes_the_catalogues(name):
    source = (HERE / "templates" / name).read_text()
    marked = re.sub(r"{%-?\s*trans.*?endtrans\s*-?%}", "", source, flags=re.DOTALL)
    tokens = Environment(autoescape=True).lex(marked)
    plain = "".join(value if kind == "data" else "\0" for _, kind, value in tokens)
    plain = re.sub(r"\0+", "", plain)
    texts = re.sub(r"<[^>]*>", "\n", plain)
    left = [line.strip() for line in texts.splitlines() if re.search(r"[A-Za-z]{2}", line)]
    assert [line for line in left if line not in NO_WORDS] == []


def test_catalogues_are_text_in_the_repository():
    assert {path.suffix for path in Path(LOCALE).rglob("*") if path.is_file()} == {".po"}


@pytest.mark.parametrize(
    ("header", "tag"),
    [
        ("", "en"),
        ("de-AT", "de"),
        ("fr;q=1, de;q=0.4, en;q=0.2", "de"),
        ("en, de", "en"),
        ("de;q=0, en;q=0.1", "en"),
        ("de;q=x", "en"),
        ("*", "en"),
    ],
)
def test_the_best_liked_language_that_we_have_is_spoken(header, tag):
    assert accepted(header) == tag


@given(st.text(max_size=200))
def test_any_header_gives_a_language(header):
    assert accepted(header) in LANGUAGES

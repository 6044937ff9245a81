"""One automaton finds each term through each disguise, and nothing that only looks a little like it."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from havenwall.errors import BadInput
from havenwall.match.finder import Mode, TermFinder

TERMS = [
    ("bluewhistle", Mode.WORD),
    ("tin-lantern", Mode.WORD),
    ("amberfox", Mode.SUBSTRING),
    ("zedling", Mode.PREFIX),
    ("glimmer", Mode.EXACT),
    ("oak", Mode.WORD),
    ("копейка", Mode.WORD),
    ("area51", Mode.WORD),
]
FAMILIES = [
    ("BLUEwhistle", {"case"}),
    ("ｂｌｕｅｗｈｉｓｔｌｅ", {"width"}),
    ("𝐛𝐥𝐮𝐞𝐰𝐡𝐢𝐬𝐭𝐥𝐞", {"width"}),
    ("blue\u200bwhis\u00adtle", {"invisible"}),
    ("blüéwhïstle", {"diacritics"}),
    ("bluеwhіѕtlе", {"lookalikes"}),
    ("🅱luewhistle", {"lookalikes"}),
    ("bIuewhistIe", {"lookalikes"}),
    ("b1u3wh!5t|3", {"leet"}),
    ("6luewhistle!", {"leet"}),
    ("b l u e w h i s t l e", {"spacing"}),
    ("b.l.u.e.w.h.i.s.t.l.e", {"spacing"}),
    ("blue🐳whistle", {"spacing"}),
    ("bluuuewhisssstle", {"repeats"}),
    ("bbluewwhistle", {"repeats"}),
    ("блуевхистле", {"transliteration"}),
    ("b 1 u e w h i s t l e", {"leet", "spacing"}),
    ("blüüüewhistle", {"diacritics", "repeats"}),
    ("blu\u200bеwhistle", {"invisible", "lookalikes"}),
    ("бл у е в х и с т л е", {"transliteration", "spacing"}),
]


@pytest.fixture(scope="module")
def finder() -> TermFinder:
    return TermFinder(TERMS)


def found(finder: TermFinder, text: str) -> set[int]:
    return {hit.term for hit in finder.find(text)}


@pytest.mark.parametrize(("text", "views"), FAMILIES)
def test_each_disguise_is_undone_and_named(finder: TermFinder, text: str, views: set[str]) -> None:
    hits = [hit for hit in finder.find(f"a {text} b") if hit.term == 0]
    assert hits
    assert {view.value for view in hits[0].views} - {"case"} == views - {"case"}


@pytest.mark.parametrize(
    "text",
    [
        "", " ", "blue", "whistle", "bluewhistler", "abluewhistle", "tin can lantern", "lantern tin", "soak",
        "oaks", "o a k", "blew", "azedling", "a glimmer", "areas i", "1001",
        "b1ue whale", "bluewhist", "l", "ı",
        "\ud800", "\U0010ffff", "!!!!", "🇩🇪",
    ],
)  # fmt: skip
def test_what_is_no_term_is_not_found(finder: TermFinder, text: str) -> None:
    assert found(finder, text) == set()


@pytest.mark.parametrize(
    ("text", "term"),
    [
        ("#tinlantern", 1),
        ("tin lantern", 1),
        ("myamberfoxes", 2),
        ("zedlings", 3),
        ("Glimmer!", 4),
        ("Oak", 5),
        ("kopeyka", 6),
        ("area51", 7),
        ("ar3a51", 7),
    ],
)
def test_modes_and_other_scripts(finder: TermFinder, text: str, term: int) -> None:
    assert found(finder, text) == {term}


def test_a_doubled_letter_may_be_another_word() -> None:
    finder = TermFinder([("later", Mode.WORD), ("coma", Mode.WORD)])
    assert found(finder, "latter comma") == set()
    assert found(finder, "laaater") == {0}


def test_a_letter_is_not_taken_for_another_only_because_a_digit_may_stand_for_both() -> None:
    finder = TermFinder([("ballad", Mode.WORD)])
    assert found(finder, "baiiad") == set()
    assert found(finder, "ba11ad") == {0}


def test_a_flood_of_hits_hides_none() -> None:
    finder = TermFinder([("oak", Mode.WORD), ("bluewhistle", Mode.WORD)])
    assert found(finder, "oak " * 300 + "bluewhistle") == {0, 1}


def test_a_pictograph_counts_where_a_term_is_made_of_it() -> None:
    finder = TermFinder([("🐳🏮", Mode.WORD)])
    assert found(finder, "see 🐳🏮 here") == {0}
    assert found(finder, "see 🐳 here") == set()


@pytest.mark.parametrize("term", ["", "--", "x" * 61])
def test_a_term_that_cannot_be_looked_for_is_refused_unquoted(term: str) -> None:
    with pytest.raises(BadInput) as refused:
        TermFinder([("oak", Mode.WORD), (term, Mode.WORD)])
    assert refused.value.field == "1"
    assert "xx" not in str(refused.value)


_letters = st.text("abcdef", min_size=1, max_size=5)


@given(st.lists(_letters, min_size=1, max_size=12), st.text("abcdef ", max_size=40))
@settings(max_examples=60)
def test_the_automaton_finds_what_a_naive_search_finds(terms: list[str], text: str) -> None:
    words = text.split()
    checks = {
        Mode.WORD: lambda term: term in words,
        Mode.PREFIX: lambda term: any(word.startswith(term) for word in words),
        Mode.SUBSTRING: lambda term: any(term in word for word in words),
        Mode.EXACT: lambda term: words == [term],
    }
    for mode, check in checks.items():
        hits = TermFinder([(term, mode) for term in terms]).find(text)
        plain = {hit.term for hit in hits if not hit.views}
        assert plain == {at for at, term in enumerate(terms) if check(term)}


@given(st.text(max_size=60))
@settings(max_examples=80)
def test_any_text_can_be_asked_and_places_lie_in_it(text: str) -> None:
    finder = _SHARED
    for hit in finder.find(text + " bluewhistle " + text):
        assert 0 <= hit.start <= hit.end
    assert 0 in found(finder, text + " bluewhistle " + text)


_SHARED = TermFinder(TERMS)


def test_without_compiled_code_the_answers_are_the_same() -> None:
    code = (
        "from havenwall.match.finder import *\n"
        "f = TermFinder([('bluewhistle', Mode.WORD), ('tin-lantern', Mode.WORD)])\n"
        "print([(h.term, *h.views) for h in f.find('b1uuuewhistle and tinlantern, блуевхистле')])"
    )
    answers = {
        subprocess.run(
            [sys.executable, "-c", code],
            env=os.environ | {"NUMBA_DISABLE_JIT": off},
            capture_output=True,
            text=True,
            check=True,
        ).stdout
        for off in "01"
    }
    assert len(answers) == 1
    assert "tin" not in answers.pop()

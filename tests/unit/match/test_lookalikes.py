"""Every character of Unicode's confusables stands for its letter, also beside letters read by their sound."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from itertools import product
from random import Random

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from havenwall.match.alphabet import sounds_of
from havenwall.match.finder import Mode, TermFinder
from havenwall.match.lookalikes import confusables, lookalikes


def found(finder: TermFinder, text: str) -> set[int]:
    return {hit.term for hit in finder.find(text)}


def test_every_confusable_is_read_as_its_letter() -> None:
    finders = {letter: TermFinder([(f"pon{letter}kradu", Mode.WORD)]) for letter in map(chr, range(97, 123))}
    listed = list(confusables())
    assert len(listed) > 1000
    missed = [
        f"{ord(char):x}"
        for letter, char in listed
        if not found(finders[letter.lower()], f"see pon{char}kradu here")
    ]
    assert missed == []


@pytest.mark.parametrize(
    ("text", "views"),
    [
        ("ΒLUΕWΗΙSΤLΕ", {"case", "lookalikes"}),
        ("βluewhiՏtle", {"lookalikes"}),
        ("b𝗜uewhistle", {"width", "lookalikes"}),
    ],
)
def test_capitals_and_signs_are_read_as_drawn(text: str, views: set[str]) -> None:
    finder = TermFinder([("bluewhistle", Mode.WORD), ("tinwhistle", Mode.WORD)])
    [hit] = finder.find(text)
    assert views <= {view.value for view in hit.views} | {"case", "width"}


def test_a_sign_that_looks_like_a_letter_still_separates() -> None:
    finder = TermFinder([("bluewhistle", Mode.WORD), ("willow", Mode.WORD)])
    assert found(finder, "blue∣whistle") == {0}
    assert found(finder, "wi∣∣ow") == {1}
    assert found(finder, "bluewhistle∣") == {0}


def test_a_greek_word_in_capitals_is_still_the_greek_word() -> None:
    assert found(TermFinder([("νινικη", Mode.WORD)]), "ΝΙΝΙΚΗ") == {0}


@pytest.mark.parametrize(
    ("text", "views"),
    [
        ("порсорат", {"transliteration", "lookalikes"}),
        ("р0рсораt", {"transliteration", "lookalikes", "leet"}),
        ("порcora7", {"transliteration", "leet"}),
        ("порсссорат", {"transliteration", "lookalikes", "repeats"}),
        ("п о р с о р а т", {"transliteration", "lookalikes", "spacing"}),
    ],
)
def test_letters_by_look_and_by_sound_in_one_word(text: str, views: set[str]) -> None:
    hits = TermFinder([("porcorat", Mode.WORD)]).find(f"a {text} b")
    assert {view.value for view in hits[0].views} == views


def test_digits_that_may_be_two_letters_are_read_each_for_itself_beside_sounds() -> None:
    finder = TermFinder([("milling", Mode.WORD), ("tin lantern", Mode.WORD)])
    assert found(finder, "м111инг") == {0}
    assert found(finder, "т1н1антерн") == {1}
    assert found(finder, "т1н 1антерн") == {1}


def test_short_words_are_not_put_together_from_looks_and_sounds() -> None:
    assert found(TermFinder([("cope", Mode.WORD)]), "соре") == {0}
    assert found(TermFinder([("sope", Mode.WORD)]), "соре") == set()


def test_modes_hold_for_mixtures() -> None:
    for mode, inside in ((Mode.WORD, False), (Mode.SUBSTRING, True), (Mode.PREFIX, False)):
        finder = TermFinder([("porcorat", mode)])
        assert bool(found(finder, "жпорсоратж")) == inside
        assert bool(found(finder, "порсоратж")) == (mode is not Mode.WORD)
    exact = TermFinder([("porcorat", Mode.EXACT)])
    assert (found(exact, "порсорат"), found(exact, "порсорат да")) == ({0}, set())


_chars = st.text("рсвхнуоеаimь1", min_size=5, max_size=8)


@given(_chars, st.text("prscvbhnyuoeail", min_size=5, max_size=8), st.randoms())
@settings(max_examples=60)
def test_mixtures_are_found_and_nothing_else_is(text: str, other: str, chance: Random) -> None:
    assume(not re.search(r"(.)\1{5}", text))
    spelled = "".join(chance.choice([sounds_of(char), sounds_of(char, 1)]) for char in text)
    spelled = spelled if len(spelled) >= 5 else "bluewhistle"
    hits = TermFinder([(spelled, Mode.WORD), (other, Mode.WORD)]).find(text)
    if any(char > "\x7f" for char in text) and spelled != "bluewhistle":
        assert 0 in {hit.term for hit in hits}
    if any({"transliteration"} <= set(hit.views) and "repeats" not in hit.views for hit in hits if hit.term):
        sounds = {"".join(parts) for parts in product(*({sounds_of(c), sounds_of(c, 1)} for c in text))}
        assert "".join(map(sounds_of, other)) in sounds


def test_a_long_text_of_mixtures_is_read_to_its_end() -> None:
    finder = TermFinder([("рс" * 20, Mode.SUBSTRING), ("porcorat", Mode.WORD)])
    for flood in ("рсь", "с", "ь", "і1|", "1"):
        assert 1 in found(finder, flood * (1800 // len(flood)) + " порссссссссорат")


def test_without_compiled_code_mixtures_are_the_same() -> None:
    code = (
        "from havenwall.match.finder import *\n"
        "f = TermFinder([('porcorat', Mode.WORD), ('tin-lantern', Mode.SUBSTRING)])\n"
        "print([(h.term, *h.views) for h in f.find('пооорсорат и т1н-1антерны Νοw')])"
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
    assert answers.pop().count("transliteration") == 2


def test_the_tables_lead_to_small_latin_letters() -> None:
    tables = lookalikes()
    assert all("a" <= letter <= "z" for letter in tables.letters.values())
    assert all(letter in "abcdefghijklmnopqrstuvwxyzı" for letter in tables.drawn.values())

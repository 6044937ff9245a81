"""The views undo disguises and nothing else."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from havenwall.match import View, fold, strip_invisible, strip_marks, tokens, view_of


@pytest.mark.parametrize(
    ("text", "folded"),
    [("BlueWhistle", "bluewhistle"), ("\uff22lue", "blue"), ("\u212b", "\u00e5"), ("stra\u00dfe", "strasse")],
)
def test_fold_makes_forms_and_case_one(text, folded):
    assert fold(text) == folded


@pytest.mark.parametrize(
    "hidden", ["\u200b", "\u200d", "\u2060", "\ufeff", "\u00ad", "\u202e", "\ufe0f", "\u034f"]
)
def test_invisible_characters_are_removed(hidden):
    assert strip_invisible(f"blue{hidden}whistle") == "bluewhistle"


def test_marks_go_and_letters_stay():
    assert strip_marks("bl\u00fc\u00e9 w\u0336h\u0336") == "blue wh"


def test_marks_that_make_another_letter_stay():
    assert strip_marks("\u304c") == "\u304c"  # voiced kana
    assert strip_marks("\u0915\u094d\u0937") == "\u0915\u094d\u0937"  # virama


def test_tokens_split_at_separators_and_keep_pictographs():
    assert tokens("tin-lantern_x,\ty.\U0001f3ee!") == ("tin", "lantern", "x", "y", "\U0001f3ee")


def test_views_loosen_in_order():
    text = "Bl\u00fc\u200bwhistle"
    assert view_of(text, View.FOLDED) == ("bl\u00fc", "whistle")
    assert view_of(text, View.VISIBLE) == ("bl\u00fcwhistle",)
    assert view_of(text, View.PLAIN) == ("bluwhistle",)


@given(st.text(max_size=60), st.sampled_from(View))
@settings(max_examples=50)
def test_any_text_has_every_view_and_no_empty_word(text, view):
    words = view_of(text, view)
    assert all(words)
    assert not any(word.isspace() for word in words)


@given(st.text(max_size=60))
@settings(max_examples=50)
def test_stripping_twice_changes_nothing_more(text):
    assert strip_invisible(strip_invisible(text)) == strip_invisible(text)
    assert strip_marks(strip_marks(text)) == strip_marks(text)


@given(st.text(st.characters(max_codepoint=127), max_size=40))
@settings(max_examples=50)
def test_ascii_words_are_the_same_beside_other_letters(text):
    assert tokens(text + " \u00e9") == (*tokens(text), "\u00e9")

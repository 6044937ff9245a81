"""Terms are found as whole words and phrases, through disguises, and not inside other words."""

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from havenwall.match import Hit, TermIndex, View, view_of

TERMS = ("bluewhistle", "tin lantern", "caf\u00e9 nord", "oak")


@pytest.fixture
def index():
    return TermIndex(TERMS)


@pytest.mark.parametrize(
    ("text", "term", "view"),
    [
        ("I like BlueWhistle.", 0, View.FOLDED),
        ("a TIN lantern!", 1, View.FOLDED),
        ("tin-lantern", 1, View.FOLDED),
        ("blue\u200bwhistle", 0, View.VISIBLE),
        ("bl\u00fcewhistle", 0, View.PLAIN),
        ("cafe nord", 2, View.PLAIN),
        ("#tinlantern", 1, View.JOINED),
        ("b.l.u.e w.h.i.s.t.l.e", 0, View.JOINED),
        ("\uff4f\uff41\uff4b", 3, View.FOLDED),
    ],
)
def test_a_term_is_found_with_the_strictest_view_that_shows_it(index, text, term, view):
    assert index.find(text) == (Hit(term=term, view=view),)


@pytest.mark.parametrize(
    "text", ["", "soak", "oaks", "bluewhistler", "tin can lantern", "lantern tin", "o a k"]
)
def test_parts_of_words_are_not_found(index, text):
    assert index.find(text) == ()


def test_each_term_once_in_list_order(index):
    assert [hit.term for hit in index.find("oak bluewhistle oak tin lantern oak")] == [0, 1, 3]


def test_of_two_terms_that_read_alike_the_first_counts():
    index = TermIndex(["Oak", "OAK"])
    assert len(index) == 1
    assert [hit.term for hit in index.find("oak")] == [0]


def test_no_terms_find_nothing():
    assert TermIndex([]).find("anything") == ()


_words = st.text(st.characters(categories=["Ll", "Lu", "Nd"]), min_size=1, max_size=8)


@given(st.lists(_words, min_size=1, max_size=3), st.lists(_words, max_size=3), st.lists(_words, max_size=3))
@settings(max_examples=50)
def test_a_phrase_between_other_words_is_always_found(phrase, before, after):
    term = " ".join(phrase)
    assume(view_of(term, View.FOLDED))
    found = TermIndex([term]).find(" ".join([*before, term, *after]))
    assert found == (Hit(term=0, view=View.FOLDED),)

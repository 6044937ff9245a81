"""One slip of the keyboard is found by two look-ups, as by comparing with every term."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from havenwall.match.listed.near import SHORTEST, NearIndex, one_edit


def slips(word: str) -> set[str]:
    found = set()
    for at in range(len(word) + 1):
        found |= {word[:at] + char + word[at:] for char in "abx"}
        found |= {word[:at] + char + word[at + 1 :] for char in "abx"}
        found |= {word[:at] + word[at + 1 :]}
        found |= {word[:at] + word[at : at + 2][::-1] + word[at + 2 :]}
    return found - {word}


@given(st.lists(st.text("ab", min_size=1, max_size=9), max_size=8), st.text("abx", max_size=10))
@settings(max_examples=300)
def test_all_terms_one_edit_away_and_no_others(terms: list[str], word: str) -> None:
    expected = {at for at, term in enumerate(terms) if len(term) >= SHORTEST and word in slips(term)}
    assert set(NearIndex(enumerate(terms)).near(word)) == expected
    assert all(one_edit(word, term) == (word in slips(term)) for term in terms)


def test_short_terms_are_left_out() -> None:
    assert list(NearIndex([(0, "amber")]).near("ambe")) == []
    assert list(NearIndex([(0, "bluewhistle")]).near("bluewhistel")) != []

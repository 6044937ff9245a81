"""What resembles a listed term, and what only seems to."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from havenwall.detect.terms.likeness import Listed, edits, letters_of

WORDS = st.text("abcd", max_size=7)
LISTED = Listed(["bluewhistle", "tin-lantern", "kite"])


def slow(one, other):
    """Optimal string alignment by its definition."""
    if not one or not other:
        return len(one) + len(other)
    costs = [slow(one[1:], other) + 1, slow(one, other[1:]) + 1]
    costs.append(slow(one[1:], other[1:]) + (one[0] != other[0]))
    if one[:2] == other[1::-1] and len(one) > 1:
        costs.append(slow(one[2:], other[2:]) + 1)
    return min(costs)


@given(st.text("ab", max_size=4), st.text("ab", max_size=4), st.integers(0, 4))
def test_edits_by_definition(one, other, most):
    assert edits(one, other, most) == min(slow(one, other), most + 1)


@given(WORDS, WORDS)
def test_edits_are_the_same_both_ways(one, other):
    assert edits(one, other, 7) == edits(other, one, 7)


@pytest.mark.parametrize(
    ("term", "listed", "edited"),
    [
        ("bluewhistel", "bluewhistle", 1),
        ("bluewistle", "bluewhistle", 1),
        ("blu3wh1stle", "bluewhistle", 0),
        ("bluewhistle2026", "bluewhistle", 0),
        ("my-tin-lantern", "tinlantern", 0),
        ("bllluewhistle", "bluewhistle", 0),
        ("bluwhistel", "bluewhistle", 2),
    ],
)
def test_variants(term, listed, edited):
    found = LISTED.nearest(letters_of(term))
    assert found is not None
    assert (found.listed, found.edits) == (listed, edited)


@pytest.mark.parametrize("term", ["bluewhale", "lantern", "kites", "kit", "bluewhistle", "garden"])
def test_no_variants(term):
    assert LISTED.nearest(letters_of(term)) is None


@given(st.text(max_size=30))
def test_any_text_is_taken(text):
    LISTED.nearest(letters_of(text))

"""Contrast of the colours of both themes (WCAG 2.2, 1.4.3 and 1.4.11), computed from the style sheet."""

import re

import pytest

from havenwall.model import MemberState
from havenwall.web.console.render import STATIC

STYLE = (STATIC / "console.css").read_text()
GROUNDS = ("page", "card", "sunk")
TEXTS = ("ink", "quiet", "accent", "confirmed", "proposed", "cleared", "care")
SOFT = ("confirmed", "proposed", "cleared", "care")


def colours(theme):
    """The colour of each name in one theme: 0 is light, 1 is dark."""
    found = re.findall(r"--([\w-]+): light-dark\((#\w+), (#\w+)\);", STYLE)
    return {name: both[theme] for name, *both in found}


LIGHT, DARK = colours(0), colours(1)


def luminance(colour):
    parts = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one, other):
    low, high = sorted((luminance(one), luminance(other)))
    return (high + 0.05) / (low + 0.05)


@pytest.mark.parametrize("state", [state.value for state in MemberState])
def test_every_state_of_a_member_has_its_colour(state):
    for where in (".node", ".chip", ".bar"):
        assert re.search(rf"\{where}[ .]+{state} {{", STYLE), where


def test_what_a_chart_draws_has_its_colour():
    assert re.search(r"\.columns {", STYLE)
    assert re.search(r"\.columns \.fill {", STYLE)


def test_figures_keep_their_own_colour_but_in_the_choice_that_is_made():
    assert not re.search(r"^\.n { color: inherit", STYLE, re.MULTILINE)
    assert ".pills a[aria-current] .n { color: inherit; }" in STYLE


def test_black_on_white_is_the_known_contrast():
    assert contrast("#000000", "#ffffff") == pytest.approx(21)


@pytest.mark.parametrize("theme", [LIGHT, DARK], ids=["light", "dark"])
def test_text_can_be_read_on_every_ground(theme):
    pairs = [(text, ground) for text in TEXTS for ground in GROUNDS]
    pairs += [(colour, f"{colour}-soft") for colour in SOFT]
    pairs += [("ink", f"{colour}-soft") for colour in SOFT]
    pairs += [("on-accent", "accent"), ("on-accent", "accent-strong"), ("on-band", "band")]
    poor = {pair: round(contrast(theme[pair[0]], theme[pair[1]]), 2) for pair in pairs}
    assert {pair: ratio for pair, ratio in poor.items() if ratio < 4.5} == {}


@pytest.mark.parametrize("theme", [LIGHT, DARK], ids=["light", "dark"])
def test_controls_and_marks_stand_out(theme):
    # The border of fields is one colour in both themes.
    marks = [theme["accent"], theme["confirmed"], theme["cleared"], theme["care"], "#7d8b97"]
    assert [mark for mark in marks if contrast(mark, theme["card"]) < 3] == []

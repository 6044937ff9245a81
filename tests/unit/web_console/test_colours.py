"""Contrast of the colours of both themes (WCAG 2.2, 1.4.3 and 1.4.11), computed from the style sheet."""

import re

import pytest

from havenwall.web.console.render import STATIC

STYLE = (STATIC / "console.css").read_text()
GROUNDS = ("page", "card", "sunk")
TEXTS = ("ink", "quiet", "accent", "confirmed", "proposed", "cleared")
SOFT = ("confirmed", "proposed", "cleared")


def block(head):
    found = re.search(re.escape(head) + r" \{(.*?)\}", STYLE, re.DOTALL)
    return dict(re.findall(r"--([\w-]+): ([^;]+);", found[1]))


LIGHT = block(":root")
DARK = LIGHT | block(':root[data-theme="dark"]')


def luminance(colour):
    parts = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one, other):
    low, high = sorted((luminance(one), luminance(other)))
    return (high + 0.05) / (low + 0.05)


def test_both_ways_into_the_dark_give_the_same_colours():
    assert block(':root:not([data-theme="light"])') == block(':root[data-theme="dark"]')
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
    marks = [theme["accent"], theme["confirmed"], theme["cleared"], "#7d8b97"]
    assert [mark for mark in marks if contrast(mark, theme["card"]) < 3] == []

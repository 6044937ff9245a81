"""Borders: the fast way finds what a plain reading of the rule finds."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from havenwall.match.image.trim import Box, trim, unbar, uncaption


def border(lines, gap):
    """How many lines are border, one line after the other."""
    colour, end = int(np.median(lines[0])), 0
    for at, line in enumerate(lines):
        if (np.abs(line.astype(int) - colour) <= 8).mean() >= 0.97:
            if at - end > gap:
                return end
            end = at + 1
    return end


@st.composite
def framed(draw):
    """Grey levels with plain, noisy and half plain bands on their sides, several on one side among them."""
    rng = np.random.default_rng(draw(st.integers(0, 2**32 - 1)))
    height, width = draw(st.integers(8, 90)), draw(st.integers(8, 90))
    plane = rng.integers(0, 256, (height, width), dtype=np.uint8)
    for _ in range(draw(st.integers(0, 4))):
        wide, level = draw(st.integers(1, 30)), draw(st.sampled_from((0, 3, 128, 250, 255)))
        noise = rng.integers(-9, 10, plane.shape) * draw(st.booleans())
        band = np.clip(level + noise, 0, 255).astype(np.uint8)
        side = draw(st.sampled_from((np.s_[:wide], np.s_[-wide:], np.s_[:, :wide], np.s_[:, -wide:])))
        plane[side] = band[side]
    return plane


@given(plane=framed(), above=st.booleans())
def test_a_caption_ends_where_the_plain_lines_end(plane, above):
    height, width = plane.shape
    lines = plane if above else plane[::-1]
    cut = border(lines[: int(height * 0.75)], int(height * 0.07))
    wanted = Box(top=cut if above else 0, bottom=height if above else height - cut, left=0, right=width)
    assert uncaption(plane, above=above) == wanted


@given(plane=framed())
def test_sides_are_cut_to_the_first_line_that_is_not_plain(plane):
    height, width = plane.shape
    top = border(plane[: int(height * 0.75)], 0)
    below = border(plane[top:][::-1][: int(height * 0.75)], 0)
    inside = plane[top : height - below].T
    box = trim(plane)
    if len(inside[0]) == 0 or box == Box(top=0, bottom=height, left=0, right=width):
        return
    left = border(inside[: int(width * 0.75)], 0)
    right = border(inside[left:][::-1][: int(width * 0.75)], 0)
    assert box == Box(top=top, bottom=height - below, left=left, right=width - right)


@given(plane=framed(), rounds=st.integers(1, 6))
def test_more_rounds_end_when_nothing_is_cut_any_more(plane, rounds):
    box = trim(plane, bridged=True, rounds=rounds)
    if trim(box.of(plane), bridged=True).of(box.of(plane)).shape == box.of(plane).shape:
        assert trim(plane, bridged=True, rounds=rounds + 1) == box


@pytest.mark.parametrize("kind", [np.uint8, np.float32])
def test_a_letterbox_is_cut(kind):
    plane = np.zeros((100, 80), kind)
    plane[20:70] = np.random.default_rng(1).integers(0, 256, (50, 80))
    wanted = Box(top=20, bottom=70, left=0, right=80)
    assert trim(plane) == unbar(plane) == wanted

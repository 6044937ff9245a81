import re

import pytest

from havenwall.web.console.bars import effect_bar, parts_bar, share_bar


def rects(svg):
    found = re.findall(r'<rect class="(\w+)" x="([\d.]+)" y="0" width="([\d.]+)"', svg)
    return [(name, float(x), float(width)) for name, x, width in found]


@pytest.mark.parametrize(("share", "width"), [(0.0, 0), (0.25, 25), (1.0, 100), (1.7, 100), (-1.0, 0)])
def test_a_share_fills_its_part_and_never_more_than_all(share, width):
    assert rects(share_bar(share)) == [("fill", 0, width)]


@pytest.mark.parametrize(
    ("value", "bar"), [(2.0, ("for", 50, 50)), (-1.0, ("against", 25, 25)), (0.0, ("for", 50, 0))]
)
def test_an_effect_points_to_its_side(value, bar):
    assert rects(effect_bar(value, 2.0))[1] == bar


def test_no_effect_at_all_is_no_division_by_zero():
    assert rects(effect_bar(0.0, 0.0))[1] == ("for", 50, 0)


def test_parts_stand_side_by_side_and_fill_the_whole():
    assert rects(parts_bar([("confirmed", 1), ("proposed", 3)])) == [
        ("confirmed", 0, 25),
        ("proposed", 25, 75),
    ]
    assert rects(parts_bar([("confirmed", 0)])) == [("confirmed", 0, 0)]


def test_bars_are_hidden_from_screen_readers():
    assert 'aria-hidden="true"' in share_bar(0.5)

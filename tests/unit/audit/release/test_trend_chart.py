"""Lines over findings: broken where the plan changed, and drawn without script or style."""

import re
from xml.etree import ElementTree

from hypothesis import given, settings
from hypothesis import strategies as st

from havenwall.audit.release.trend_chart import trend_svg

SVG = "{http://www.w3.org/2000/svg}"


def lines_of(svg):
    return [path.get("d") for path in ElementTree.fromstring(svg).iter(f"{SVG}path") if "L" in path.get("d")]


def test_it_is_accessible_and_needs_nothing_from_outside():
    svg = trend_svg("seek on <accounts>", {"none": [0.8, 0.7], "best": [None, 0.0]}, {1}, 0)
    root = ElementTree.fromstring(svg)
    named = [root.find(f"{SVG}{tag}") for tag in ("title", "desc")]
    assert root.get("role") == "img"
    assert root.get("aria-labelledby").split() == [element.get("id") for element in named]
    assert named[1].text == "none: from 80.0% to 70.0%; best: from 0.0% to 0.0%"
    assert not re.search(r"style=|<style|<script|href|url\(|@import", svg)


def test_a_line_ends_where_the_plan_changed_or_a_figure_is_missing():
    assert len(lines_of(trend_svg("t", {"a": [0.1, 0.2, 0.3, 0.4]}, set(), 0))) == 1
    assert len(lines_of(trend_svg("t", {"a": [0.1, 0.2, 0.3, 0.4]}, {2}, 0))) == 2
    assert "new plan" in trend_svg("t", {"a": [0.1, 0.2, 0.3, 0.4]}, {2}, 0)
    assert len(lines_of(trend_svg("t", {"a": [0.1, 0.2, None, 0.4, 0.5]}, set(), 0))) == 2


@settings(max_examples=60)
@given(st.data(), st.integers(1, 40), st.integers(1, 8))
def test_every_finding_has_a_dot_and_nothing_leaves_the_drawing(data, count, arms):
    shares = st.lists(st.none() | st.floats(0, 1), min_size=count, max_size=count)
    lines = {f"arm-{n}": data.draw(shares) for n in range(arms)}
    root = ElementTree.fromstring(trend_svg("t", lines, set(), 0))
    dots = list(root.iter(f"{SVG}circle"))
    assert len(dots) == sum(share is not None for each in lines.values() for share in each)
    assert all(0 < float(dot.get("cx")) < 640 and 0 < float(dot.get("cy")) < 280 for dot in dots)

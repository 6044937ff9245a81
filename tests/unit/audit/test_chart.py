import re
from itertools import pairwise
from xml.etree import ElementTree

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from havenwall.audit import ARM_LABELS, ARMS, ArmResult, AuditPlan, AuditResult, Comparison, Suppressed
from havenwall.audit import chart_svg as draw

SVG = "{http://www.w3.org/2000/svg}"


def made_up(*last, rounds=10, **plan):
    """A result whose four arms end at the given shares."""
    arms = {
        name: ArmResult(
            exposure=share,
            low=share / 2,
            high=min(1, share * 1.5),
            by_round=[share / 2] * (rounds - 1) + [share],
            ever_exposed=1.0,
            saturated=0.0,
            first_exposure=1,
            amplification=1.0,
        )
        for name, share in zip(ARMS, last, strict=True)
    }
    return AuditResult(
        arms=arms,
        suppressed=Suppressed(
            accounts=1.0, precision=None, recall_unknown=None, bystander_share=None, hard_negatives=0.0
        ),
        benign_changed=0.0,
        benign_slots_changed=0.0,
        comparisons={"none_vs_havenwall": Comparison(difference=0, low=0, high=0, p=1, p_platforms=1)},
        plan=AuditPlan(rounds=rounds, **plan),
        prevalence=0.025,
    )


def labels(svg):
    """Height of each arm's label."""
    texts = ElementTree.fromstring(svg).iter(f"{SVG}text")
    return {t.text: float(t.get("y")) for t in texts if t.text in ARM_LABELS.values()}


def test_it_is_accessible_and_needs_nothing_from_outside():
    svg = draw(made_up(0.83, 0.74, 0.0, 0.0))
    root = ElementTree.fromstring(svg)
    named = [root.find(f"{SVG}{tag}") for tag in ("title", "desc")]
    assert root.get("role") == "img"
    assert root.get("aria-labelledby").split() == [element.get("id") for element in named]
    assert "Havenwall: mean 0.0 %" in named[1].text
    assert not re.search(r"style=|<style|<script|href|url\(|@import", svg)
    assert root.find(f"{SVG}rect").get("fill") == "#ffffff"


def test_each_arm_carries_its_mean_and_interval():
    svg = draw(made_up(0.8, 0.6, 0.004, 0.0))
    assert "80.0 % [40.0 %, 100.0 %]" in svg
    assert "0.40 % [0.20 %, 0.60 %]" in svg


def test_arms_differ_without_colour():
    root = ElementTree.fromstring(draw(made_up(0.8, 0.6, 0.1, 0.0)))
    shapes = {p.get("d") for p in root.iter(f"{SVG}path") if p.get("transform")}
    assert len(shapes) == len(ARMS)


@settings(max_examples=50)
@given(st.lists(st.floats(0, 1), min_size=4, max_size=4), st.integers(1, 40))
def test_labels_never_overlap_nor_leave_the_card(last, rounds):
    heights = sorted(labels(draw(made_up(*last, rounds=rounds))).values())
    assert len(heights) == len(ARMS)
    assert all(below - above >= 41.9 for above, below in pairwise(heights))
    assert heights[0] > 80
    assert heights[-1] + 17 < 420


@pytest.mark.parametrize(("top", "ceiling"), [(0.83, "100 %"), (0.3, "50 %"), (0.02, "5 %"), (0.0, "5 %")])
def test_the_scale_starts_at_zero_and_fits_the_highest_line(top, ceiling):
    root = ElementTree.fromstring(draw(made_up(top, 0.0, 0.0, 0.0)))
    ticks = [t.text for t in root.iter(f"{SVG}text") if t.get("text-anchor") == "end"]
    assert (ticks[0], ticks[-1]) == ("0 %", ceiling)


def test_text_from_outside_is_escaped():
    svg = draw(made_up(0.8, 0.6, 0.1, 0.0, recommender="<b>&"))
    assert "&lt;b&gt;&amp;" in svg
    assert ElementTree.fromstring(svg) is not None


def test_it_takes_the_size_it_is_given():
    root = ElementTree.fromstring(draw(made_up(0.8, 0.6, 0.1, 0.0), width=1000, height=500))
    assert (root.get("width"), root.get("height"), root.get("viewBox")) == ("1000", "500", "0 0 1000 500")


def test_the_fixture_is_a_real_result():
    result = made_up(0.8, 0.6, 0.1, 0.0)
    assert msgspec.json.decode(msgspec.json.encode(result), type=AuditResult) == result

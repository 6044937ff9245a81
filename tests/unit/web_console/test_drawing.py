import re
from xml.etree import ElementTree

import pytest
from tests.unit.web_console.made import graph, member

from havenwall.app import GraphLink
from havenwall.model import MemberState
from havenwall.web.console.drawing import mark_svg, network_svg, paired

SVG = "{http://www.w3.org/2000/svg}"


def drawn(*ties, members=()):
    return ElementTree.fromstring(network_svg(graph(*ties, members=members), lambda entity: f"/m/{entity}"))


def test_each_account_is_a_link_with_its_state_and_likelihood_in_words():
    root = drawn(("account:a", "account:b"))
    links = {a.get("href"): a.find(f"{SVG}title").text for a in root.iter(f"{SVG}a")}
    assert links["/m/account:a"] == "account:a: to review, 90\u00a0%"
    assert len(links) == 2


def test_the_marks_stay_out_of_the_tab_order():
    assert {a.get("tabindex") for a in drawn(("account:a", "account:b")).iter(f"{SVG}a")} == {"-1"}


def test_states_differ_in_shape_as_well_as_in_class():
    marks = [ElementTree.fromstring(mark_svg(state)).find("path") or mark_svg(state) for state in MemberState]
    shapes = {re.sub(r"[\d.-]+", "", re.search(r' d="([^"]+)"', str(mark)).group(1)) for mark in marks}
    assert len(shapes) == len(MemberState)


def test_what_is_confirmed_is_drawn_over_the_rest():
    members = (member("account:z", MemberState.CONFIRMED), member("account:c", MemberState.CLEARED))
    order = [a.get("href") for a in drawn(("account:a", "account:z"), members=members).iter(f"{SVG}a")]
    assert order == ["/m/account:c", "/m/account:a", "/m/account:z"]


def test_more_probable_is_larger():
    members = (member("account:a", probability=0.1), member("account:b", probability=0.9))
    paths = [a.find(f"{SVG}path").get("d") for a in drawn(members=members).iter(f"{SVG}a")]
    radii = [float(re.match(r"M-([\d.]+)", path).group(1)) for path in paths]
    assert radii[0] < radii[1]


def test_a_tie_both_ways_is_one_line_of_its_own_kind():
    links = [
        GraphLink(entity=a, target=b, link="follow")
        for a, b in (("x:a", "x:b"), ("x:b", "x:a"), ("x:b", "x:c"), ("x:c", "x:c"))
    ]
    assert paired(links) == {("x:a", "x:b"): True, ("x:b", "x:c"): False}


def test_lines_end_where_the_marks_stand():
    root = drawn(("account:a", "account:b"), ("account:b", "account:c"))
    stands = {a.get("transform").removeprefix("translate(").rstrip(")") for a in root.iter(f"{SVG}a")}
    ends = re.findall(r"[ML]([^ML]+)", "".join(p.get("d") for p in root.findall(f"{SVG}path")))
    assert set(ends) == stands


@pytest.mark.parametrize("count", [30, 31])
def test_names_stand_beside_the_marks_while_there_is_room(count):
    members = tuple(member(f"account:{i}") for i in range(count))
    texts = list(drawn(members=members).iter(f"{SVG}text"))
    assert len(texts) == (count if count <= 30 else 0)


def test_names_from_the_platform_are_escaped():
    root = drawn(members=(member('account:<script>"&'),))
    assert root.find(f"{SVG}a/{SVG}title").text.startswith('account:<script>"&: ')


def test_the_policy_for_content_is_kept():
    svg = network_svg(graph(("account:a", "account:b")), str)
    assert not re.search(r"style|<script|\son\w+=|url\(", svg)

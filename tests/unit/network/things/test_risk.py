import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from havenwall.network.things.config import ThingConfig
from havenwall.network.things.risk import thing_risks

ORDINARY = 0.002


def judged(graph, confirmed=(), likely=(), config=None, chance=ORDINARY, **more):
    probability = np.full(graph.n, chance)
    probability[[graph.names.row(f"account:{number:05}") for number in likely]] = 0.9
    rows = graph.index([f"account:{number:05}" for number in confirmed])
    return thing_risks(graph, probability, rows, config, **more)


def risk_of(entity, *args, **kwargs):
    return next(risk for risk in judged(*args, **kwargs) if risk.entity == entity)


def thing(name, accounts):
    return [(account, name) for account in accounts]


def test_two_of_three_are_not_two_hundred_of_three_hundred(town):
    graph = town(*thing("group:small", range(3)), *thing("group:large", range(100, 400)), accounts=6_000)
    many = [0, 1, *range(100, 300)]
    small = risk_of("group:small", graph, confirmed=many)
    large = risk_of("group:large", graph, confirmed=many)
    assert (small.users, small.confirmed, large.users, large.confirmed) == (3, 2, 300, 200)
    assert large.low > 2 * small.low
    assert large.high - large.low < 0.12 < small.high - small.low


def test_a_popular_tag_with_thirty_members_stays_low(town):
    graph = town(kind="tag", accounts=10_000)
    risk = risk_of("tag:everybody", graph, confirmed=range(30))
    assert (risk.users, risk.confirmed, risk.independent) == (10_000, 30, 30)
    assert not risk.over_threshold
    assert risk.high < 0.01
    assert risk.lift < 1.5


def test_a_family_group_with_one_member_is_not_condemned(town):
    graph = town(*thing("group:family", range(4)))
    risk = risk_of("group:family", graph, confirmed=[0])
    assert not risk.over_threshold
    assert risk.low < 0.01
    assert "Below the threshold" in risk.why


@pytest.mark.parametrize("contact", [True, False])
def test_one_persons_accounts_count_once(town, contact):
    shared = thing("domain:own", range(4)) if contact else []
    graph = town(*thing("group:club", range(8)), *shared)
    risk = risk_of("group:club", graph, confirmed=range(4))
    assert (risk.confirmed, risk.independent) == (4, 1 if contact else 4)
    assert risk.over_threshold is not contact


def test_a_flood_by_one_account_changes_nothing(town):
    quiet = town(*thing("group:club", range(6)))
    loud = town(*thing("group:club", range(6)), *thing("group:club", [0] * 50))
    assert risk_of("group:club", quiet, confirmed=[0]) == risk_of("group:club", loud, confirmed=[0])


def test_a_network_group_is_found_and_explained(town):
    graph = town(*thing("group:trade", range(14)))
    risks = judged(graph, confirmed=[0, 1, 2], likely=range(3, 11))
    risk = risks[0]
    assert risk.entity == "group:trade"
    assert risk.over_threshold
    assert (risk.users, risk.confirmed, risk.likely, risk.independent) == (14, 3, 8, 11)
    assert risk.why.startswith(
        "11 of 14 members of the group are confirmed or likely (3 confirmed); platform"
    )
    assert "Below" not in risk.why
    assert risk.top_users == tuple(f"account:{number:05}" for number in range(5))
    assert risk.low <= risk.share <= risk.high
    assert [one.entity for one in risks if one.over_threshold] == ["group:trade"]


def test_cleared_users_weigh_against_it(town):
    graph = town(*thing("group:club", range(12)))
    probability = np.full(graph.n, ORDINARY)
    cleared = probability.copy()
    cleared[[graph.names.row(f"account:{number:05}") for number in range(4, 12)]] = 0.0
    rows = graph.index(["account:00000", "account:00001"])
    before, after = (
        next(risk for risk in thing_risks(graph, chance, rows) if risk.entity == "group:club")
        for chance in (probability, cleared)
    )
    assert after.low < before.low
    assert after.share < before.share


@settings(max_examples=5)
@given(st.integers(2, 9), st.integers(0, 20))
def test_one_more_member_never_lowers_it(town, members, others):
    graph = town(*thing("group:club", range(members + 1 + others)))
    less = risk_of("group:club", graph, likely=range(members))
    more = risk_of("group:club", graph, likely=range(members + 1))
    assert more.low >= less.low * 0.999
    assert more.share > less.share
    assert more.over_threshold >= less.over_threshold


@settings(max_examples=5)
@given(st.permutations(range(40)))
def test_names_of_accounts_do_not_matter(make_graph, new):
    uses = [(account, f"group:{group}") for group in range(12) for account in range(group, 40, group + 2)]
    members = [0, 2, 4, 6]
    one = judged(make_graph(uses), confirmed=members)
    other = judged(
        make_graph([(new[account], name) for account, name in uses]), confirmed=[new[m] for m in members]
    )
    assert len(one) > 3
    for left, right in zip(one, other, strict=True):
        assert (left.entity, left.confirmed, left.over_threshold) == (
            right.entity,
            right.confirmed,
            right.over_threshold,
        )
        assert (left.share, left.low, left.high) == pytest.approx(
            (right.share, right.low, right.high), rel=1e-6
        )


def test_ranked_by_the_lower_bound_and_cut_below_the_threshold(town):
    graph = town(*thing("group:trade", range(14)))
    risks = judged(graph, confirmed=range(10), config=ThingConfig(margin=3))
    assert [risk.low for risk in risks] == sorted((risk.low for risk in risks), reverse=True)
    assert sum(not risk.over_threshold for risk in risks) == 3
    assert all(risk.confirmed for risk in risks)


def test_who_started_a_stream_counts(town):
    graph = town(*thing("live:show", range(5)))
    started = pl.DataFrame({"entity": ["account:00009"], "target": ["live:show"]})
    risk = risk_of("live:show", graph, confirmed=[0, 9], started=started)
    assert (risk.users, risk.confirmed) == (6, 2)


def test_nothing_is_said_without_members(town, make_graph):
    assert judged(town()) == ()
    assert (
        thing_risks(
            make_graph([], links=[("account:1", "account:2", "follow")]), np.zeros(2), np.empty(0, int)
        )
        == ()
    )

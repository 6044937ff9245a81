import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from havenwall.network.graph import from_pairs
from havenwall.network.things.config import ThingConfig
from havenwall.network.things.evidence import tag_evidence
from havenwall.network.things.judge import judge
from havenwall.network.things.likelihood import SHARE
from havenwall.network.things.shares import posterior
from havenwall.network.things.votes import cast_votes


def about(graph, account, members, config=None, shown=5):
    config = config or ThingConfig()
    found = judge(graph, np.full(graph.n, 0.002), graph.index([f"account:{m:05}" for m in members]), config)
    return tag_evidence(found, graph.index([f"account:{account:05}"]), config, shown=shown)[0]


def test_a_tag_of_members_says_more_than_everybodys(town):
    graph = town(
        *[(account, "tag:trade") for account in range(10)], *[(account, "group:club") for account in range(9)]
    )
    found = about(graph, 9, range(8))
    assert [one.entity for one in found] == ["tag:trade"]
    assert (found[0].users, found[0].suspects) == (9, 8)
    assert found[0].log_odds > np.log(20)
    assert found[0].share > 0.3
    assert {one.entity for one in about(graph, 8, range(8))} == {"tag:trade", "group:club"}


@settings(max_examples=6)
@given(st.integers(0, 7))
def test_the_share_is_that_of_the_thing_without_the_account(town, account):
    own = [(0, "domain:own"), (1, "domain:own")]
    graph = town(*[(number, "group:trade") for number in range(8)], *own, kind="group")
    config = ThingConfig(most_users=1_000_000)
    members = [2, 3, 4]
    probability = np.full(graph.n, 0.002)
    probability[graph.index([f"account:{member:05}" for member in members])] = 0.9
    found = judge(graph, probability, np.empty(0, int), config)
    group = next(kind for kind in found if kind.uses.kind == "group")
    row = graph.index([f"account:{account:05}"])
    one = next(e for e in tag_evidence(found, row, config, shown=9)[0] if e.entity == "group:trade")
    users = group.uses.users.row(group.uses.names.row("group:trade")).astype(int)
    left = users[group.hand[users] != group.hand[row[0]]]
    alone = from_pairs(np.zeros(len(left), int), left, (1, graph.n))
    votes = cast_votes(alone, probability, group.hand, np.ones(len(left)), config.likely)
    expected = posterior(votes, np.array([0]), group.prior, config.most_users) @ SHARE
    assert one.share == pytest.approx(float(expected[0]), rel=1e-6)
    assert (one.users, one.suspects) == (len(left), len(set(members) - {account}))


def test_nobody_speaks_for_itself(town):
    graph = town(*[(account, "tag:trade") for account in range(5)])
    alone = {one.entity: one for one in about(graph, 0, [0])}
    assert "tag:trade" not in alone
    assert about(graph, 1, [0])[0].suspects == 1


def test_nor_do_ones_own_other_accounts(town):
    own = [(0, "domain:own"), (1, "domain:own")]
    graph = town(*[(account, "tag:trade") for account in range(5)], *own)
    assert "tag:trade" not in {one.entity for one in about(graph, 1, [0])}
    assert "tag:trade" in {one.entity for one in about(graph, 2, [0])}


def test_at_most_so_many_and_the_strongest_first(town):
    tags = [(account, f"tag:trade-{number}") for number in range(6) for account in range(4 + number)]
    graph = town(*tags)
    found = about(graph, 3, [0, 1, 2], shown=4)
    assert [one.log_odds for one in found] == sorted((one.log_odds for one in found), reverse=True)
    assert [one.entity for one in found] == [f"tag:trade-{number}" for number in range(4)]


def test_an_account_without_things_has_no_evidence(make_graph):
    graph = make_graph([(1, "tag:a"), (2, "tag:a")], links=[("account:00003", "account:00001", "follow")])
    assert about(graph, 3, [1]) == ()

import numpy as np
import pytest

from havenwall.errors import BadInput, NotFound, NotReady
from havenwall.model import Lane, LinkKind, NetworkRole
from havenwall.network.graph import Graph, NumberNames, from_pairs
from havenwall.network.roles import Hints, type_roles
from havenwall.network.roles.scorecard import COLUMN, STANDARD

NOBODY = np.empty(0, np.int64)


@pytest.fixture(scope="module")
def table(village):
    return type_roles(village.graph, village.seeds, NOBODY)


def share(village, table, kind):
    rows = np.setdiff1d(village.rows[kind], village.seeds)
    return np.mean(table.roles[rows] == COLUMN[NetworkRole(kind)])


@pytest.mark.parametrize(
    ("kind", "least"),
    [("trader", 0.8), ("buyer", 0.6), ("victim", 0.8), ("press", 1), ("ordinary", 0.97), ("hub", 1)],
)
def test_most_get_their_role(village, table, kind, least):
    assert share(village, table, kind) >= least


def test_bystanders_stay_out_of_enforcement_even_over_the_threshold(village, table):
    enforced = table.in_lane(Lane.ENFORCEMENT)
    for kind in ("victim", "press", "lookalike", "celebrity", "fan", "ordinary"):
        assert not np.isin(village.rows[kind], enforced).any(), kind
    assert np.isin(village.rows["trader"], enforced).mean() > 0.6


def test_victims_are_in_the_protective_lane(village, table):
    assert np.isin(village.rows["victim"], table.in_lane(Lane.PROTECTIVE)).mean() >= 0.8


def test_a_minors_account_is_never_enforced(village):
    hints = Hints(minor=np.ones(village.n, bool))
    table = type_roles(village.graph, village.seeds, NOBODY, hints=hints)
    assert not len(table.in_lane(Lane.ENFORCEMENT))
    assert np.isin(village.rows["trader"], table.in_lane(Lane.PROTECTIVE)).all()


def test_the_threshold_limits_lanes(village):
    over = np.zeros(village.n, bool)
    over[village.rows["trader"]] = True
    table = type_roles(village.graph, village.seeds, NOBODY, over_threshold=over)
    assert np.isin(table.in_lane(Lane.ENFORCEMENT), village.rows["trader"]).all()
    assert np.isin(village.rows["victim"], table.in_lane(Lane.PROTECTIVE)).mean() > 0.5


def test_cleared_accounts_are_left_alone(village):
    cleared = village.rows["trader"][12:16]
    table = type_roles(village.graph, village.seeds, cleared)
    for row in cleared.tolist():
        assert table.of(row).lane is Lane.NONE
        assert not table.of(row).needs_person


def test_cleared_creators_vouch_for_others_with_their_audience(village, table):
    cleared, other = village.rows["lookalike"][:4], village.rows["lookalike"][4:]
    vouched = type_roles(village.graph, village.seeds, cleared)
    before, after = (some.chance_of(NetworkRole.LOOKALIKE)[other] for some in (table, vouched))
    assert (after > before).all()


def test_evidence_adds_up_and_leads_with_the_weightiest(village, table):
    for kind in ("trader", "victim", "press"):
        typed = table.of(int(village.rows[kind][-1]))
        weights = [item.weight for item in typed.evidence]
        assert [abs(w) for w in weights] == sorted((abs(w) for w in weights), reverse=True)
        prior = STANDARD.priors[COLUMN[typed.role]] - STANDARD.priors[COLUMN[typed.rival]]
        assert prior + sum(weights) == pytest.approx(
            typed.odds[typed.role] - typed.odds[typed.rival], abs=1e-3
        )
        assert typed.evidence[0].text


def test_some_rows_are_typed_as_among_all(village, table):
    rows = np.concatenate([village.rows[kind][:4] for kind in village.rows])
    some = type_roles(village.graph, village.seeds, NOBODY, rows=rows)
    assert np.allclose(some.odds, table.odds[rows], atol=1e-4)
    assert np.array_equal(some.lanes, table.lanes[rows])


def test_order_of_accounts_does_not_matter(village, table):
    new = np.random.default_rng(3).permutation(village.n)
    src, dst = np.array(sorted(village.pairs)).T
    follows = from_pairs(new[src], new[dst], (village.n, village.n))
    tags = village.graph.uses[LinkKind.TAG_USE]
    moved = from_pairs(new[tags.sources()], tags.indices, (village.n, 2))
    graph = Graph(
        NumberNames(range(village.n)),
        {LinkKind.FOLLOW: follows},
        {LinkKind.TAG_USE: moved},
        village.graph.things,
    )
    other = type_roles(graph, np.sort(new[village.seeds]), NOBODY)
    assert np.allclose(other.odds[new], table.odds, atol=1e-3)
    assert np.array_equal(other.lanes[new], table.lanes)


def test_following_the_innocent_does_not_help_a_trader(village, table):
    hidden = int(np.intersect1d(village.rows["trader"][10:], table.in_lane(Lane.ENFORCEMENT))[0])
    cover = village.rows["ordinary"][:150]
    src, dst = np.array(sorted(village.pairs)).T
    follows = from_pairs(
        np.append(src, np.full(150, hidden)), np.append(dst, cover), (village.n, village.n), loops=False
    )
    graph = Graph(village.graph.names, {LinkKind.FOLLOW: follows}, village.graph.uses, village.graph.things)
    typed = type_roles(graph, village.seeds, NOBODY, rows=np.array([hidden])).of(hidden)
    assert typed.lane is Lane.ENFORCEMENT


def test_says_what_is_not_known(village):
    known = Hints(minor=np.zeros(village.n, bool), reports=np.zeros(village.n, np.int64))
    typed = type_roles(village.graph, village.seeds, NOBODY, hints=known).of(0)
    assert len(typed.unknown) == 3
    assert sum(typed.probability.values()) == pytest.approx(1, abs=1e-5)


def test_bad_input(village, table):
    graph, seeds = village.graph, village.seeds
    with pytest.raises(NotReady):
        type_roles(graph, NOBODY, NOBODY)
    with pytest.raises(BadInput, match="rows"):
        type_roles(graph, seeds, NOBODY, rows=np.array([village.n]))
    with pytest.raises(BadInput, match="chance"):
        type_roles(graph, seeds, NOBODY, chance=np.zeros(3, np.float32))
    with pytest.raises(BadInput, match="over_threshold"):
        type_roles(graph, seeds, NOBODY, over_threshold=np.zeros(3, bool))
    with pytest.raises(BadInput, match="minor"):
        type_roles(graph, seeds, NOBODY, hints=Hints(minor=np.zeros(3, bool)))
    with pytest.raises(NotFound):
        type_roles(graph, seeds, NOBODY, rows=np.array([1])).of(2)

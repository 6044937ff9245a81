import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import chi2_contingency

from havenwall.errors import BadConfig
from havenwall.network.things.succession import SuccessionConfig, g_squared, successions
from havenwall.network.things.use import who_uses

MOVERS = 25


def uses_of(make_graph, rotate, seed=0):
    """Tags of 800 accounts over 200 days; 25 move from tag:first to tag:second on day 100 if told to."""
    rng = np.random.default_rng(seed)
    background = [
        (int(account), f"tag:plain-{tag:02}", float(rng.uniform(0, 200)))
        for tag in range(40)
        for account in rng.choice(800, rng.integers(10, 60), replace=False)
    ]
    moving = []
    for account in range(MOVERS):
        first, second = rng.uniform(0, 100), rng.uniform(100, 200)
        moving += [(account, "tag:first", float(first if rotate else rng.uniform(0, 200)))]
        moving += [(account, "tag:second", float(second if rotate else rng.uniform(0, 200)))]
    passing = [
        (int(a), tag, float(rng.uniform(0, 200)))
        for tag in ("tag:first", "tag:second")
        for a in rng.choice(800, 6)
    ]
    (uses,) = who_uses(make_graph([*background, *moving, *passing], dated=True))
    return uses


def test_finds_the_tag_that_followed(make_graph):
    (found,) = successions(uses_of(make_graph, rotate=True))
    assert (found.old, found.new) == ("tag:first", "tag:second")
    assert found.moved > 15 > 5 * found.expected
    assert found.order > 0.8
    assert found.p_value < 1e-9
    assert found.log_likelihood_ratio > 50
    assert f"{found.moved} of the " in found.why
    assert "2026-04" in found.why or "2026-05" in found.why


def test_two_tags_of_one_circle_do_not_follow_each_other(make_graph):
    assert successions(uses_of(make_graph, rotate=False)) == ()


@pytest.mark.parametrize("seed", range(3))
def test_tags_used_at_random_give_no_candidates(make_graph, seed):
    uses = uses_of(make_graph, rotate=True, seed=seed)
    plain = np.array([row for row, name in enumerate(uses.names) if "plain" in name])
    assert successions(uses, plain) == ()


def test_looks_only_where_told_and_needs_enough_movers(make_graph):
    uses = uses_of(make_graph, rotate=True)
    rows = {name: row for row, name in enumerate(uses.names)}
    assert len(successions(uses, np.array([rows["tag:first"]]))) == 1
    assert successions(uses, np.array([rows["tag:second"]])) == ()
    assert successions(uses, config=SuccessionConfig(moved=MOVERS + 1)) == ()
    assert successions(uses, config=SuccessionConfig(most_users=20)) == ()


def test_without_dates_there_are_none(make_graph):
    (uses,) = who_uses(make_graph([(1, "tag:a"), (1, "tag:b")]))
    assert successions(uses) == ()


@given(st.lists(st.integers(1, 500), min_size=4, max_size=4))
def test_g_squared_is_that_of_scipy(counts):
    table = np.array(counts).reshape(2, 2)
    expected = chi2_contingency(table, correction=False, lambda_="log-likelihood").statistic
    assert g_squared(table) == pytest.approx(expected, abs=1e-6)


def test_a_table_with_empty_cells_has_one():
    assert g_squared(np.array([[5, 0], [0, 5]])) == pytest.approx(2 * 10 * np.log(2))


@pytest.mark.parametrize(
    ("field", "value"), [("moved", 0), ("order", 0.4), ("order", 1.1), ("significance", 0.0)]
)
def test_refuses_bad_settings(field, value):
    with pytest.raises(BadConfig, match=field):
        SuccessionConfig(**{field: value})

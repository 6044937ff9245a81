import numpy as np
import pytest

from havenwall.errors import BadConfig, NotReady
from havenwall.network import ANY_GRAPH, THOROUGH, Candidate, FeatureSet, Form, ScoreConfig, from_edges, score

LOGISTIC = ScoreConfig(candidates=(Candidate(Form.LOGISTIC, (FeatureSet.COUNTS,)),))


def test_finds_the_hidden_members(planted):
    graph, members = planted
    scored = score(graph, members[:40])
    found = np.flatnonzero(scored.over_threshold)
    assert np.isin(found, members[40:]).mean() > 0.85
    assert np.isin(members[40:], found).mean() > 0.6
    assert not np.isin(found, members[:40]).any()


def test_factors_of_a_weighted_sum_add_up_to_the_score(planted):
    graph, members = planted
    scored = score(graph, members[:40], config=LOGISTIC)
    rest = scored.fit.score(scored.table.values) - scored.factors(np.arange(graph.n)).sum(axis=1)
    np.testing.assert_allclose(rest, rest[0], atol=1e-4)


@pytest.mark.parametrize("form", Form)
def test_more_evidence_never_lowers_a_score(planted, form):
    graph, members = planted
    config = ScoreConfig(candidates=(Candidate(form, (FeatureSet.COUNTS,)),))
    scored = score(graph, members[:40], config=config)
    column = scored.table.names.index("links_to_seeds")
    more = scored.table.values.copy()
    more[:, column] += 1
    assert (scored.fit.score(more) >= scored.fit.score(scored.table.values) - 1e-6).all()


def test_trees_must_be_clearly_better(planted):
    graph, members = planted
    assert score(graph, members[:40], config=ScoreConfig(candidates=THOROUGH)).model.startswith("logistic")


def test_no_evidence_flags_nobody(planted):
    graph, members = planted
    others = np.setdiff1d(np.arange(graph.n), members)
    assert score(graph, others[::27]).over_threshold.mean() < 0.02


def test_cleared_accounts_are_never_over(planted):
    graph, members = planted
    over = np.flatnonzero(score(graph, members[:40]).over_threshold)[:5]
    again = score(graph, members[:40], cleared=over)
    assert not again.over_threshold[over].any()
    assert (again.probability[over] == 0).all()


def test_few_seeds_rank_but_flag_nobody(planted):
    graph, members = planted
    scored = score(graph, members[:4])
    assert scored.model == "few_seeds"
    assert not scored.over_threshold.any()
    assert scored.score.max() < scored.threshold
    top = np.argsort(-scored.score)[:80]
    assert np.isin(top, members).mean() > 0.5


def test_known_negatives_are_learned_from(planted):
    graph, members = planted
    others = np.setdiff1d(np.arange(graph.n), members)
    scored = score(graph, members[:40], negatives=others[:200], config=ScoreConfig(candidates=ANY_GRAPH))
    assert scored.score[members[40:]].mean() > scored.score[others[200:]].mean() + 1
    names = [scored.table.names[column] for column in scored.fit.columns]
    away = [place for place, name in enumerate(names) if name.startswith("not_")]
    assert away
    assert all((model.weights[away] <= 0).all() for model in scored.fit.models)


def test_same_input_same_scores(planted):
    graph, members = planted
    np.testing.assert_array_equal(score(graph, members[:40]).score, score(graph, members[:40]).score)


def test_nothing_to_start_from(planted):
    with pytest.raises(NotReady):
        score(planted[0], np.empty(0, np.int64))


def test_a_graph_without_links_is_scored():
    none = np.empty(0, np.int64)
    assert not score(from_edges(none, none, 30), np.arange(12)).over_threshold.any()


@pytest.mark.parametrize("field", [{"keep": 0.0}, {"floor": 2.0}, {"folds": 1}, {"candidates": ()}])
def test_bad_settings(field):
    with pytest.raises(BadConfig):
        ScoreConfig(**field)

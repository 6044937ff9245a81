import numpy as np
import pytest

from havenwall.errors import BadGraph
from havenwall.network import METRICS, evaluate, ranking_figures


def test_figures_by_hand():
    figures = ranking_figures(np.array([4.0, 2.0]), np.array([3.0, 1.0]))
    assert figures == pytest.approx(
        {
            "auc": 0.75,
            "average_precision": 5 / 6,
            "precision_at_50": 1.0,
            "precision_at_80": 2 / 3,
            "r_precision": 0.5,
        }
    )


def test_equal_scores_do_not_flatter():
    assert ranking_figures(np.zeros(3), np.zeros(9))["r_precision"] == 0


def test_every_model_is_measured(planted):
    graph, members = planted
    result = evaluate(graph, members, draws=2)
    names = {"model", "links", "shared_followers", "pagerank", "pagerank_per_degree"}
    assert set(result.models) == names
    assert all(set(figures) == set(METRICS) for figures in result.models.values())
    assert result.models["model"]["auc"] > 0.95
    assert sum(result.chosen.values()) == result.draws == 2
    assert result.seeds == 36


def test_labelled_negatives_are_given_in_part(planted):
    graph, members = planted
    others = np.setdiff1d(np.arange(graph.n), members)
    assert evaluate(graph, members, others[:300], draws=1).models["model"]["auc"] > 0.95


def test_too_few_labels(planted):
    graph, members = planted
    with pytest.raises(BadGraph, match="positives"):
        evaluate(graph, members[:1])
    with pytest.raises(BadGraph, match="known_share"):
        evaluate(graph, members, known_share=1.5)

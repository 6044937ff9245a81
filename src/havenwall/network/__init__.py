"""From confirmed accounts to the network around them: graph, features, model, explanation, evaluation."""

from havenwall.network.config import ANY_GRAPH, PLATFORM, ScoreConfig
from havenwall.network.edgelist import read_graph, read_label_lines, read_labels
from havenwall.network.evaluate import (
    METRICS,
    Evaluation,
    Labelled,
    evaluate,
    evaluate_splits,
    ranking_figures,
)
from havenwall.network.explain import make_risks, seed_shares
from havenwall.network.features import FEATURES, Feature, FeatureSet
from havenwall.network.graph import Graph, build_graph, from_edges
from havenwall.network.model import Scored, score
from havenwall.network.pagerank import Direction, pagerank, transition
from havenwall.network.stage import NetworkStage
from havenwall.network.view import NetworkView

__all__ = [
    "ANY_GRAPH",
    "FEATURES",
    "METRICS",
    "PLATFORM",
    "Direction",
    "Evaluation",
    "Feature",
    "FeatureSet",
    "Graph",
    "Labelled",
    "NetworkStage",
    "NetworkView",
    "ScoreConfig",
    "Scored",
    "build_graph",
    "evaluate",
    "evaluate_splits",
    "from_edges",
    "make_risks",
    "pagerank",
    "ranking_figures",
    "read_graph",
    "read_label_lines",
    "read_labels",
    "score",
    "seed_shares",
    "transition",
]

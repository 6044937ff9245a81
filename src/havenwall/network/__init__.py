"""From confirmed accounts to the network around them: graph, features, model, explanation, evaluation."""

from havenwall.network.communities import find_communities
from havenwall.network.config import ANY_GRAPH, PLATFORM, THOROUGH, Candidate, FeatureSet, Form, ScoreConfig
from havenwall.network.evidence import FEATURES, Feature, Scored, score
from havenwall.network.find import Found, find_network
from havenwall.network.graph import Graph, build_graph, from_edges
from havenwall.network.graph.edgelist import read_graph, read_label_lines, read_labels
from havenwall.network.reasons import make_risks, seed_shares
from havenwall.network.stages import DiscoverStage, NeighboursStage, NetworkStage, ReturnsStage
from havenwall.network.suite import (
    METRICS,
    Evaluation,
    Labelled,
    evaluate,
    evaluate_splits,
    ranking_figures,
)
from havenwall.network.view import DiscoverView, NetworkView, ReturnsView
from havenwall.network.walk import Direction, pagerank

__all__ = [
    "ANY_GRAPH",
    "FEATURES",
    "METRICS",
    "PLATFORM",
    "THOROUGH",
    "Candidate",
    "Direction",
    "DiscoverStage",
    "DiscoverView",
    "Evaluation",
    "Feature",
    "FeatureSet",
    "Form",
    "Found",
    "Graph",
    "Labelled",
    "NeighboursStage",
    "NetworkStage",
    "NetworkView",
    "ReturnsStage",
    "ReturnsView",
    "ScoreConfig",
    "Scored",
    "build_graph",
    "evaluate",
    "evaluate_splits",
    "find_communities",
    "find_network",
    "from_edges",
    "make_risks",
    "pagerank",
    "ranking_figures",
    "read_graph",
    "read_label_lines",
    "read_labels",
    "score",
    "seed_shares",
]

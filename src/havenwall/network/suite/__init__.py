"""How well the network is found: on labelled graphs, on sandbox draws, and where there is nothing to find."""

from havenwall.network.suite.evaluate import (
    METRICS,
    Evaluation,
    Labelled,
    evaluate,
    evaluate_splits,
    ranking_figures,
)
from havenwall.network.suite.outcome import PEERS, lane_outcome, peer_ranking, ranking, ranking_outcome

__all__ = [
    "METRICS",
    "PEERS",
    "Evaluation",
    "Labelled",
    "evaluate",
    "evaluate_splits",
    "lane_outcome",
    "peer_ranking",
    "ranking",
    "ranking_figures",
    "ranking_outcome",
]

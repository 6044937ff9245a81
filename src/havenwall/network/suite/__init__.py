"""How well the network is found: on labelled graphs, on sandbox draws, and where there is nothing to find."""

from havenwall.network.suite.evaluate import (
    METRICS,
    Evaluation,
    Labelled,
    evaluate,
    evaluate_splits,
    ranking_figures,
)

__all__ = ["METRICS", "Evaluation", "Labelled", "evaluate", "evaluate_splits", "ranking_figures"]

"""Re-registration: candidates for "this is a removed account again"."""

from havenwall.network.returns.config import ReturnConfig
from havenwall.network.returns.factors import FACTORS, Factor
from havenwall.network.returns.history import UNKNOWN, History, build_history, history_of
from havenwall.network.returns.link import Judged, Return, find_returns, judge
from havenwall.network.returns.pairs import Comparison, compare, factors
from havenwall.network.returns.reasons import Reason
from havenwall.network.returns.scorecard import PRIOR, Scorecard, fit_returns
from havenwall.network.returns.sets import Kind
from havenwall.network.returns.sketch import Sketch, jaccard, rarity, sketch

__all__ = [
    "FACTORS",
    "PRIOR",
    "UNKNOWN",
    "Comparison",
    "Factor",
    "History",
    "Judged",
    "Kind",
    "Reason",
    "Return",
    "ReturnConfig",
    "Scorecard",
    "Sketch",
    "build_history",
    "compare",
    "factors",
    "find_returns",
    "fit_returns",
    "history_of",
    "jaccard",
    "judge",
    "rarity",
    "sketch",
]

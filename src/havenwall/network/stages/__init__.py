"""What runs in the service: without seeds, the whole graph, a decision's neighbours, who came back."""

from havenwall.network.stages.discover import DiscoverStage
from havenwall.network.stages.neighbours import NeighboursStage
from havenwall.network.stages.returns import ReturnsStage
from havenwall.network.stages.scoring import NetworkStage

__all__ = ["DiscoverStage", "NeighboursStage", "NetworkStage", "ReturnsStage"]

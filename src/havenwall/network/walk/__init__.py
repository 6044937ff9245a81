"""Walks on the graph: PageRank of many campaigns side by side, and local push that touches a few rows."""

from havenwall.network.walk.direction import Direction
from havenwall.network.walk.layer import Layer
from havenwall.network.walk.local import Local
from havenwall.network.walk.pagerank import pagerank
from havenwall.network.walk.push import Push, PushConfig, reverse_push
from havenwall.network.walk.ways import Ways

__all__ = ["Direction", "Layer", "Local", "Push", "PushConfig", "Ways", "pagerank", "reverse_push"]

"""The graph as it changes: a layer of changes, exact counts, and candidates within milliseconds."""

from havenwall.network.live.candidates import Candidate, Live, LiveConfig
from havenwall.network.live.counters import Counters, CountRule, count_around
from havenwall.network.live.delta import DeltaGraph
from havenwall.network.live.ledger import Count

__all__ = ["Candidate", "Count", "CountRule", "Counters", "DeltaGraph", "Live", "LiveConfig", "count_around"]

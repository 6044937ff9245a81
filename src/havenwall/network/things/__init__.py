"""The risk of things (groups, tags, live streams, domains, media) from their users, and what things tell."""

from havenwall.network.things.config import ThingConfig
from havenwall.network.things.evidence import ThingEvidence, tag_evidence
from havenwall.network.things.judge import Judged, judge
from havenwall.network.things.risk import ThingRisk, thing_risks
from havenwall.network.things.succession import Succession, SuccessionConfig, successions
from havenwall.network.things.use import Uses, who_uses

__all__ = [
    "Judged",
    "Succession",
    "SuccessionConfig",
    "ThingConfig",
    "ThingEvidence",
    "ThingRisk",
    "Uses",
    "judge",
    "successions",
    "tag_evidence",
    "thing_risks",
    "who_uses",
]

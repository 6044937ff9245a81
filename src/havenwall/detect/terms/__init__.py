"""New terms and variants of listed ones, proposed to a person with evidence."""

from havenwall.detect.terms.config import DiscoveryConfig
from havenwall.detect.terms.discover import find_terms
from havenwall.detect.terms.speech import uses_of
from havenwall.detect.terms.stage import TermStage
from havenwall.detect.terms.tally import USES

__all__ = ["USES", "DiscoveryConfig", "TermStage", "find_terms", "uses_of"]

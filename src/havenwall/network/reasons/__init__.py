"""Why an account has its score, in numbers and in sentences."""

from havenwall.network.reasons.of_things import make_thing_risks
from havenwall.network.reasons.risks import make_risks
from havenwall.network.reasons.shares import seed_shares
from havenwall.network.reasons.without import rescored

__all__ = ["make_risks", "make_thing_risks", "rescored", "seed_shares"]

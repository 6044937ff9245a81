"""Why an account has its score, in numbers and in sentences."""

from havenwall.network.reasons.risks import make_risks
from havenwall.network.reasons.shares import seed_shares

__all__ = ["make_risks", "seed_shares"]

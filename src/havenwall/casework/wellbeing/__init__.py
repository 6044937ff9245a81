"""How much of what is hard to see one person gets to see, and what may be told of it."""

from havenwall.casework.wellbeing.limits import ExposureLimits, check_limits
from havenwall.casework.wellbeing.standing import standing_of
from havenwall.casework.wellbeing.weeks import FEWEST, told_weeks

__all__ = ["FEWEST", "ExposureLimits", "check_limits", "standing_of", "told_weeks"]

"""Decision → Case, Action, Standing; people confirm and clear here."""

from havenwall.casework.lifecycle import MOVES, STEPS, Step, after, state_of
from havenwall.casework.queues import Clocks
from havenwall.casework.review import check_still, review
from havenwall.casework.stage import CaseworkStage
from havenwall.casework.view import CaseworkView

__all__ = [
    "MOVES",
    "STEPS",
    "CaseworkStage",
    "CaseworkView",
    "Clocks",
    "Step",
    "after",
    "check_still",
    "review",
    "state_of",
]

"""Decision → Case, Action, Standing; people confirm and clear here."""

from havenwall.casework.lifecycle import MOVES, priority_of, state_of
from havenwall.casework.review import review
from havenwall.casework.stage import CaseworkStage
from havenwall.casework.view import CaseworkView

__all__ = ["MOVES", "CaseworkStage", "CaseworkView", "priority_of", "review", "state_of"]

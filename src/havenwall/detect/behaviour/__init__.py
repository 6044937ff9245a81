"""Behaviour over time → Signal: one small rule per file, joined by a plain tuple."""

from havenwall.detect.behaviour.base import Behaviour, Found, Ladder
from havenwall.detect.behaviour.registry import BEHAVIOURS, behaviour_page
from havenwall.detect.behaviour.row import Row
from havenwall.detect.behaviour.stage import BehaviourStage
from havenwall.detect.behaviour.view import BehaviourView
from havenwall.detect.behaviour.watch import Watch

__all__ = [
    "BEHAVIOURS",
    "Behaviour",
    "BehaviourStage",
    "BehaviourView",
    "Found",
    "Ladder",
    "Row",
    "Watch",
    "behaviour_page",
]

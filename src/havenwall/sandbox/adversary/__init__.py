"""An adversary that rewires a sandbox's network after each release of the guard: for audits over releases."""

from havenwall.sandbox.adversary.churn import churn
from havenwall.sandbox.adversary.events import step_frames
from havenwall.sandbox.adversary.moves import MOVES, Move
from havenwall.sandbox.adversary.rewire import rewired
from havenwall.sandbox.adversary.scene import WEEK, Scene
from havenwall.sandbox.adversary.step import Step
from havenwall.sandbox.adversary.strategy import STRATEGIES, Strategy, make_strategy

__all__ = [
    "MOVES",
    "STRATEGIES",
    "WEEK",
    "Move",
    "Scene",
    "Step",
    "Strategy",
    "churn",
    "make_strategy",
    "rewired",
    "step_frames",
]

"""The gate of a release: a registered plan, test accounts, figures, and pass, fail or inconclusive."""

from havenwall.audit.release.finding import Cell, Comparison, Cost, Finding, Gap, Replay, Step
from havenwall.audit.release.plan import ArmPlan, ReleasePlan, parse_plan, read_plan
from havenwall.audit.release.run import Progress, Release, run_release

__all__ = [
    "ArmPlan",
    "Cell",
    "Comparison",
    "Cost",
    "Finding",
    "Gap",
    "Progress",
    "Release",
    "ReleasePlan",
    "Replay",
    "Step",
    "parse_plan",
    "read_plan",
    "run_release",
]

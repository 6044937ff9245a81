"""The statistics of an audit: pure functions over arrays (platforms, accounts).

The unit is the test account within its platform, never the recommendation slot. Twenty slots of one
list, and ten lists of one account, say nearly the same thing; counted as independent they gave
intervals ten times too narrow (±0.003 against ±0.032 on the same audit).
"""

from havenwall.audit.stats.bounds import FEW, effective_trials, exact_bounds, zero_event_upper
from havenwall.audit.stats.holm import holm
from havenwall.audit.stats.interval import (
    Spread,
    cluster_interval,
    difference_interval,
    logit_spread,
    share_interval,
    spread,
)
from havenwall.audit.stats.noninferiority import Test, difference_test, share_test
from havenwall.audit.stats.permutation import sign_flip_p
from havenwall.audit.stats.power import (
    Components,
    Sizes,
    chance,
    components,
    design_effect,
    detectable,
    sizes_for_few,
    sizes_needed,
    standard_error,
)
from havenwall.audit.stats.survival import SurvivalCurve, median_survival, survival_curve

__all__ = [
    "FEW",
    "Components",
    "Sizes",
    "Spread",
    "SurvivalCurve",
    "Test",
    "chance",
    "cluster_interval",
    "components",
    "design_effect",
    "detectable",
    "difference_interval",
    "difference_test",
    "effective_trials",
    "exact_bounds",
    "holm",
    "logit_spread",
    "median_survival",
    "share_interval",
    "share_test",
    "sign_flip_p",
    "sizes_for_few",
    "sizes_needed",
    "spread",
    "standard_error",
    "survival_curve",
    "zero_event_upper",
]

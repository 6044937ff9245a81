"""Which part each account plays near a network, on what evidence, and in which lane it belongs."""

from havenwall.network.roles.assign import type_roles, with_threshold
from havenwall.network.roles.damping import arriving
from havenwall.network.roles.features import FEATURES, Features, role_features
from havenwall.network.roles.fit import fit_roles
from havenwall.network.roles.hints import Hints
from havenwall.network.roles.lane import LANES, Facts, facts_of, lane_of
from havenwall.network.roles.near import Near, find_near
from havenwall.network.roles.scorecard import (
    CARD,
    ROLES,
    STANDARD,
    Line,
    Scorecard,
    role_odds,
    role_probability,
)
from havenwall.network.roles.table import RoleEvidence, RoleTable, Typed

__all__ = [
    "CARD",
    "FEATURES",
    "LANES",
    "ROLES",
    "STANDARD",
    "Facts",
    "Features",
    "Hints",
    "Line",
    "Near",
    "RoleEvidence",
    "RoleTable",
    "Scorecard",
    "Typed",
    "arriving",
    "facts_of",
    "find_near",
    "fit_roles",
    "lane_of",
    "role_features",
    "role_odds",
    "role_probability",
    "type_roles",
    "with_threshold",
]

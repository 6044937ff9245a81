"""From roles to lanes: who a machine may restrict, who gets care, who needs a person to look.

The costs are not symmetric. A trader that waits for a reviewer costs hours; a victim or a reporter that a
machine restricts is harmed by the system that was to protect them. So every doubt goes against automation:

1. Concrete signs of a victim keep an account out of enforcement, whatever the odds and the score: it is a
   minor's as far as the platform knows, or several likely buyers follow it and it neither answers any of
   them nor is entwined with the network. Where victim is the likeliest role by the margin too, they lead to
   the protective lane even below the threshold: care takes less than restriction. (A trader that calls itself
   a minor escapes the machine by that, not the reviewer.)
2. Enforcement takes all of: a score over the threshold; odds of trader, hub and buyer together that outweigh
   each other explanation by a margin (a wider one while the platform tells nothing about age); and a sign
   that is not the buyers' interest: conduct of its own, or the network looking back at it. Following the
   network is neither: press and the curious do that. Accounts that a reviewer cleared, that the platform
   verified, that everybody follows or that far more follow than follow confirmed accounts never go there.
3. What is over the threshold and may be a victim's goes to the protective lane; all the rest of what is over
   the threshold goes nowhere by itself and is marked for a person.
"""

from __future__ import annotations

import msgspec
import numpy as np
from numpy.typing import NDArray
from scipy.special import logsumexp

from havenwall.model import Lane, NetworkRole
from havenwall.network.roles.features import Features
from havenwall.network.roles.near import TELLING
from havenwall.network.roles.overlap import FloatArray
from havenwall.network.roles.scorecard import COLUMN

LANES: tuple[Lane, ...] = tuple(Lane)
"""The order of lane numbers."""

MARGIN = 2.0
"""Nats by which the network's roles must outweigh each other explanation."""
BLIND_MARGIN = 3.0
"""The same while the platform tells nothing about minors."""
SOUGHT = 3.0
"""Likely buyers that make an account sought out."""
_ANSWERS = 0.5
"""Less than that many of them answered is none."""
_SIGNAL = 0.5
"""Strength of own content signals that is conduct of its own."""
_LIFT = 0.7
"""Log-lift from which on likely buyers, or likely traders, are no accident: twice as many as by chance."""
_BACKERS = 1.5
"""So many likely traders at least must follow it: one may be an accident."""
_TIES = 2.5
"""Likely traders in mutual follows from which on an account that is backed too is entwined with the network,
so that leaving buyers without answer proves nothing. At 1.5 some victims with evidence went to enforcement;
at 2.5 none in 8 sandbox draws did, and 6 % of the traders wait for a person instead. Conduct of its own does
in place of ties."""
_PROMOTES, _PROMOTED = 1.1, 5.0
"""Log-lift and number of likely traders followed from which on an account that is backed is entwined too. Of
4,500 victims on three sandbox draws 99 % stayed below .61 and 2, and none had both and was backed."""
_FAME = 1.7
"""Decimal logarithm of the audience against the mean from which on everybody follows it: fifty times."""

CROWD = 2.0
"""An audience so many times that of nine in ten confirmed accounts is unlike any of theirs. What the model
says of such an account is extrapolated, and hiding it in error would be noticed by many."""

_NETWORK = [COLUMN[role] for role in (NetworkRole.TRADER, NetworkRole.HUB, NetworkRole.BUYER)]
_VICTIM = COLUMN[NetworkRole.VICTIM]
_OTHERS = [column for column in COLUMN.values() if column not in _NETWORK]


class Facts(msgspec.Struct, frozen=True, kw_only=True, eq=False):
    """What decides on lanes beside the odds. All arrays are (rows,) bool."""

    minor: NDArray[np.bool_]
    """The platform takes it for a minor's."""
    unanswered: NDArray[np.bool_]
    """Several likely buyers follow it, it answers none of them and is not entwined with the network."""
    sought: NDArray[np.bool_]
    """The same, and they are more than the size of its audience explains."""
    conduct: NDArray[np.bool_]
    """Its own content, tags, groups, media or contacts are the network's."""
    backed: NDArray[np.bool_]
    """Likely traders follow it, more than by chance."""
    cleared: NDArray[np.bool_]
    """A reviewer found it innocent."""
    verified: NDArray[np.bool_]
    """The platform knows who it is."""
    famous: NDArray[np.bool_]
    """Everybody follows it."""
    crowd: NDArray[np.bool_]
    """Far more follow it than follow confirmed accounts."""
    blind: bool
    """Whether the platform tells nothing about minors."""


def facts_of(features: Features, cleared: NDArray[np.int64]) -> Facts:
    """Read the facts from features.

    Args:
        features: of some rows.
        cleared: rows in the graph that a reviewer found innocent.
    """
    column = features.column
    telling = column("tags") + column("groups") + column("media") + column("contacts")
    own = (telling >= TELLING) | (column("own_signals") >= _SIGNAL)
    backed = (column("backed_lift") >= _LIFT) & (column("traders_following") >= _BACKERS)
    promotes = (column("trader_lift") >= _PROMOTES) & (column("traders_followed") >= _PROMOTED)
    entwined = backed & ((column("traders_mutual") >= _TIES) | own | promotes)
    unanswered = (column("buyers") >= SOUGHT) & (column("buyers_answered") < _ANSWERS) & ~entwined
    return Facts(
        minor=column("minor") > 0,
        unanswered=unanswered,
        sought=unanswered & (column("buyer_lift") >= _LIFT),
        conduct=own,
        backed=backed,
        cleared=np.isin(features.rows, cleared),
        verified=column("verified") > 0,
        famous=column("fame") >= _FAME,
        crowd=column("crowd") >= CROWD,
        blind=bool(np.isnan(column("minor")).all()),
    )


def lane_of(
    odds: FloatArray, facts: Facts, over_threshold: NDArray[np.bool_]
) -> tuple[NDArray[np.int8], NDArray[np.bool_]]:
    """(rows,) number of the lane in `LANES`, and whether a person must look.

    Args:
        odds: (rows, roles) log-odds as from `role_odds`.
        facts: of the same rows.
        over_threshold: (rows,) whether the network score calls for action at all.
    """
    network = logsumexp(odds[:, _NETWORK], axis=1)
    ahead = network - odds[:, _OTHERS].max(axis=1) >= (BLIND_MARGIN if facts.blind else MARGIN)
    concrete = facts.minor | facts.sought
    barred = concrete | facts.unanswered | facts.cleared | facts.verified | facts.famous | facts.crowd
    enforce = over_threshold & ahead & (facts.conduct | facts.backed) & ~barred
    victim, rest = odds[:, _VICTIM], np.delete(odds, _VICTIM, axis=1).max(axis=1)
    possible = over_threshold & (concrete | (victim >= rest - MARGIN))
    certain = concrete & (victim >= rest + MARGIN)
    protect = (possible | certain) & ~enforce & ~facts.cleared & ~facts.verified
    lanes = np.full(len(odds), LANES.index(Lane.NONE), np.int8)
    lanes[protect] = LANES.index(Lane.PROTECTIVE)
    lanes[enforce] = LANES.index(Lane.ENFORCEMENT)
    return lanes, protect | (over_threshold & ~enforce & ~facts.cleared)

"""Which role an account plays, as a sum of documented weights of evidence (Good 1950) anybody can re-add.

The log-odds of a role against `ORDINARY` are its prior plus one entry per line of the card. An entry is
`weight` times a ramp: 0 up to `low`, 1 from `high` on, so it is monotone in its feature and bounded, and no
single number can decide alone. Features are rates and lifts, comparable between platforms of any size, or
logarithms of counts where the number of people itself is the evidence ("three likely buyers").
"""

from __future__ import annotations

import msgspec
import numpy as np
from numpy.typing import NDArray

from havenwall.model import NetworkRole
from havenwall.network.roles.features import FEATURES, PLACE, Features
from havenwall.network.roles.overlap import FloatArray
from havenwall.network.roles.rates import ramp

ROLES: tuple[NetworkRole, ...] = tuple(NetworkRole)
"""The order of columns in every table of roles."""

COLUMN: dict[NetworkRole, int] = {role: column for column, role in enumerate(ROLES)}
"""The column of each role."""


class Line(msgspec.Struct, frozen=True):
    """One line of the card: what one feature says for or against one role."""

    role: NetworkRole
    feature: str
    low: float
    """Up to here it says nothing."""
    high: float
    """From here on it says all it can."""
    weight: float
    """That much, in nats; negative against the role."""
    why: str
    """The reason, which holds outside any sandbox."""


_T, _H, _B, _V = NetworkRole.TRADER, NetworkRole.HUB, NetworkRole.BUYER, NetworkRole.VICTIM
_P, _L = NetworkRole.PRESS, NetworkRole.LOOKALIKE

CARD: tuple[Line, ...] = (
    Line(_T, "buyer_lift", 0.2, 1.0, 3.0, "buyers follow those who offer"),
    Line(_T, "buyers", 1, 6, 1.0, "several buyers are no accident"),
    Line(_T, "backed_lift", 0.6, 1.5, 4.0, "traders promote each other; nobody chooses who follows them"),
    Line(_T, "watched_lift", 0.5, 1.5, 1.5, "press and researchers watch traders"),
    Line(_T, "trader_lift", 0.6, 1.5, 2.0, "traders promote each other"),
    Line(_T, "traders_mutual", 0, 3, 1.0, "mutual promotion"),
    Line(_T, "back_rate", 0.1, 0.5, 2.0, "traders follow traders back, but few buyers"),
    Line(_T, "buyers_answered", 0, 2, 0.5, "traders answer some customers"),
    Line(_T, "tags", 0.5, 2, 1.5, "uses the tags of confirmed accounts"),
    Line(_T, "groups", 0.5, 2, 1.0, "is in the groups of confirmed accounts"),
    Line(_T, "media", 0.5, 2, 3.0, "shares media with confirmed accounts"),
    Line(_T, "contacts", 0.5, 2, 3.0, "gives the contact of confirmed accounts"),
    Line(_T, "own_signals", 0.2, 0.9, 4.0, "its own content was matched"),
    Line(_T, "reports", 0, 5, 0.5, "was reported; reports are cheap, hence little weight"),
    Line(_T, "fame", 1.3, 2.0, -4.0, "everybody follows it"),
    Line(_H, "hub_lift", 0.2, 0.7, 6.0, "ties many more traders together than traders usually do"),
    Line(_H, "backed_lift", 0.6, 1.5, 4.0, "the network looks at it"),
    Line(_H, "trader_lift", 0.6, 1.5, 2.0, "it looks at the network"),
    Line(_H, "back_rate", 0.1, 0.5, 2.0, "many of these ties are mutual"),
    Line(_H, "traders_mutual", 0, 3, 1.0, "and they are several"),
    Line(_H, "buyer_lift", 0.2, 0.8, 2.0, "buyers use it to find traders"),
    Line(_H, "own_signals", 0.2, 0.9, 3.0, "its own content was matched"),
    Line(_H, "fame", 1.3, 2.0, -4.0, "everybody follows it"),
    Line(_B, "trader_lift", 0.6, 1.5, 3.0, "buyers follow traders"),
    Line(_B, "traders_followed", 1, 5, 2.0, "several of them"),
    Line(_B, "seeds_followed", 0, 2, 1.0, "confirmed ones among them"),
    Line(_B, "watching", 0.25, 0.5, -2.5, "a buyer's follows are mostly ordinary"),
    Line(_B, "touches", 0, 3, 0.5, "likes or comments on what traders post"),
    Line(_B, "tags", 0.5, 2, 0.5, "uses the tags of confirmed accounts"),
    Line(_B, "buyer_lift", 0.2, 0.8, -3.0, "other buyers do not follow a buyer"),
    Line(_B, "backed_lift", 0.6, 1.5, -1.5, "traders seldom follow buyers"),
    Line(_B, "back_rate", 0.2, 0.6, -2.0, "nor follow them back"),
    Line(_V, "buyer_lift", 0.4, 1.0, 3.5, "buyers seek victims out"),
    Line(_V, "buyers", 1, 4, 2.0, "several of them"),
    Line(_V, "touched_by", 0, 3, 1.0, "buyers or traders comment on it"),
    Line(_V, "reply_rate", 0.1, 0.5, -1.0, "victims seldom answer"),
    Line(_V, "trader_lift", 0.6, 1.5, -3.0, "victims do not promote traders"),
    Line(_V, "watched_lift", 0.5, 1.5, -1.0, "they do not watch victims"),
    Line(_V, "backed_lift", 0.6, 1.5, -3.5, "traders do not promote victims"),
    Line(_V, "tags", 0.5, 2, -1.0, "victims do not use the network's tags"),
    Line(_V, "own_signals", 0.2, 0.9, -1.0, "a victim's own posts may match too, hence little weight"),
    Line(_V, "minor", 0, 1, 3.0, "the platform takes it for a minor's; most minors are far from any network"),
    Line(_V, "newness", 0.5, 1.0, 0.3, "young people have young accounts; so have returned traders"),
    Line(_V, "fame", 0.7, 1.5, -2.0, "victims are not famous"),
    Line(_P, "traders_one_way", 5, 20, 5.0, "watchers follow many traders, unanswered"),
    Line(_P, "watching", 0.15, 0.4, 3.0, "and little else"),
    Line(_P, "trader_lift", 0.7, 2.0, 1.5, "watchers follow traders"),
    Line(_P, "traders_mutual", 0, 2, -3.0, "traders do not follow press back"),
    Line(_P, "backed_lift", 0.6, 1.5, -4.0, "nor on their own account"),
    Line(_P, "buyer_lift", 0.2, 0.8, -2.0, "press has no audience of buyers"),
    Line(_P, "watched_lift", 0.5, 1.5, 1.0, "but others of its kind"),
    Line(_P, "watched_lift", 1.7, 2.4, 3.0, "many of them; traders are watched by fewer of their kind"),
    Line(_P, "media", 0.5, 2, -2.0, "press does not share the media"),
    Line(_P, "verified", 0, 1, 6.0, "the platform knows who it is"),
    Line(_L, "buyers", 0, 3, 2.0, "part of the buyers follows lawful creators too"),
    Line(_L, "fame", 0.2, 0.8, 1.5, "creators have an audience"),
    Line(_L, "fan_lift", 0.3, 1.2, 3.0, "its audience is that of creators whom reviewers cleared"),
    Line(_L, "buyer_lift", 0.5, 1.2, -3.0, "but buyers are few in it"),
    Line(_L, "trader_lift", 0.6, 1.5, -3.0, "creators do not promote traders"),
    Line(_L, "backed_lift", 0.6, 1.5, -3.0, "traders do not promote creators"),
    Line(_L, "watched_lift", 0.5, 1.5, -1.5, "nor does press watch them"),
    Line(_L, "tags", 0.5, 2, -1.5, "creators do not use the network's tags"),
    Line(_L, "media", 0.5, 2, -3.0, "nor its media"),
    Line(_L, "contacts", 0.5, 2, -3.0, "nor its contacts"),
    Line(_L, "own_signals", 0.2, 0.9, -3.0, "nor its content"),
)
"""The documented card. Weights are judgements, set on sandbox draws; re-estimate them with `fit_roles`."""

PRIORS: dict[NetworkRole, float] = {_T: -5.0, _H: -7.0, _B: -3.5, _V: -3.5, _P: -6.5, _L: -3.5}
"""Log-odds against `ORDINARY` of an account of which nothing is known, among accounts near a network."""


class Scorecard(msgspec.Struct, frozen=True, kw_only=True, eq=False):
    """Priors and the weights of the lines of `CARD`."""

    priors: NDArray[np.float64]
    """(roles,) log-odds against `ORDINARY`, in the order of `ROLES`."""
    weights: NDArray[np.float64]
    """(lines,) in nats, in the order of `CARD`."""


STANDARD = Scorecard(
    priors=np.array([PRIORS.get(role, 0.0) for role in ROLES]),
    weights=np.array([line.weight for line in CARD]),
)
"""The documented card as it stands."""


def steps(features: Features) -> FloatArray:
    """(rows, lines) 0..1 how far each line of the card applies; 0 where nothing is known."""
    return np.column_stack([_step(features, line) for line in CARD])


def role_odds(features: Features, card: Scorecard = STANDARD) -> FloatArray:
    """(rows, roles) log-odds of each role against `ORDINARY`, whose own column is 0."""
    odds = np.tile(card.priors.astype(np.float32), (len(features.rows), 1))
    for line, weight in zip(CARD, card.weights, strict=True):
        odds[:, COLUMN[line.role]] += np.float32(weight) * _step(features, line)
    return odds


def role_probability(odds: FloatArray) -> FloatArray:
    """(rows, roles) 0..1 of (rows, roles) log-odds; each row sums to 1."""
    grown = np.exp(odds - odds.max(axis=1, keepdims=True))
    return np.asarray(grown / grown.sum(axis=1, keepdims=True), np.float32)


def _step(features: Features, line: Line) -> FloatArray:
    values = features.column(line.feature)
    if FEATURES[PLACE[line.feature]].counted:
        applies = ramp(np.log1p(values), np.log1p(line.low), np.log1p(line.high))
    else:
        applies = ramp(values, line.low, line.high)
    return np.nan_to_num(applies, copy=False, nan=0.0)

"""Who is likely a trader or a buyer around the confirmed accounts: the yardstick of all role features.

These likelihoods serve role typing only. They are never fed back into a network score, which rests on
confirmed accounts alone.
"""

from __future__ import annotations

import msgspec
import numpy as np
from numpy.typing import NDArray

from havenwall.model import LinkKind
from havenwall.network.graph import Csr, Graph
from havenwall.network.roles.hints import Hints
from havenwall.network.roles.overlap import FloatArray, mutual_sums
from havenwall.network.roles.rates import (
    expected_followers,
    log_lift,
    marked,
    ramp,
    share_of_ends,
    share_of_starts,
    sums,
)

LEAST = 2.0
"""Seeds an account must follow to count as interested: one may be an accident, or a wrong seed."""
_FANS = 3.0
"""Interested followers from which on an account has the audience of a trader ..."""
_LIFT = float(np.log(3.0))
"""... if they also are three times as frequent as among everybody's followers."""
TELLING = 1.5
"""Nats of shared tags, groups, media and contacts from which on they are a tie: 4.5 times chance."""
_BACKERS = 3.0
"""Likely traders that must follow an account before their word counts in full."""
_KEEN = (2.0, 6.0)
"""Likely traders that an account follows: no sign of interest up to the first, a full one from the second."""
_WATCHED = (5.0, 15.0)
"""The same for a watcher."""
_WATCHING = (0.2, 0.4)
"""Share of all a watcher follows that these are, likewise. A buyer's follows are mostly ordinary."""
_ANSWERED = (0.1, 0.3)
"""Share of them that follow back: one-sided up to the first, not from the second on."""


class Near(msgspec.Struct, frozen=True, kw_only=True, eq=False):
    """How close each account is to the confirmed ones, and in which part."""

    seeds: FloatArray
    """(n,) 1 for confirmed accounts."""
    traders: FloatArray
    """(n,) 0..1 how likely a trader; 1 for confirmed accounts."""
    buyers: FloatArray
    """(n, 2) 0..1 how likely a buyer. The second column takes one confirmed account less into account, as is
    right for the followers of an account that is itself confirmed."""
    buyers_expected: FloatArray
    """(n,) how many followers that are likely buyers each account would have by chance."""
    watchers: FloatArray
    """(n,) 0..1 how likely press, researchers and the like: follows traders and little else, unanswered."""
    usual_ties: float
    """Median `ties` of the confirmed accounts."""
    usual_audience: float
    """Followers that nine in ten confirmed accounts do not exceed; at least what the average account has."""
    fans: FloatArray
    """(n,) 0..1 follows two or more accounts that a reviewer found innocent, and is no buyer: buyers follow
    victims whom reviewers cleared."""
    tells: dict[LinkKind, FloatArray]
    """(things, 2) by kind: how telling the use of a thing is, in nats; the second column as in `buyers`."""


def find_near(
    graph: Graph,
    seeds: NDArray[np.int64],
    cleared: NDArray[np.int64],
    hints: Hints,
    chance: FloatArray | None,
) -> Near:
    """Look around the confirmed accounts.

    Args:
        graph: n accounts.
        seeds: rows of confirmed accounts.
        cleared: rows of accounts that a reviewer found innocent, no seed among them. They and verified ones
            are neither buyer nor trader.
        hints: what the platform knows.
        chance: (n,) probability of a model that an account belongs to the network, if there is one.
    """
    confirmed, innocent = marked(graph.n, seeds), marked(graph.n, cleared)
    known = innocent > 0 if hints.verified is None else (innocent > 0) | hints.verified
    guiltless = known & (confirmed == 0)
    interest = _interest(graph.follows, confirmed)
    interest[guiltless] = 0
    tells = {kind: _tells(uses, confirmed) for kind, uses in graph.uses.items()}
    tied = _tied(graph, confirmed, tells)
    audience = _audience(graph.follows, interest[:, 0], chance)
    # Watchers are each other's audience, and buyers may be too, so that they look like traders at first.
    one_sided, watchers = _one_sided(graph.follows, _traders(graph.follows, confirmed, audience, tied))
    traders = _traders(graph.follows, confirmed, audience * (1 - one_sided), tied)
    traders[guiltless] = 0
    buyers = interest * ((1 - traders) * (1 - watchers))[:, None]
    return Near(
        seeds=confirmed,
        traders=traders,
        buyers=buyers,
        watchers=watchers,
        buyers_expected=expected_followers(graph.follows, buyers[:, 0]),
        usual_ties=_usual_ties(graph.follows, traders, seeds),
        usual_audience=_usual_audience(graph.follows, seeds),
        fans=(1 - interest[:, 0]) * (sums(graph.follows, innocent) >= LEAST),
        tells=tells,
    )


def ties(followed: FloatArray, following: FloatArray) -> FloatArray:
    """How many likely traders an account ties together: both ways, or it is a keen buyer or a watcher."""
    return np.sqrt(followed * following)


def _interest(follows: Csr, confirmed: FloatArray) -> FloatArray:
    """(n, 2) share of the confirmed accounts followed that chance does not explain, 0 below two of them."""
    by_chance = (follows.degree * share_of_ends(follows, confirmed))[:, None]
    heard = sums(follows, confirmed)
    reach = np.stack([heard, np.maximum(heard - 1, 0)], axis=1)
    excess = 1 - by_chance / np.maximum(reach, 1)
    return np.where(reach >= LEAST, np.clip(excess, 0, 1), 0).astype(np.float32)


def _tied(graph: Graph, confirmed: FloatArray, tells: dict[LinkKind, FloatArray]) -> NDArray[np.bool_]:
    """(n,) confirmed accounts follow, like or comment on it, or it uses what they use."""
    looked = sums(graph.follows.flipped, confirmed) + sums(graph.other.flipped, confirmed)
    used = np.zeros(graph.n, np.float32)
    for kind, tell in tells.items():
        used += sums(graph.uses[kind], tell[:, 0])
    return (looked > 0) | (used >= TELLING)


def _traders(
    follows: Csr, confirmed: FloatArray, audience: FloatArray, tied: NDArray[np.bool_]
) -> FloatArray:
    """(n,) 0..1: has the audience of a trader, and the network has to do with it.

    The audience alone is not enough: victims have it too. The account must be tied to confirmed accounts by
    what they did or by what it uses; or others of whom that is true must follow it.
    """
    first = np.maximum(confirmed, audience * tied)
    backed = ramp(sums(follows.flipped, first), 0, _BACKERS)
    return np.maximum(first, audience * backed).astype(np.float32)


def _audience(follows: Csr, interest: FloatArray, chance: FloatArray | None) -> FloatArray:
    """(n,) 0..1 whether an account has several interested followers, more than others of its size have.

    A model's `chance` can only add to that. It may be low for everybody and still order accounts well.
    """
    fans = sums(follows.flipped, interest)
    lift = log_lift(fans, expected_followers(follows, interest))
    own = np.multiply(ramp(fans, 0, _FANS), ramp(lift, 0, _LIFT))
    return own if chance is None else np.maximum(own, np.clip(chance, 0, 1) * ramp(fans, 0, 1))


def _one_sided(follows: Csr, traders: FloatArray) -> tuple[FloatArray, FloatArray]:
    """(n,) 0..1 follows likely traders who do not follow back; and the same for many of them and little else.

    Buyers and watchers are one-sided, watchers do it for a living.
    """
    followed = sums(follows, traders)
    answered = mutual_sums(follows, follows.flipped, traders[:, None])[:, 0] / np.maximum(followed, 1)
    alone = 1 - ramp(answered, *_ANSWERED)
    share = followed / np.maximum(follows.degree, 1)
    watching = ramp(followed, *_WATCHED) * ramp(share, *_WATCHING)
    return ramp(followed, *_KEEN) * alone, np.asarray(watching * alone, np.float32)


def _usual_ties(follows: Csr, traders: FloatArray, seeds: NDArray[np.int64]) -> float:
    followed, following = (sums(part.take(seeds), traders) for part in (follows, follows.flipped))
    return float(np.median(ties(followed, following)))


def _usual_audience(follows: Csr, seeds: NDArray[np.int64]) -> float:
    mean = follows.links / max(follows.rows, 1)
    return max(float(np.quantile(follows.flipped.take(seeds).degree, 0.9)), mean, 1.0)


def _tells(uses: Csr, confirmed: FloatArray) -> FloatArray:
    """(things, 2) log of how much oftener confirmed accounts use a thing than everybody does, one user added.

    What one confirmed account alone uses tells little, what the whole platform uses nothing.
    """
    one = sums(uses.flipped, confirmed)
    told = np.stack([one, np.maximum(one - 1, 0)], axis=1)
    by_chance = uses.flipped.degree * share_of_starts(uses, confirmed)
    lift = log_lift(told, by_chance[:, None])
    return np.where(told > 0, lift, 0).astype(np.float32)

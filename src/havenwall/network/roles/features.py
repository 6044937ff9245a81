"""What tells the parts around a network from each other, as numbers that a reviewer can check."""

from __future__ import annotations

from collections.abc import Callable

import msgspec
import numpy as np
from numpy.typing import NDArray

from havenwall.model import LinkKind
from havenwall.network.graph import Graph
from havenwall.network.roles.hints import Hints
from havenwall.network.roles.near import Near, ties
from havenwall.network.roles.overlap import FloatArray
from havenwall.network.roles.rates import log_lift, share_of_ends, share_of_starts
from havenwall.network.roles.view import View


class Feature(msgspec.Struct, frozen=True):
    """One number per account looked at; `compute(view)` gives (rows,), values >= 0 or not a number."""

    name: str
    compute: Callable[[View], FloatArray]
    counted: bool = False
    """Whether it is a count, which is weighed by its logarithm."""


class Features(msgspec.Struct, frozen=True, eq=False):
    """The features of some accounts."""

    rows: NDArray[np.int64]
    """(rows,) rows in the graph."""
    values: FloatArray
    """(rows, p) in the order of `FEATURES`; not a number where nothing is known."""

    def column(self, name: str) -> FloatArray:
        """(rows,) one feature."""
        return self.values[:, PLACE[name]]

    def of(self, place: int) -> dict[str, float]:
        """The features of one account looked at, by name."""
        return dict(zip(PLACE, self.values[place].tolist(), strict=True))


def role_features(graph: Graph, near: Near, hints: Hints, rows: NDArray[np.int64]) -> Features:
    """Compute all features of some accounts.

    Costs what the links of these accounts cost, apart from one transpose of the graph.
    """
    view = View(graph, near, hints, rows)
    columns = [feature.compute(view) for feature in FEATURES]
    return Features(rows, np.column_stack(columns).astype(np.float32))


def _buyer_lift(view: View) -> FloatArray:
    return log_lift(view.own(view.followers), view.near.buyers_expected[view.rows])


def _trader_lift(view: View) -> FloatArray:
    by_chance = view.to.degree * share_of_ends(view.graph.follows, view.near.traders)
    return log_lift(view.follows[:, 1], by_chance)


def _backed_lift(view: View) -> FloatArray:
    by_chance = view.by.degree * share_of_starts(view.graph.follows, view.near.traders)
    return log_lift(view.followers[:, 1], by_chance)


def _hub_lift(view: View) -> FloatArray:
    own = ties(view.follows[:, 1], view.followers[:, 1])
    return log_lift(own, np.float32(view.near.usual_ties))


def _fan_lift(view: View) -> FloatArray:
    by_chance = view.by.degree * share_of_starts(view.graph.follows, view.near.fans)
    return log_lift(view.followers[:, 4], by_chance)


def _watched_lift(view: View) -> FloatArray:
    by_chance = view.by.degree * share_of_starts(view.graph.follows, view.near.watchers)
    return log_lift(view.followers[:, 5], by_chance)


def _share(part: FloatArray, whole: NDArray[np.int64] | FloatArray) -> FloatArray:
    return np.asarray(part / np.maximum(whole, 1), np.float32)


def _fame(view: View) -> FloatArray:
    everybody = view.graph.follows.links / max(view.graph.n, 1)
    return np.asarray(np.maximum(np.log10((view.by.degree + 1) / (everybody + 1)), 0), np.float32)


def _newness(view: View) -> FloatArray:
    """Share of all accounts with a known date that are older."""
    created = view.hints.created
    if created is None:
        return view.hint("created")
    known = np.sort(created[created > 0])
    own = created[view.rows]
    older = np.searchsorted(known, own) / max(len(known), 1)
    return np.where(own > 0, older, np.nan).astype(np.float32)


def _one_way(view: View) -> FloatArray:
    """Likely traders followed that do not follow back."""
    return np.maximum(view.follows[:, 1] - view.mutual[:, 1], 0)


def _back_rate(view: View) -> FloatArray:
    """Share of the likely traders followed that follow back; one unanswered added, so that few say little."""
    return np.asarray(view.mutual[:, 1] / (view.follows[:, 1] + 1), np.float32)


FEATURES: tuple[Feature, ...] = (
    Feature("following", lambda v: v.to.degree.astype(np.float32), True),
    Feature("followers", lambda v: v.by.degree.astype(np.float32), True),
    Feature("fame", _fame),
    Feature("crowd", lambda v: (v.by.degree / v.near.usual_audience).astype(np.float32)),
    Feature("fan_lift", _fan_lift),
    Feature("watchers", lambda v: v.followers[:, 5], True),
    Feature("watched_lift", _watched_lift),
    Feature("seeds_followed", lambda v: v.follows[:, 0], True),
    Feature("seeds_following", lambda v: v.followers[:, 0], True),
    Feature("traders_followed", lambda v: v.follows[:, 1], True),
    Feature("traders_following", lambda v: v.followers[:, 1], True),
    Feature("traders_mutual", lambda v: v.mutual[:, 1], True),
    Feature("traders_one_way", _one_way, True),
    Feature("watching", lambda v: _share(v.follows[:, 1], v.to.degree)),
    Feature("back_rate", _back_rate),
    Feature("trader_lift", _trader_lift),
    Feature("hub_lift", _hub_lift),
    Feature("backed_lift", _backed_lift),
    Feature("buyers", lambda v: v.own(v.followers), True),
    Feature("buyers_answered", lambda v: v.own(v.mutual), True),
    Feature("buyer_lift", _buyer_lift),
    Feature("buyer_share", lambda v: _share(v.own(v.followers), v.by.degree)),
    Feature("reply_rate", lambda v: _share(v.own(v.mutual), v.own(v.followers))),
    Feature("touched_by", lambda v: v.attention[1][:, 1] + v.own(v.attention[1]), True),
    Feature("touches", lambda v: v.attention[0][:, 1], True),
    Feature("tags", lambda v: v.telling(LinkKind.TAG_USE)),
    Feature("groups", lambda v: v.telling(LinkKind.MEMBER)),
    Feature("media", lambda v: v.telling(LinkKind.SHARED_MEDIA)),
    Feature("contacts", lambda v: v.telling(LinkKind.SHARED_CONTACT)),
    Feature("newness", _newness),
    Feature("minor", lambda v: v.hint("minor")),
    Feature("own_signals", lambda v: v.hint("own_signals")),
    Feature("reports", lambda v: v.hint("reports"), True),
    Feature("verified", lambda v: v.hint("verified")),
)
"""Every feature, in the order of the columns."""

PLACE: dict[str, int] = {feature.name: place for place, feature in enumerate(FEATURES)}
"""Column of each feature."""

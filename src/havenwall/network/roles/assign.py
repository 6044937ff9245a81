"""The stage in one call: from confirmed accounts to the role and the lane of every account asked for."""

from __future__ import annotations

import msgspec
import numpy as np
from numpy.typing import NDArray

from havenwall.errors import BadInput, NotReady
from havenwall.network.graph import Graph
from havenwall.network.roles.features import Features, role_features
from havenwall.network.roles.hints import Hints
from havenwall.network.roles.lane import facts_of, lane_of
from havenwall.network.roles.near import find_near
from havenwall.network.roles.overlap import FloatArray
from havenwall.network.roles.scorecard import STANDARD, Scorecard, role_odds
from havenwall.network.roles.table import RoleTable


def type_roles(
    graph: Graph,
    seeds: NDArray[np.int64],
    cleared: NDArray[np.int64],
    *,
    hints: Hints | None = None,
    rows: NDArray[np.int64] | None = None,
    chance: FloatArray | None = None,
    over_threshold: NDArray[np.bool_] | None = None,
    card: Scorecard = STANDARD,
) -> RoleTable:
    """Give accounts their likeliest role and their lane.

    Args:
        graph: n accounts.
        seeds: rows of confirmed accounts.
        cleared: rows of accounts that a reviewer found innocent; a seed among them stays a seed.
        hints: what the platform knows beyond links.
        rows: rows asked for; all when left out. The candidates of a network score suffice and cost less.
        chance: (n,) a model's probability that an account belongs to the network. It can only add to who
            counts as a likely trader; without it the audience and the ties to confirmed accounts decide.
        over_threshold: (n,) whether the network score calls for action. Left out, every account asked for is
            taken to be over the threshold, and the lane is the one it would be in then.
        card: weights of evidence.

    Raises:
        NotReady: there is no seed.
        BadInput: an array has a wrong length, or a row lies outside the graph.
    """
    if not len(seeds):
        raise NotReady("no confirmed account to tell roles by", hint="confirm accounts first")
    hints = hints or Hints()
    hints.check(graph.n)
    asked = np.arange(graph.n) if rows is None else np.asarray(rows, np.int64)
    over = np.ones(graph.n, bool) if over_threshold is None else over_threshold
    _check(graph.n, chance, over, asked, seeds, cleared)
    innocent = np.setdiff1d(cleared, seeds)
    near = find_near(graph, seeds, innocent, hints, chance)
    features = role_features(graph, near, hints, asked)
    odds = role_odds(features, card)
    lanes, needs_person = lane_of(odds, facts_of(features, innocent), over[asked])
    return RoleTable(
        rows=asked,
        features=features,
        card=card,
        odds=odds,
        lanes=lanes,
        needs_person=needs_person,
        missing=hints.missing,
    )


def with_threshold(
    table: RoleTable, places: NDArray[np.int64], over: NDArray[np.bool_], cleared: NDArray[np.int64]
) -> RoleTable:
    """The roles of some of the accounts, with the lanes that a threshold gives them.

    Args:
        table: roles as from `type_roles`.
        places: (k,) places in the table of the accounts to keep.
        over: (k,) whether the network score of each calls for action.
        cleared: rows of accounts that a reviewer found innocent, and that are no seeds.
    """
    features = Features(table.rows[places], table.features.values[places])
    lanes, needs_person = lane_of(table.odds[places], facts_of(features, cleared), over)
    return msgspec.structs.replace(
        table,
        rows=features.rows,
        features=features,
        odds=table.odds[places],
        lanes=lanes,
        needs_person=needs_person,
    )


def _check(n: int, chance: FloatArray | None, over: NDArray[np.bool_], *rows: NDArray[np.int64]) -> None:
    for name, values in (("chance", chance), ("over_threshold", over)):
        if values is not None and values.shape != (n,):
            raise BadInput(f"has shape {values.shape}, not ({n},)", field=name)
    for some in rows:
        if len(some) and not 0 <= int(some.min()) <= int(some.max()) < n:
            raise BadInput(f"a row outside 0..{n - 1}", field="rows")

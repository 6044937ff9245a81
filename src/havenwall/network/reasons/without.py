"""What the score would be without each confirmed account: the features again, with that one taken back."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence

import msgspec
import numpy as np

from havenwall.errors import NotReady
from havenwall.model import SeedShare
from havenwall.network.evidence import FEATURES, FloatArray, IntArray, Links, Matrix, Scored, Seen

MOST = 64
"""Confirmed accounts that are taken back in turn: those that stand first behind most of the accounts."""
_AT_ONCE = 16
_FIRST = 3


def with_what_if(
    links: Links,
    scored: Scored,
    rows: IntArray,
    score: Matrix,
    seeds: IntArray,
    shares: Sequence[tuple[SeedShare, ...]],
) -> list[tuple[SeedShare, ...]]:
    """The shares of each of `rows`, with the score it would have without the seed where that was worked out.

    By linearity a count loses exactly what the seed gave it; the model then scores the counts that are left.
    Its weights and the account's role stay as they are, since one account more or less makes no other model.
    `score` (rows,) is what is told to people, ties and role together.
    """
    if scored.fit is None:
        return list(shares)
    names = links.graph.names
    often = Counter(share.seed for own in shares for share in own[:_FIRST])
    taken = names.rows(seed for seed, _ in often.most_common(MOST))
    fall: dict[str, Matrix] = {}
    for block in (taken[at : at + _AT_ONCE] for at in range(0, len(taken), _AT_ONCE)):
        fall |= dict(zip(names.many(block), _falls(links, scored, rows, seeds, block), strict=True))
    return [
        tuple(_told(share, value, fall, at) for share in own)
        for at, (value, own) in enumerate(zip(score.tolist(), shares, strict=True))
    ]


def _told(share: SeedShare, score: float, fall: dict[str, Matrix], at: int) -> SeedShare:
    if share.seed not in fall:
        return share
    return msgspec.structs.replace(share, without=score - float(fall[share.seed][at]))


def _falls(
    links: Links, scored: Scored, rows: IntArray, seeds: IntArray, taken: IntArray
) -> Iterator[Matrix]:
    """For each of `taken` the (rows,) fall of the score."""
    sets = np.zeros((links.n, len(taken) + 1), np.float32)
    sets[seeds] = 1
    sets[taken, np.arange(1, len(taken) + 1)] = 0
    scores = rescored(links, scored, sets, rows)
    return (scores[0] - score for score in scores[1:])


def rescored(links: Links, scored: Scored, sets: FloatArray, rows: IntArray) -> list[Matrix]:
    """For each of f sets of confirmed accounts the (rows,) scores by ties, by the model that was learned.

    Args:
        links: of n accounts.
        scored: what was learned, and from what.
        sets: (n, f) 1 for the confirmed accounts of each set.
        rows: of the accounts to score.

    Raises:
        NotReady: no model was learned.
    """
    table, fit = scored.table, scored.fit
    if table is None or fit is None:
        raise NotReady("no model was learned", hint="confirm more accounts")
    seen = Seen(links, sets, rows)
    values = np.zeros((sets.shape[1], len(rows), len(table.names)), np.float32)
    used = {table.names[column]: column for column in fit.columns}
    for feature in FEATURES:
        if feature.name in used:
            values[:, :, used[feature.name]] = np.log1p(feature.compute(seen)).T
    values = (values - table.centre) / table.spread
    return [fit.score(one) for one in values]

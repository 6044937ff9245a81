"""Which things say most about an account, for explanations."""

from __future__ import annotations

from collections.abc import Iterator

import msgspec
import numpy as np
from numba import njit
from scipy.special import logit

from havenwall.model import EntityKind
from havenwall.network.things.config import ThingConfig
from havenwall.network.things.judge import Judged
from havenwall.network.things.likelihood import SHARE, log_likelihood, one_vote, shrinkage
from havenwall.network.things.shares import updated
from havenwall.network.things.votes import Counts, rounded

_BLOCK = 2_048


class ThingEvidence(msgspec.Struct, frozen=True, kw_only=True):
    """What one thing says about an account that uses it."""

    entity: str
    kind: EntityKind
    log_odds: float
    """By how much (natural logarithm) its use raises the odds that the account is a member, above 0."""
    share: float
    """Chance that a user of it is a member, without the account and its hand."""
    users: int
    """Other accounts that use it."""
    suspects: int
    """Confirmed or likely ones of them."""


def tag_evidence(
    judged: tuple[Judged, ...], rows: Counts, config: ThingConfig, *, shown: int = 5
) -> tuple[tuple[ThingEvidence, ...], ...]:
    """For each account the things that raise its odds most, at most `shown` of them, of any kind.

    A thing's word is the log-odds of its share over that of an unknown thing (the weight of evidence, Good
    1950), with the account and its hand left out: nobody speaks for itself. Because shares are drawn towards
    the average, popular things and those with few users say little, as with inverse document frequency.

    Args:
        judged: from `judge`.
        rows: (a,) rows of the accounts.
        config: the settings `judge` was called with.
        shown: the most things for an account.
    """
    found: list[list[ThingEvidence]] = [[] for _ in rows]
    for kind in judged:
        things = kind.uses.users.flipped.take(rows)
        for start in range(0, things.links, _BLOCK):
            part = slice(start, start + _BLOCK)
            asked = things.sources()[part]
            for place, one in _about(kind, rows[asked], things.indices[part].astype(np.int64), config):
                found[asked[place]].append(one)
    return tuple(tuple(sorted(some, key=lambda one: (-one.log_odds, one.entity))[:shown]) for some in found)


def _about(
    kind: Judged, accounts: Counts, things: Counts, config: ThingConfig
) -> Iterator[tuple[int, ThingEvidence]]:
    """What each thing says about the account beside it; with its place, if it says anything."""
    users, prior = kind.uses.users, kind.prior
    own, others = np.empty((len(things), 2)), np.empty((len(things), 2), np.int64)
    _apart(
        users.indptr, users.indices, kind.hand, kind.probability, kind.recency, config.likely,
        accounts, things, own, others,
    )  # fmt: skip
    whole, which = np.unique(things, return_inverse=True)
    likelihood = log_likelihood(kind.votes, whole, prior.base, config.most_users)[which]
    weight = own[:, 1] * shrinkage(kind.votes, things, config.most_users)
    likelihood -= weight[:, None] * one_vote(rounded(own[:, 0]), prior.base)
    share = updated(prior, likelihood) @ SHARE
    odds = logit(share) - logit(prior.usual)
    for place in np.flatnonzero(odds > 0).tolist():
        yield (
            place,
            ThingEvidence(
                entity=kind.uses.names[int(things[place])],
                kind=kind.uses.kind,
                log_odds=float(odds[place]),
                share=float(share[place]),
                users=int(others[place, 0]),
                suspects=int(others[place, 1]),
            ),
        )


@njit(cache=True, nogil=True)
def _apart(indptr, indices, hand, probability, recency, likely, accounts, things, own, others):  # type: ignore[no-untyped-def]
    # Own: chance and weight of the hand's vote. Others: users without the hand, and the likely ones of them.
    for place in range(len(things)):
        chance, weight, mates, users, suspects = 0.0, 0.0, 0, 0, 0
        for at in range(indptr[things[place]], indptr[things[place] + 1]):
            account = indices[at]
            if hand[account] == hand[accounts[place]]:
                chance += probability[account]
                weight = max(weight, recency[at])
                mates += 1
            else:
                users += 1
                suspects += probability[account] >= likely
        own[place, 0], own[place, 1] = chance / mates, weight
        others[place, 0], others[place, 1] = users, suspects

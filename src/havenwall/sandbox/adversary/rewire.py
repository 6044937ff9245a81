"""A platform after a step."""

from __future__ import annotations

import msgspec
import numpy as np
import scipy.sparse as sp

from havenwall.model import EntityKind, entity_id
from havenwall.sandbox.adversary.step import Step
from havenwall.sandbox.cast import Role
from havenwall.sandbox.platform import Platform
from havenwall.sandbox.sampling import Ints


def rewired(platform: Platform, step: Step) -> Platform:
    """The platform with the step's accounts and follows. Its posts stay as they were: they are history
    that was told already, and no recommender of a sandbox reads them.

    New accounts of a ring are buyers: nobody gathers around them yet.
    """
    n = len(platform.ids) + step.rings.size
    follows, times = _follows(platform, step, n)
    role = np.where(step.rings >= 0, Role.BUYER, Role.ORDINARY).astype(np.int8)
    return msgspec.structs.replace(
        platform,
        ids=[*platform.ids, *new_names(platform, step)],
        created_at=np.concatenate([platform.created_at, step.born]),
        follows=follows,
        followed_at=times,
        role=np.concatenate([platform.role, role]),
        fresh=np.concatenate([platform.fresh, np.ones(step.rings.size, dtype=np.bool_)]),
        community=np.concatenate([platform.community, step.communities]),
        ring=np.concatenate([platform.ring, step.rings]),
    )


def new_names(platform: Platform, step: Step) -> list[str]:
    """The ids of the step's new accounts: they count on where those of the platform and its removed end."""
    first = 10_000_000 + len(platform.ids) + platform.config.removed
    return [entity_id(EntityKind.ACCOUNT, str(first + place)) for place in range(step.rings.size)]


def _follows(platform: Platform, step: Step, n: int) -> tuple[sp.csr_array, Ints]:
    """Follows sorted by follower and followed, and their times; what stood already keeps its time."""
    old = platform.follows
    rows = np.repeat(np.arange(old.shape[0]), np.diff(old.indptr))
    key = rows * n + old.indices.astype(np.int64)
    stays = ~np.isin(key, step.unfollows.follower * n + step.unfollows.followed)
    keys = np.concatenate([key[stays], step.follows.follower * n + step.follows.followed])
    times = np.concatenate([platform.followed_at[stays], step.follows.at])
    keys, first = np.unique(keys, return_index=True)
    indptr = np.searchsorted(keys, np.arange(n + 1) * n)
    indices = (keys % n).astype(np.int32)
    ones = np.ones(keys.size, dtype=np.int8)
    return sp.csr_array((ones, indices, indptr.astype(np.int32)), shape=(n, n)), times[first]

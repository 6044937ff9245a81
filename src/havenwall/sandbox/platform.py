"""A synthetic platform with a planted network: the whole of it in one record."""

from __future__ import annotations

import msgspec
import numpy as np
import numpy.typing as npt
import scipy.sparse as sp

from havenwall.model import EntityKind, entity_id
from havenwall.sandbox import activity, clock, words
from havenwall.sandbox.background import Background
from havenwall.sandbox.cast import Cast, Role, cast
from havenwall.sandbox.config import SandboxConfig
from havenwall.sandbox.former import Former, former
from havenwall.sandbox.network import Planter
from havenwall.sandbox.sampling import Bools, Ints, distinct_pairs

NEIGHBOUR_LINKS = 3
"""Links with members that make a benign account their neighbour (audit research, section 6)."""


class Platform(msgspec.Struct, frozen=True, kw_only=True, eq=False):
    """A platform at `config.end`. n = `config.accounts`; accounts are known by index or by name.

    Neither names, order nor times tell members from others; `role`, `ring` and all that follows from
    them are the truth, for audits and tests only.
    """

    config: SandboxConfig
    seed: int
    ids: list[str]
    """(n) entity names, `account:...`."""
    created_at: Ints
    """(n,) µs since 1970 UTC."""
    follows: sp.csr_array
    """(n, n) int8, a 1 where the row's account follows the column's; indices sorted."""
    followed_at: Ints
    """(links,) µs since 1970 UTC, aligned with `follows.indices`."""
    role: npt.NDArray[np.int8]
    """(n,) values of `Role`."""
    fresh: Bools
    """(n,) whether the account is new; as many of the members as of others."""
    community: Ints
    """(n,) 0..communities-1, of which the first `gateways` are next to the network."""
    ring: Ints
    """(n,) ring of a member or of a niche account, else -1."""
    tags: list[str]
    """Names of tags; the first `network_tags` are the network's."""
    posts: activity.Posts
    groups: activity.Groups
    reports: activity.Reports
    former: Former

    @property
    def member(self) -> Bools:
        """(n,) whether the account belongs to the planted network."""
        return (self.role == Role.TRADER) | (self.role == Role.BUYER)

    @property
    def member_links(self) -> Ints:
        """(n,) links each account has with members, both directions counted."""
        member = self.member
        out = self.follows @ member.astype(np.int64)
        return np.asarray(out + self.follows.T @ member.astype(np.int64), dtype=np.int64)

    @property
    def neighbourhood(self) -> Bools:
        """(n,) whether the account is benign and has at least three links with members."""
        return ~self.member & (self.member_links >= NEIGHBOUR_LINKS)

    @property
    def tag_uses(self) -> activity.TagUses:
        """Who used which tag, and when."""
        return self.posts.tag_uses


def generate(config: SandboxConfig, seed: int) -> Platform:
    """A platform, the same for the same configuration and seed.

    20,000 accounts take about two seconds. Changing `camouflage` alone leaves accounts, benign follows and
    internal links as they were.

    Raises:
        BadConfig: see `SandboxConfig.validated`.
    """
    config.validated()
    *streams, planted = np.random.SeedSequence(seed).spawn(7)
    rngs = [np.random.default_rng(stream) for stream in streams]
    people = cast(config, rngs[0])
    links = _links(config, people, rngs[1], planted)
    created = clock.created(config, people.fresh, rngs[2])
    start = np.maximum(created[links[0]], created[links[1]])
    follows = _matrix(links, config.accounts)
    ids = [entity_id(EntityKind.ACCOUNT, key) for key in names(config, rngs[2]).tolist()]
    return Platform(
        config=config,
        seed=seed,
        ids=ids[: config.accounts],
        created_at=created,
        follows=follows,
        followed_at=clock.between(start, clock.present(config), rngs[3]),
        role=people.role,
        fresh=people.fresh,
        community=people.community,
        ring=people.ring,
        tags=[*words.NETWORK_TAGS[: config.network_tags], *words.benign_tags(config.benign_tags)],
        posts=activity.posts(config, people, created, rngs[4]),
        groups=activity.groups(config, people, created, rngs[4]),
        reports=activity.reports(config, people, created, rngs[4]),
        former=former(config, people, follows, created, ids[config.accounts :], rngs[5]),
    )


def names(config: SandboxConfig, rng: np.random.Generator) -> Ints:
    """Numbers to name accounts by, first those of the platform, then the removed, in no order."""
    return 10_000_000 + rng.permutation(config.accounts + config.removed)


def _links(
    config: SandboxConfig, people: Cast, rng: np.random.Generator, planted: np.random.SeedSequence
) -> tuple[Ints, Ints]:
    base = Background(config, people).links(0, config.accounts, rng)
    extra = Planter(config, people).links(planted)
    return distinct_pairs(
        (np.concatenate([base[0], extra[0]]), np.concatenate([base[1], extra[1]])), config.accounts
    )


def _matrix(links: tuple[Ints, Ints], n: int) -> sp.csr_array:
    """Sorted links as CSR, so that arrays aligned with the links stay aligned with `indices`."""
    indptr = np.searchsorted(links[0], np.arange(n + 1))
    ones = np.ones(links[0].size, dtype=np.int8)
    return sp.csr_array((ones, links[1].astype(np.int32), indptr.astype(np.int32)), shape=(n, n))

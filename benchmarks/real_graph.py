"""A real graph of friendships with a planted network of stand-in accounts, and what the pipeline makes of it.

The people and their friendships are ego-Facebook (McAuley and Leskovec, Learning to discover social circles
in ego networks, 2012): ten ego networks, 4,039 people. The network is the sandbox's own, drawn by the same
code: rings that follow each other densely, camouflage links out, few links in.
"""

from __future__ import annotations

import tarfile
from pathlib import Path

import msgspec
import numpy as np
import polars as pl
from numpy.typing import NDArray
from scipy.sparse import coo_array, csr_array

from havenwall.app.app import App
from havenwall.app.config import Config
from havenwall.audit import Label
from havenwall.model import EventType, LinkKind
from havenwall.sandbox.cast import Cast, Role
from havenwall.sandbox.clock import between, created, present
from havenwall.sandbox.config import SandboxConfig
from havenwall.sandbox.events import build, confirmed, numbered, sent_by
from havenwall.sandbox.network import Planter
from havenwall.sandbox.platform import NEIGHBOUR_LINKS
from havenwall.sandbox.sampling import distinct_pairs

PREVALENCE = 0.025
BYSTANDERS = 8
GATEWAYS = 2
"""Ego networks where the camouflage goes and most links in come from."""
Ints = NDArray[np.int64]
Bools = NDArray[np.bool_]


class Friends(msgspec.Struct, frozen=True, kw_only=True, eq=False):
    """The real graph: p people, e friendships."""

    pairs: tuple[Ints, Ints]
    """(e,) and (e,), the lower number first."""
    ego: Ints
    """(p,) the ego network each was first met in."""


class Scene(msgspec.Struct, frozen=True, kw_only=True, eq=False):
    """The graph with a network in it. n accounts."""

    ids: list[str]
    follows: csr_array
    """(n, n)"""
    member: Bools
    known: Bools
    bystander: Bools
    neighbour: Bools
    suppressed: Bools
    """By the pipeline; without those known."""
    guard: Path

    @property
    def labels(self) -> dict[str, set[Label]]:
        """The truth, for the label service."""
        masks = {
            Label.MEMBER: self.member,
            Label.KNOWN: self.known,
            Label.NEIGHBOUR: self.neighbour,
            Label.BYSTANDER: self.bystander,
            Label.ORDINARY: ~self.member,
        }
        return {one: {label for label, mask in masks.items() if mask[at]} for at, one in enumerate(self.ids)}


def read_friends(folder: Path) -> Friends:
    """The graph from the archive of SNAP: an ego is a friend of everybody in its network."""
    with tarfile.open(folder / "facebook.tar.gz") as held:
        lines = {
            member.name: held.extractfile(member).read().decode().split("\n")  # type: ignore[union-attr]
            for member in held.getmembers()
            if member.name.endswith((".edges", ".feat"))
        }
    first: dict[int, int] = {}
    pairs: list[tuple[int, int]] = []
    egos = sorted(int(Path(name).stem) for name in lines if name.endswith(".feat"))
    for place, ego in enumerate(egos):
        around = [int(line.split()[0]) for line in lines[f"facebook/{ego}.feat"] if line]
        pairs += [(ego, each) for each in around]
        pairs += [tuple(map(int, line.split())) for line in lines[f"facebook/{ego}.edges"] if line]  # type: ignore[misc]
        for each in (ego, *around):
            first.setdefault(each, place)
    people = {number: at for at, number in enumerate(sorted(first))}
    ends = np.sort([[people[a], people[b]] for a, b in pairs], axis=1)
    ego_of = np.array([first[number] for number in people])
    return Friends(pairs=distinct_pairs((ends[:, 0], ends[:, 1]), len(people)), ego=ego_of)


def planted(friends: Friends, camouflage: float, seed: int, folder: Path) -> Scene:
    """Plant a network, let 30 % of it be known, and take all of it through the pipeline in `folder`."""
    rng = np.random.default_rng([seed, 5])
    config = _config(friends, camouflage)
    people = _cast(friends, config, rng)
    extra = Planter(config, people).links(np.random.SeedSequence(seed))
    real = _directed(friends, _returned(extra, people.member), rng)
    both = (np.append(real[0], extra[0]), np.append(real[1], extra[1]))
    links = distinct_pairs(both, config.accounts)
    follows = coo_array(
        (np.ones(links[0].size, dtype=np.float32), links), shape=(config.accounts,) * 2
    ).tocsr()
    members = np.flatnonzero(people.member)
    known = np.zeros(config.accounts, dtype=bool)
    known[rng.choice(members, round(0.3 * members.size), replace=False)] = True
    ids = [f"account:{number}" for number in (10_000_000 + rng.permutation(config.accounts)).tolist()]
    beside = follows @ people.member + follows.T @ people.member
    suppressed, guard = _pipeline(config, ids, links, known, rng, folder)
    return Scene(
        ids=ids,
        follows=follows,
        member=people.member,
        known=known,
        bystander=people.role == Role.BYSTANDER,
        neighbour=~people.member & (beside >= NEIGHBOUR_LINKS),
        suppressed=suppressed & ~known,
        guard=guard,
    )


def _config(friends: Friends, camouflage: float) -> SandboxConfig:
    members = round(friends.ego.size * PREVALENCE / (1 - PREVALENCE))
    return SandboxConfig(
        accounts=friends.ego.size + members,
        communities=int(friends.ego.max()) + 1,
        members=members,
        niche=0,
        bystanders=BYSTANDERS,
        gateways=GATEWAYS,
        camouflage=camouflage,
    ).validated()


def _cast(friends: Friends, config: SandboxConfig, rng: np.random.Generator) -> Cast:
    """Real people first, members behind them; names are dealt at random afterwards."""
    real, n = friends.ego.size, config.accounts
    role = np.zeros(n, dtype=np.int8)
    role[rng.choice(real, BYSTANDERS, replace=False)] = Role.BYSTANDER
    role[real:] = np.where(np.arange(n - real) < config.traders, Role.TRADER, Role.BUYER)
    fresh = np.zeros(n, dtype=bool)
    fresh[rng.choice(np.arange(real, n), round(config.fresh_share * (n - real)), replace=False)] = True
    sizes = np.bincount(friends.ego)
    # Larger ego networks are likelier to lie beside the network; the first ones after this do.
    order = np.argsort(rng.choice(sizes.size, sizes.size, replace=False, p=sizes / sizes.sum()))
    degree = np.bincount(np.concatenate(friends.pairs), minlength=n).astype(np.float64)
    return Cast(
        role=role,
        ring=np.where(np.arange(n) < real, -1, rng.permutation(n) % config.rings),
        fresh=fresh,
        community=np.append(order[friends.ego], rng.integers(0, GATEWAYS, n - real)),
        popularity=degree,
    )


def _returned(links: tuple[Ints, Ints], member: Bools) -> float:
    """Share of the links inside the network that are returned."""
    inside = set(zip(*(end[member[links[0]] & member[links[1]]].tolist() for end in links), strict=True))
    return sum((b, a) in inside for a, b in inside) / len(inside)


def _directed(friends: Friends, returned: float, rng: np.random.Generator) -> tuple[Ints, Ints]:
    """Friendships as follows, returned as often as the network's: direction must not tell the two apart."""
    low, high = friends.pairs
    mutual = rng.random(low.size) < returned / (2 - returned)
    up = rng.random(low.size) < 0.5
    forth, back = mutual | up, mutual | ~up
    return np.append(low[forth], high[back]), np.append(high[forth], low[back])


def _pipeline(
    config: SandboxConfig,
    ids: list[str],
    links: tuple[Ints, Ints],
    known: Bools,
    rng: np.random.Generator,
    folder: Path,
) -> tuple[Bools, Path]:
    """Journal accounts, follows and confirmations, run all stages; whom they suppressed, and the guard."""
    names = pl.Series(ids, dtype=pl.String)
    begun = created(config, np.zeros(len(ids), dtype=bool), rng)
    at = between(np.maximum(begun[links[0]], begun[links[1]]), present(config), rng)
    source, target = (names.gather(end) for end in links)
    follow_ids = numbered("follow", source.len())
    frames = (
        sent_by("real", build(EventType.ACCOUNT, begun, names, source_id=numbered("account", names.len()))),
        sent_by(
            "real",
            build(EventType.LINK, at, source, target=target, link=LinkKind.FOLLOW, source_id=follow_ids),
        ),
        confirmed(names.gather(np.flatnonzero(known)), present(config), "real"),
    )
    app = App(msgspec.structs.replace(Config(), data=folder, database="", vault_key=None))
    try:
        for frame in frames:
            app.store.journal.append_frame(frame)
        app.run()
        restricted = app.store.guard.restricted()
        return np.array([one in restricted for one in ids]), app.config.guard_folder
    finally:
        app.close()

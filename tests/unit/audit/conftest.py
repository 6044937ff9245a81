"""A tiny platform with a planted network and a real recommender."""

from __future__ import annotations

from collections.abc import Callable

import msgspec
import numpy as np
import pytest
from numpy.typing import NDArray
from scipy.sparse import csr_array

from havenwall.audit import Arm, AuditPlan, Histories, Label, LabelService, MaskGate, MatrixAdapter, World

N, MEMBERS, NEARBY = 240, 30, 40


class CoFollow(msgspec.Struct, frozen=True, eq=False):
    """Accounts followed by those who follow what you follow."""

    together: NDArray[np.float64]
    name: str = "co-follow"

    def recommend(self, histories: csr_array, k: int) -> NDArray[np.int32]:
        scores = histories @ self.together
        scores[histories.toarray() > 0] = 0
        order = np.argsort(-scores, axis=1, kind="stable")[:, :k]
        found = np.take_along_axis(scores, order, axis=1) > 0
        return np.where(found, order, -1).astype(np.int32)


def planted(seed: int = 0, found: float = 0.8) -> World:
    """Accounts 0..29 are the network, 30..69 their neighbourhood; Havenwall finds `found` of the rest."""
    rng = np.random.default_rng(seed)
    links = rng.random((N, N)) < 0.02
    links[:MEMBERS, :MEMBERS] |= rng.random((MEMBERS, MEMBERS)) < 0.4
    near = slice(MEMBERS, MEMBERS + NEARBY)
    links[near, :MEMBERS] |= rng.random((NEARBY, MEMBERS)) < 0.1
    links[near, near] |= rng.random((NEARBY, NEARBY)) < 0.2
    np.fill_diagonal(links, False)
    place = np.arange(N)
    member, known = place < MEMBERS, place < 9
    suppressed = member & ~known & (rng.random(N) < found)
    suppressed[[100, 200]] = True
    follows = csr_array(links.astype(float))
    masks = {
        Label.MEMBER: member,
        Label.KNOWN: known,
        Label.NEIGHBOUR: (place >= MEMBERS) & (place < MEMBERS + NEARBY),
        Label.BYSTANDER: (place >= 100) & (place < 110),
        Label.LOOKALIKE: (place >= 190) & (place < 210),
        Label.ORDINARY: ~member,
    }
    ids = [f"account:{n}" for n in range(N)]
    adapter = MatrixAdapter(CoFollow((follows.T @ follows).toarray()), ids)
    gates = (np.zeros(N, dtype=bool), known, known | suppressed, member)
    names = ("none", "known", "havenwall", "all_known")
    return World(
        platform_seed=seed,
        labels=LabelService({ids[n]: [label for label, mask in masks.items() if mask[n]] for n in range(N)}),
        arms={n: Arm(adapter=adapter, gate=MaskGate(gate)) for n, gate in zip(names, gates, strict=True)},
        histories=Histories(
            people=np.flatnonzero((np.diff(follows.indptr) > 0) & ~member),
            follows=follows,
            suppressed=suppressed,
        ),
    )


@pytest.fixture
def world() -> World:
    return planted()


@pytest.fixture(scope="session")
def make_world() -> Callable[..., World]:
    return planted


@pytest.fixture
def plan() -> AuditPlan:
    return AuditPlan(
        accounts=8,
        rounds=4,
        k=10,
        platform_seeds=3,
        recommender="co-follow",
        bootstrap_draws=400,
        benign_sample=100,
    )

"""How well the network is found on sandboxes whose truth is known: the tables of `network bench`."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import msgspec
import numpy as np
from numpy.typing import NDArray

from havenwall.app.hidden import hidden_by_default
from havenwall.errors import BadInput
from havenwall.network import Found, Graph, find_network, from_edges
from havenwall.network.evidence import IntArray
from havenwall.network.suite import PEERS, lane_outcome, peer_ranking, ranking, ranking_outcome
from havenwall.sandbox.hard import (
    HardConfig,
    HardPart,
    HardPlatform,
    Variant,
    generate_hard,
    seeds,
    variant,
)

Row = dict[str, float]
Flags = NDArray[np.bool_]
_OTHERS = {"press": HardPart.PRESS, "victims": HardPart.VICTIM, "look-alikes": HardPart.LOOKALIKE}
_OTHERS |= {"celebrities": HardPart.CELEBRITY}


Control = Callable[[HardPlatform, Graph, IntArray, np.random.Generator], tuple[Graph, IntArray]]


class Case(msgspec.Struct, frozen=True, kw_only=True):
    """One line of a table: a platform, and what is given of it."""

    name: str
    config: HardConfig
    known: int
    wrong: float = 0.0
    control: Control | None = None
    """Spoils the graph or the seeds, so that there is nothing left to find."""
    peers: bool = False
    """Whether the peers are measured too."""


def tables(accounts: int, known: int) -> dict[str, tuple[Case, ...]]:
    """Every table by name, for platforms of a size and so many confirmed accounts.

    Raises:
        BadInput: more confirmed accounts than half of the traders that such a platform has.
    """
    hard = HardConfig.scaled(accounts)
    most = hard.traders // 2
    if known > most:
        raise BadInput(f"{known} are too many for {accounts} accounts", field="seeds", hint=f"at most {most}")
    thrice = HardConfig.scaled(accounts, camouflage=3.0)
    return {
        "hard": (Case(name="hard", config=hard, known=known, peers=True),),
        "camouflage": (Case(name="×3", config=thrice, known=known, peers=True),),
        "seed-count": tuple(
            Case(name=f"{k} seeds", config=hard, known=k) for k in (5, 15, 35, 100) if k <= most
        ),
        "wrong-seeds": tuple(
            Case(name=f"{share:.0%} wrong", config=hard, known=known, wrong=share) for share in (0.05, 0.1)
        ),
        "variants": tuple(
            Case(name=kind.value, config=variant(hard, kind), known=known)
            for kind in (Variant.TAG_ONLY, Variant.STAR, Variant.CHURN)
        ),
        "controls": (
            Case(name="rewired graph", config=hard, known=known, control=_rewired),
            Case(name="shuffled seeds", config=hard, known=known, control=_shuffled),
            Case(name="a ring as seeds", config=hard, known=known, control=_ring),
        ),
    }


def run_table(cases: tuple[Case, ...], draws: range) -> Iterator[tuple[str, Row]]:
    """Name and figures of each line, mean over the draws; a peer's line follows that of ours."""
    for case in cases:
        runs = [_run(case, draw) for draw in draws]
        for name in runs[0]:
            yield name, {key: _mean([run[name][key] for run in runs]) for key in runs[0][name]}


def _mean(values: list[float]) -> float:
    told = [value for value in values if not np.isnan(value)]
    return float(np.mean(told)) if told else float("nan")


def _run(case: Case, draw: int) -> dict[str, Row]:
    platform, rng = generate_hard(case.config, draw), np.random.default_rng(draw)
    graph, given = platform.graph(), seeds(platform, case.known, rng, case.wrong)
    if case.control is not None:
        graph, given = case.control(platform, graph, given, rng)
    member = platform.part == HardPart.TRADER
    others = {name: platform.part == part for name, part in _OTHERS.items()}
    found = find_network(graph, given)
    ours = ranking_outcome(ranking(found, graph.n), member, given, others)
    lanes = lane_outcome(found, member, given, others)
    rows = {case.name: ours | lanes | _hidden(graph, found, given, member, others)}
    for peer in PEERS if case.peers else ():
        score = peer_ranking(graph, given, peer)
        rows[f"{case.name}: {peer.replace('_', ' ')}"] = ranking_outcome(score, member, given, others)
    return rows


def _hidden(graph: Graph, found: Found, given: IntArray, member: Flags, others: dict[str, Flags]) -> Row:
    """What the rules that ship would hide; nan for the precision of nobody."""
    rows = hidden_by_default(graph, found, given)
    of_others = {f"{name} hidden": float(flags[rows].sum()) for name, flags in others.items()}
    right = float(member[rows].mean()) if len(rows) else float("nan")
    return {"hidden": float(len(rows)), "hidden precision": right, **of_others}


def _rewired(
    platform: HardPlatform, graph: Graph, given: IntArray, rng: np.random.Generator
) -> tuple[Graph, IntArray]:
    """Every account keeps how many it follows and how many follow it, but not whom."""
    follows = graph.follows
    targets = rng.permutation(follows.indices)
    return from_edges(follows.sources(), targets.astype(np.int64), graph.n), given


def _shuffled(
    platform: HardPlatform, graph: Graph, given: IntArray, rng: np.random.Generator
) -> tuple[Graph, IntArray]:
    """Accounts that have nothing in common."""
    return graph, np.sort(rng.choice(graph.n, len(given), replace=False))


def _ring(
    platform: HardPlatform, graph: Graph, given: IntArray, rng: np.random.Generator
) -> tuple[Graph, IntArray]:
    """Accounts that follow each other back for the sake of numbers."""
    rings = np.flatnonzero(platform.part == HardPart.RING)
    return graph, np.sort(rng.choice(rings, min(len(given), len(rings)), replace=False))

"""What it costs to frame an innocent account: hostile links until we act on it, and until PageRank lists it.

A worst-case attacker knows which accounts are confirmed. 20,000 accounts, 70 traders, 35 of them confirmed;
`DRAW` served for nothing else. The victims are ordinary accounts with a typical audience, no tie to a
confirmed account, and neither a minor's nor verified as far as the platform knows, so that no lane protects
them. Every link that the attacker makes, or gets made, counts one; an account that does the work is free.

Acted upon is, with everything else run again after each attack: for PageRank (undirected, restarted at the
confirmed accounts) to be among as many accounts as ours hides, or has over the threshold, on the platform
left alone; for ours to be hidden by the rule `suppress-network` of the shipped pack, or to be over the
threshold at all, which brings it to a person. The fewest links are found by going up in steps of 4 and then
halving to within 10 %, so an attack that works only between two steps is missed. Cells are the median over
the victims; "never (35)" says that all 35 links there are do not do it. The last line is the median of each
victim's cheapest attack of those that were run.

"dated" is a mend that does not ship: who is confirmed can be known only after it was confirmed, so ties of
confirmed accounts that began later are not looked at. It is the same attack at the same price, less those.

The cheapest attack here is the cheapest of those listed: nobody searched mixes against the learned weights.
Names of attacks after the program's name run only those (`A3 B2`); the whole takes ten minutes on one core.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from functools import cache
from itertools import zip_longest

import msgspec
import numpy as np
import polars as pl

from havenwall.model import LinkKind, Risk
from havenwall.network import find_network, make_risks
from havenwall.network.evidence import Links
from havenwall.network.graph import Csr, Graph, Names, from_pairs
from havenwall.network.roles import Hints
from havenwall.network.suite import peer_ranking
from havenwall.policy import EntityFacts, Match, default_pack
from havenwall.policy.fields import entity_values, risk_values
from havenwall.sandbox.hard import HardConfig, HardPart, generate_hard, seeds

ACCOUNTS, SEEDS, DRAW, VICTIMS = 20_000, 35, 800, 3
CAP = 2_000
STEP, NEAR = 4, 0.1
NOW = datetime(2026, 6, 1, tzinfo=UTC)
PACK = default_pack()
WHO, WAYS = ("pagerank", "ours", "dated"), ("hidden", "over")
RULE = [rule.id for rule in PACK.rules_on("risk")].index("suppress-network")

Unit = list[tuple[int, int]]
"""Follows, follower first, that the attacker makes together; accounts from n on are new."""


class Verdict(msgspec.Struct, frozen=True):
    """What becomes of one account after an attack."""

    over: bool
    hidden: bool


class Town:
    """One platform, its confirmed accounts, and the accounts that an attacker may use."""

    def __init__(self, draw: int) -> None:
        self.platform = generate_hard(HardConfig.scaled(ACCOUNTS), draw)
        self.graph, part = self.platform.graph(), self.platform.part
        self.n = self.graph.n
        self.rng = np.random.default_rng(draw)
        self.known = seeds(self.platform, SEEDS, self.rng)
        follows = self.graph.follows
        mark = np.zeros((self.n, 1), np.float32)
        mark[self.known] = 1
        heard, told = follows.gather(mark)[:, 0], follows.flipped.gather(mark)[:, 0]
        self.traders = self._of(part == HardPart.TRADER, heard + told)
        self.buyers = self._of(part == HardPart.BUYER, heard)
        self.victims = self._victims(part, (heard == 0) & (told == 0))

    def _of(self, flags: np.ndarray, near: np.ndarray) -> np.ndarray:
        rows = np.setdiff1d(np.flatnonzero(flags), self.known)
        return rows[np.argsort(-near[rows], kind="stable")]

    def _victims(self, part: np.ndarray, away: np.ndarray) -> np.ndarray:
        audience, known = self.graph.follows.flipped.degree, self.platform.hints
        free = (part == HardPart.ORDINARY) & away & ~known.minor & ~known.verified
        low, high = np.quantile(audience[part == HardPart.ORDINARY], (0.4, 0.6))
        return self.rng.choice(np.flatnonzero(free & (audience >= low) & (audience <= high)), VICTIMS, False)

    def attacked(self, links: Unit) -> Graph:
        """The platform's graph after an attack."""
        src, dst = np.array(links, np.int64).reshape(-1, 2).T
        n = max(self.n, int(src.max(initial=0)) + 1, int(dst.max(initial=0)) + 1)
        ids = [*self.platform.ids, *(f"account:~{number:06}" for number in range(n - self.n))]
        follows = self.graph.follows
        every = np.append(follows.sources(), src), np.append(follows.indices, dst)
        since = np.append(follows.since, np.full(len(src), NOW.timestamp())).astype(np.int64)
        between = {kind: self._grown(part, n, n) for kind, part in self.graph.between.items()}
        between[LinkKind.FOLLOW] = from_pairs(*every, (n, n), since=since, loops=False)
        uses = {kind: self._grown(part, n, part.columns) for kind, part in self.graph.uses.items()}
        return Graph(Names.from_series(pl.Series("names", ids)), between, uses, self.graph.things)

    def _grown(self, part: Csr, n: int, columns: int) -> Csr:
        more = np.full(n - self.n, part.indptr[-1])
        return Csr(np.append(part.indptr, more), part.indices, columns, part.since)

    def hints(self, n: int) -> Hints:
        """What the platform knows of its accounts; the new ones were made today."""
        known, more = self.platform.hints, n - self.n
        reports = np.bincount(known.reports.reported, minlength=n)
        return Hints(
            created=np.append(self.platform.created_at, np.full(more, int(NOW.timestamp() * 1e6))),
            minor=np.append(known.minor, np.zeros(more, bool)),
            own_signals=np.append(self.platform.hits, np.zeros(more)).astype(np.float32),
            reports=reports,
            verified=np.append(known.verified, np.zeros(more, bool)),
        )

    def late(self, links: Unit) -> Unit:
        """The links that touch no confirmed account."""
        known = set(self.known.tolist())
        return [(src, dst) for src, dst in links if src not in known and dst not in known]


def hides(risk: Risk) -> bool:
    """Whether the shipped rule hides an account with this risk, of which nothing else is known."""
    context = PACK.languages["risk"].context(risk_values(risk) | entity_values(risk.entity, EntityFacts()))
    return PACK.bundles["risk"].evaluate(context)[RULE] is Match.MATCH


class Acted:
    """Whether an account is acted upon after an attack, each asked once."""

    def __init__(self, town: Town) -> None:
        self.town = town
        self._told: dict[tuple[tuple[int, int], ...], dict[str, bool]] = {}
        alone = self._after(())
        self.listed = {"hidden": sum(alone.values()), "over": len(alone)}

    def _after(self, links: tuple[tuple[int, int], ...]) -> dict[str, bool]:
        """Whether the rule hides it, for each account over the threshold after an attack."""
        if links not in self._told:
            graph, known = self.town.attacked(list(links)), self.town.known
            found = find_network(graph, known, hints=self.town.hints(graph.n))
            risks = make_risks(Links(graph, 400), found, known, "run", NOW, 0, note="attack")
            self._told[links] = {risk.entity: hides(risk) for risk in risks if risk.over_threshold}
        return self._told[links]

    def ours(self, victim: int, links: Unit) -> Verdict:
        told, name = self._after(tuple(links)), self.town.platform.ids[victim]
        return Verdict(name in told, told.get(name, False))

    def peer(self, victim: int, links: Unit) -> int:
        """How many accounts PageRank puts before it."""
        graph = self.town.attacked(links)
        score = peer_ranking(graph, self.town.known, "walk")
        score[self.town.known] = -1
        return int((score > score[victim]).sum())


def fakes(town: Town, victim: int, each: int) -> Iterator[Unit]:
    """New accounts that follow some confirmed accounts and the victim."""
    for number in range(CAP):
        new = town.n + number
        yield [(new, int(seed)) for seed in town.rng.choice(town.known, each, False)] + [(new, victim)]


def accounts(rows: np.ndarray, victim: int) -> Iterator[Unit]:
    """Accounts that exist follow the victim."""
    yield from ([(int(row), victim)] for row in rows)


def mutual(rows: np.ndarray, victim: int) -> Iterator[Unit]:
    """The same, and the victim is tricked into following back."""
    yield from ([(int(row), victim), (victim, int(row))] for row in rows)


def tricked(rows: np.ndarray, victim: int) -> Iterator[Unit]:
    """Only the victim follows."""
    yield from ([(victim, int(row))] for row in rows)


def dressed(town: Town, victim: int) -> Iterator[Unit]:
    """New accounts that look lived in: they follow each other, and traders follow them back."""
    for number, unit in enumerate(fakes(town, victim, 3)):
        new, trader = town.n + number, int(town.traders[number % len(town.traders)])
        yield [*unit, (new, max(new - 1, town.n)), (new, trader), (trader, new)]


def mixed(victim: int, *kinds: np.ndarray, back: int = 0) -> Iterator[Unit]:
    """Accounts of several kinds in turn follow the victim; it follows each `back`-th of them back."""
    turns = zip_longest(*(rows.tolist() for rows in kinds))
    for number, row in enumerate(row for turn in turns for row in turn if row is not None):
        yield [(row, victim)]
        if back and number % back == 0:
            yield [(victim, row)]


ATTACKS: dict[str, tuple[str, Callable[[Town, int], Iterator[Unit]]]] = {
    "A2": ("new accounts, each follows 2 confirmed", lambda town, victim: fakes(town, victim, 2)),
    "A3": ("new accounts, each follows 3 confirmed", lambda town, victim: fakes(town, victim, 3)),
    "A10": ("new accounts, each follows 10 confirmed", lambda town, victim: fakes(town, victim, 10)),
    "B1": ("unconfirmed traders follow it", lambda town, victim: accounts(town.traders, victim)),
    "B2": ("buyers of the most confirmed follow it", lambda town, victim: accounts(town.buyers, victim)),
    "C1": ("confirmed accounts follow it", lambda town, victim: accounts(town.known, victim)),
    "C2": ("the same, and it follows back", lambda town, victim: mutual(town.known, victim)),
    "C3": ("it is tricked to follow confirmed", lambda town, victim: tricked(town.known, victim)),
    "D1": ("A3, following each other and traders", dressed),
    "D2": ("confirmed and traders in turn", lambda town, victim: mixed(victim, town.known, town.traders)),
    "D3": ("traders and buyers in turn", lambda town, victim: mixed(victim, town.traders, town.buyers[:70])),
    "D4": (
        "confirmed, traders, buyers in turn",
        lambda town, victim: mixed(victim, town.known, town.traders, town.buyers[:70]),
    ),
    "D5": (
        "the same, and it follows confirmed back",
        lambda town, victim: mixed(victim, town.known, town.traders, town.buyers[:70], back=3),
    ),
    "D6": (
        "confirmed and traders, it follows all back",
        lambda town, victim: mixed(victim, town.known, town.traders, back=1),
    ),
    "D7": (
        "traders and buyers, it follows traders back",
        lambda town, victim: mixed(victim, town.traders, town.buyers[: len(town.traders)], back=2),
    ),
}


def plan(attack: str, town: Town, victim: int) -> list[Unit]:
    """The units of an attack, as many as the cap allows."""
    town.rng = np.random.default_rng([DRAW, victim])
    units, links = [], 0
    for unit in ATTACKS[attack][1](town, victim):
        links += len(unit)
        if links > CAP:
            break
        if unit:
            units.append(unit)
    return units


def fewest(units: list[Unit], works: Callable[[int], bool]) -> float:
    """Links of the shortest start of an attack that works; infinite if none does."""
    failed, size = 0, 1
    while not works(size):
        if size == len(units):
            return float("inf")
        failed, size = size, min(size * STEP, len(units))
    while size - failed > max(1, NEAR * size):
        middle = (failed + size) // 2
        failed, size = (failed, middle) if works(middle) else (middle, size)
    return float(sum(len(unit) for unit in units[:size]))


def cost(acted: Acted, attack: str, victim: int) -> dict[str, float]:
    """The fewest links for each way of being acted upon."""
    units = plan(attack, acted.town, victim)
    links = lambda size: [link for unit in units[:size] for link in unit]  # noqa: E731
    ours = cache(lambda size: acted.ours(victim, links(size)))
    dated = cache(lambda size: acted.ours(victim, acted.town.late(links(size))))
    peer = cache(lambda size: acted.peer(victim, links(size)))
    told = {}
    for way, size in acted.listed.items():
        told[f"pagerank {way}"] = fewest(units, lambda at, most=size: peer(at) < most)
        told[f"ours {way}"] = fewest(units, lambda at, way=way: getattr(ours(at), way))
        told[f"dated {way}"] = fewest(units, lambda at, way=way: getattr(dated(at), way))
    return told


def shown(value: float, most: int) -> str:
    if np.isfinite(value):
        return f"{value:.0f}"
    return f">{most:,}" if most > 0.95 * CAP else f"never ({most})"


def times(ours: float, peer: float, most: int) -> str:
    """Ours by the peer; a lower bound where more links would have been to be had."""
    if not np.isfinite(peer):
        return "-"
    if np.isfinite(ours):
        return f"{ours / peer:.1f}"
    return f">{most / peer:.0f}" if most > 0.95 * CAP else "never"


def line(name: str, row: dict[str, float], most: int) -> None:
    cells = []
    for way in WAYS:
        values = [row[f"{who} {way}"] for who in WHO]
        cells += [shown(value, most) for value in values]
        cells += [times(values[1], values[0], most), times(values[2], values[0], most)]
    print(f"| {name} | " + " | ".join(cells) + " |", flush=True)


def medians(rows: list[dict[str, float]]) -> dict[str, float]:
    return {key: float(np.median([row[key] for row in rows])) for key in rows[0]}


def main() -> None:
    acted = Acted(Town(DRAW))
    town, listed = acted.town, acted.listed
    print(f"draw {DRAW}: {town.n:,} accounts, {town.graph.links:,} links, {len(town.known)} confirmed")
    print(f"left alone: {listed['over']} over the threshold, {listed['hidden']} of them hidden")
    audience = town.graph.follows.flipped.degree[town.victims]
    print(f"{VICTIMS} victims, with {', '.join(map(str, audience))} followers\n")
    heads = [f"{way}: {who}" for way in WAYS for who in (*WHO, "ours / pagerank", "dated / pagerank")]
    print("| attack | " + " | ".join(heads) + " |\n|---" + "|---" * len(heads) + "|")
    costs: list[list[dict[str, float]]] = [[] for _ in town.victims]
    longest = 0
    for attack in sys.argv[1:] or ATTACKS:
        rows = [cost(acted, attack, int(victim)) for victim in town.victims]
        for known, row in zip(costs, rows, strict=True):
            known.append(row)
        most = sum(len(unit) for unit in plan(attack, town, int(town.victims[0])))
        longest = max(longest, most)
        line(f"{attack} {ATTACKS[attack][0]}", medians(rows), most)
    cheapest = [{key: min(row[key] for row in rows) for key in rows[0]} for rows in costs]
    line("**cheapest**", medians(cheapest), longest)


if __name__ == "__main__":
    main()

"""Discovery of new tags while the network drifts from tag to tag, beside a plain frequency ratio.

Hard sandbox of 60,000 accounts whose network moves on to its next tag every 90 days. Day by day for 300 days:
the accounts of the network that are known are those confirmed (30 % of the traders there are, visible ones
first) and those that scoring, once a month on the graph of that day, puts over its threshold. Tags that the
network used before the first day are listed. What is proposed is answered by a person who knows the truth: a
right one is listed, a wrong one rejected. The look-alikes drift from tag to tag as well.

Second table: the listed tags are blocked on the first day. Members go on with a variant of each (letters
exchanged, inserted, left out, or digits added), and ten benign tags change to words one letter from blocked
ones.

Peer: the ratio of the shares of use, with the same window and least number of accounts, at three
thresholds, of which nobody could know the best beforehand. Arguments are seeds; the limits were chosen on
others (901 to 903).
"""

from __future__ import annotations

import sys
import time
from collections.abc import Callable
from copy import copy
from datetime import datetime, timedelta

import numpy as np
import polars as pl

from havenwall.detect.terms import DiscoveryConfig, find_terms
from havenwall.detect.terms.likeness import letters_of
from havenwall.detect.terms.tally import spelled, tally
from havenwall.model import LinkKind
from havenwall.network import Graph, find_network
from havenwall.network.graph import Csr, from_pairs
from havenwall.sandbox.hard import HardConfig, HardPart, HardPlatform, generate_hard

ACCOUNTS, DAYS, SEEDS = 60_000, 300, (1, 2, 3, 4, 5, 6)
CONFIRMED, FIRST_USES, FEW_USES, MONTH = 0.3, 20, 8, 30
MEMBERS = (HardPart.TRADER, HardPart.BUYER, HardPart.PROMOTER)
RATIOS = (2.0, 5.0, 20.0)
Find = Callable[[pl.DataFrame, set[str], dict[str, datetime], datetime], list[str]]


class World:
    """One platform, with what is known on each day and the truth."""

    def __init__(self, seed: int) -> None:
        self.only: set[str] | None = None
        config = HardConfig.scaled(ACCOUNTS, network_tags=8, tag_days=90)
        self.platform = generate_hard(config, 700 + seed)
        self.start = config.end - timedelta(days=DAYS)
        self.rng = np.random.default_rng(seed)
        self.uses = _uses(self.platform)
        self.mine = {letters_of(name) for name in _of_scene(self.platform, HardPart.TRADER)}
        member = pl.Series(np.isin(self.platform.part, MEMBERS))
        self.members = set(pl.Series(self.platform.ids).filter(member))
        self.known = self._known()

    def network(self, at: datetime) -> set[str]:
        """Accounts known to be of the network."""
        return self.known[min((at - self.start).days // MONTH, len(self.known) - 1)]

    def twentieth(self) -> dict[str, datetime]:
        """When members used each new tag of the network for the twentieth time; a variant of which they made
        fewer uses, but some, for the last."""
        ours = self.uses.filter(
            pl.col("account").is_in(list(self.members)) & pl.col("letters").is_in(list(self.mine))
        )
        rows = ours.sort("at").group_by("letters").agg("at").iter_rows()
        least = FIRST_USES if self.only is None else FEW_USES
        return {
            letters: at[min(len(at), FIRST_USES) - 1]
            for letters, at in rows
            if at[0] > self.start and len(at) >= least and letters in (self.only or self.mine)
        }

    def listed(self) -> dict[str, datetime]:
        """Tags that members used before the first day."""
        old = self.uses.filter(pl.col("account").is_in(list(self.members)) & (pl.col("at") <= self.start))
        return dict.fromkeys(self.mine & set(old["letters"]), self.start)

    def blocked(self) -> World:
        """This world, but members go on with variants of the listed tags, and benign tags come near them."""
        world, listed = copy(self), sorted(self.listed())
        variants = {tag: _varied(tag, number) for number, tag in enumerate(listed)}
        benign = sorted(set(self.uses["letters"]) - self.mine)
        near = {
            str(tag): _misspelled(listed[number % len(listed)], self.rng)
            for number, tag in enumerate(self.rng.choice(benign, 10, replace=False))
        }
        late, letters = pl.col("at") > self.start, pl.col("letters")
        ours = late & pl.col("account").is_in(list(self.members))
        changed = pl.when(ours).then(letters.replace(variants)).when(late).then(letters.replace(near))
        world.uses = self.uses.with_columns(letters=changed.otherwise(letters)).with_columns(term="letters")
        world.only, world.mine = set(variants.values()), self.mine | set(variants.values())
        return world

    def _known(self) -> list[set[str]]:
        graph, order = self.platform.graph(), self._confirmation_order()
        ids, found = np.array(self.platform.ids), []
        for day in range(0, DAYS, MONTH):
            at = self.start + timedelta(days=day)
            born = order[self.platform.created_at[order] < at.timestamp() * 1e6]
            seeds = np.sort(born[: round(CONFIRMED * len(born))])
            scored = find_network(_until(graph, int(at.timestamp())), seeds)
            found.append({*ids[seeds], *ids[scored.rows[scored.over_threshold]]})
        return found

    def _confirmation_order(self) -> np.ndarray:
        traders = np.flatnonzero(self.platform.part == HardPart.TRADER)
        weight = self.platform.visible[traders]
        return self.rng.choice(traders, len(traders), replace=False, p=weight / weight.sum())


def _varied(tag: str, number: int) -> str:
    middle = len(tag) // 2
    return (
        tag[: middle - 1] + tag[middle - 1 : middle + 1][::-1] + tag[middle + 1 :],
        tag[:middle] + "y" + tag[middle:],
        tag[:2] + tag[3:],
        tag + "24",
    )[number % 4]


def _misspelled(tag: str, rng: np.random.Generator) -> str:
    at = int(rng.integers(0, len(tag)))
    return tag[:at] + str(rng.choice([*"jkqvwxz"])) + tag[at + 1 :]


def _uses(platform: HardPlatform) -> pl.DataFrame:
    catalogue = platform.catalogues[LinkKind.TAG_USE]
    uses, ids = catalogue.uses, pl.Series(platform.ids)
    frame = pl.DataFrame(
        {
            "account": ids.gather(uses.account),
            "kind": pl.Series(["tag"]).gather(np.zeros(len(uses.at), np.int64)),
            "term": pl.Series(catalogue.names).str.strip_prefix("tag:").gather(uses.thing),
            "at": pl.Series(uses.at).cast(pl.Datetime("us", "UTC")),
        }
    )
    return spelled(frame)


def _of_scene(platform: HardPlatform, scene: HardPart) -> list[str]:
    catalogue = platform.catalogues[LinkKind.TAG_USE]
    return [catalogue.names[row].removeprefix("tag:") for row in np.flatnonzero(catalogue.scene == scene)]


def _until(graph: Graph, at: int) -> Graph:
    def cut(links: Csr) -> Csr:
        assert links.since is not None
        kept = links.since.astype(np.int64) <= at
        shape = (links.rows, links.columns)
        return from_pairs(
            links.sources()[kept], links.indices[kept].astype(np.int64), shape, since=links.since[kept]
        )

    between = {kind: cut(links) for kind, links in graph.between.items()}
    return Graph(graph.names, between, {kind: cut(links) for kind, links in graph.uses.items()}, graph.things)


def odds(config: DiscoveryConfig) -> Find:
    def find(uses: pl.DataFrame, network: set[str], listed: dict[str, datetime], at: datetime) -> list[str]:
        return [letters_of(one.term) for one in find_terms(uses, network, listed, at, config)]

    return find


def ratio(threshold: float) -> Find:
    config = DiscoveryConfig()

    def find(uses: pl.DataFrame, network: set[str], listed: dict[str, datetime], at: datetime) -> list[str]:
        counts = tally(uses, network, listed.keys(), at - config.window, at)
        ours, others = counts["network"] / counts["network"].sum(), counts["others"] / counts["others"].sum()
        over = (counts["network"] >= config.least) & (ours >= threshold * others)
        return counts.filter(over)["letters"].to_list()

    return find


class Outcome:
    """New tags, those proposed in time, and wrong proposals."""

    def __init__(self) -> None:
        self.new = self.in_time = self.right = self.wrong = 0
        self.uses: list[int] = []

    def run(self, world: World, find: Find) -> None:
        due, listed, rejected = world.twentieth(), world.listed(), set[str]()
        for day in range(1, DAYS + 1):
            at = world.start + timedelta(days=day)
            fresh = set(find(world.uses, world.network(at), listed, at)) - rejected - listed.keys()
            self.right += len(fresh & world.mine)
            rejected |= fresh - world.mine
            self.in_time += sum(tag in due and at <= due[tag] for tag in fresh)
            self.uses += [_uses_by(world, tag, at) for tag in fresh if tag in due]
            listed |= dict.fromkeys(fresh & world.mine, at)
        self.new += len(due)
        self.wrong += len(rejected)

    def row(self, name: str) -> str:
        total = self.right + self.wrong
        late = f"{np.median(self.uses):.0f}" if self.uses else "-"
        return (
            f"| {name} | {self.new} | {self.in_time} ({self.in_time / max(self.new, 1):.0%}) | {late} "
            f"| {total} | {self.wrong} ({self.wrong / max(total, 1):.0%}) |"
        )


def _uses_by(world: World, tag: str, at: datetime) -> int:
    mine = world.uses.filter((pl.col("letters") == tag) & (pl.col("at") <= at))
    return mine["account"].is_in(list(world.members)).sum()


HEAD = (
    "| method | new tags | proposed within 20 uses by members | median uses when proposed "
    "| proposals | of them wrong |\n|---|---|---|---|---|---|"
)


def main() -> None:
    began = time.perf_counter()
    worlds = [World(seed) for seed in map(int, sys.argv[1:] or SEEDS)]
    sizes = [len(world.known[-1]) for world in worlds]
    print(f"{len(worlds)} platforms of {ACCOUNTS:,}, known accounts in the end {sizes}", file=sys.stderr)
    methods = [(f"peer: ratio ≥ {one:g}", ratio(one)) for one in RATIOS]
    methods.insert(0, ("log-odds and co-use", odds(DiscoveryConfig())))
    for title, those in (
        ("Drift", worlds),
        ("Variants of blocked tags", [each.blocked() for each in worlds]),
    ):
        print(f"\n{title}\n{HEAD}")
        for name, find in methods:
            outcome = Outcome()
            for world in those:
                outcome.run(world, find)
            print(outcome.row(name), flush=True)
    print(f"{time.perf_counter() - began:.0f} s", file=sys.stderr)


if __name__ == "__main__":
    main()

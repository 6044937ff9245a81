"""Role typing on hard platforms: who ends in which lane, with and without the platform's hints.

200,000 accounts, 700 traders, 35 of them confirmed; the mean of `DRAWS`, on which nothing was tuned (the card
and the lanes were set on draws 100 to 107). The list is the R accounts, R the number of traders still
unknown, with the most followers that follow two confirmed accounts: a plain ranking, rich in mistakes. "all
over" is who would be enforced if every account of the platform were over the threshold.
"""

from __future__ import annotations

import time
from collections.abc import Iterator

import numpy as np

from havenwall.model import Lane, NetworkRole
from havenwall.network.graph import Graph
from havenwall.network.roles import LANES, ROLES, Features, Hints, RoleTable, Scorecard, fit_roles, type_roles
from havenwall.network.roles.rates import marked, sums
from havenwall.sandbox.hard import HardConfig, HardPart, HardPlatform, generate_hard, seeds

DRAWS = (201, 202, 203)
TUNED = 100
SEEDS = 35
CASES: tuple[tuple[str, dict[str, float]], ...] = (
    ("camouflage x1", {}),
    ("camouflage x3", {"camouflage": 3.0}),
    ("five times the contacts to victims", {"contacts": 40.0}),
    ("with 20 promoters", {"promoters": 20}),
)
NOBODY = np.empty(0, np.int64)
CLEARED = {HardPart.PRESS: 8, HardPart.LOOKALIKE: 25, HardPart.VICTIM: 15}
ROLE_OF = {
    HardPart.TRADER: NetworkRole.TRADER,
    HardPart.BUYER: NetworkRole.BUYER,
    HardPart.PROMOTER: NetworkRole.HUB,
    HardPart.VICTIM: NetworkRole.VICTIM,
    HardPart.PRESS: NetworkRole.PRESS,
    HardPart.LOOKALIKE: NetworkRole.LOOKALIKE,
}


class Case:
    """One platform, its confirmed accounts and the list."""

    def __init__(self, seed: int, changes: dict[str, float]) -> None:
        self.platform: HardPlatform = generate_hard(HardConfig.scaled(200_000, **changes), seed)
        self.graph: Graph = self.platform.graph()
        self.part = self.platform.part
        rng = np.random.default_rng(seed)
        self.known = seeds(self.platform, SEEDS, rng)
        self.rest = np.setdiff1d(np.arange(self.graph.n), self.known)
        self.cleared = np.sort(
            np.concatenate(
                [rng.choice(np.flatnonzero(self.part == part), size) for part, size in CLEARED.items()]
            )
        )

    def hints(self) -> Hints:
        known = self.platform.hints
        reports = np.bincount(known.reports.reported, minlength=self.graph.n)
        return Hints(
            created=self.platform.created_at,
            minor=known.minor,
            own_signals=self.platform.hits.astype(np.float32),
            reports=reports,
            verified=known.verified,
        )

    def listed(self, cleared: np.ndarray) -> np.ndarray:
        heard = sums(self.graph.follows, marked(self.graph.n, self.known))
        shared = sums(self.graph.follows.flipped, (heard >= 2).astype(np.float32))
        shared[self.known] = shared[cleared] = -1
        size = int((self.part == HardPart.TRADER).sum()) - SEEDS
        return np.argsort(-shared, kind="stable")[:size]

    def counts(self, rows: np.ndarray) -> np.ndarray:
        return np.bincount(self.part[rows], minlength=len(HardPart))

    def confusion(self, table: RoleTable) -> np.ndarray:
        grid = np.zeros((len(HardPart), len(ROLES)))
        np.add.at(grid, (self.part[self.rest], table.roles[self.rest]), 1)
        return grid

    def evident(self, table: RoleTable) -> np.ndarray:
        column = table.features.column
        silent = (column("buyers") >= 3) & (column("buyers_answered") < 0.5)
        return np.flatnonzero((self.part == HardPart.VICTIM) & (silent | (column("minor") > 0)))


def show(title: str, names: list[str], grid: np.ndarray) -> None:
    print(f"  {title:<34}" + "".join(f"{name[:11]:>12}" for name in names))
    for label, row in zip(LABELS, grid, strict=True):
        if row.sum():
            print(f"  {label:<34}" + "".join(f"{value:12.1f}" for value in row))


LABELS = [part.name.lower() for part in HardPart]


def lanes(cases: list[Case], *, hints: bool, cleared: bool) -> None:
    """Lanes within the list, and of everybody if everybody were over the threshold."""
    grids, enforced, evident, caught = [], [], [], []
    for case in cases:
        known = case.cleared if cleared else NOBODY
        table = type_roles(case.graph, case.known, known, hints=case.hints() if hints else None)
        top = case.listed(known)
        grids.append(np.stack([case.counts(top[table.lanes[top] == lane]) for lane in range(len(LANES))], 1))
        all_enforced = np.setdiff1d(table.in_lane(Lane.ENFORCEMENT), case.known)
        enforced.append(case.counts(all_enforced))
        evident.append(len(case.evident(table)))
        caught.append(np.isin(case.evident(table), all_enforced).sum())
    print(f"\n{'with' if hints else 'without'} hints{', 48 bystanders cleared' if cleared else ''}")
    names = [lane.value for lane in LANES]
    show("the list, by truth and lane", [*names, "all over"], np.column_stack([mean(grids), mean(enforced)]))
    print(f"  victims with evidence {np.mean(evident):.0f}, of them enforced if all were over {sum(caught)}")


def mean(values: list[np.ndarray]) -> np.ndarray:
    return np.mean(values, axis=0)


def roles(cases: list[Case], card: Scorecard | None = None) -> None:
    """Which role each part gets, hints given."""
    extra = {} if card is None else {"card": card}
    grids = [
        case.confusion(type_roles(case.graph, case.known, NOBODY, hints=case.hints(), **extra))
        for case in cases
    ]
    show("roles with hints, by truth", [role.value for role in ROLES], mean(grids))


def fitted() -> Scorecard:
    """A card fitted to 400 reviewed accounts of another platform."""
    case = Case(TUNED, {})
    rng = np.random.default_rng(0)
    table = type_roles(case.graph, case.known, NOBODY, hints=case.hints())
    near = np.flatnonzero(table.chance_of(NetworkRole.ORDINARY) < 0.9)
    rows = rng.permutation(np.setdiff1d(near, case.known))[:400]
    truth = [ROLE_OF.get(HardPart(part), NetworkRole.ORDINARY) for part in case.part[rows]]
    return fit_roles(Features(rows, table.features.values[rows]), truth)


def seconds(case: Case) -> Iterator[tuple[str, float]]:
    """The best of three, all but the transposes of the graph."""
    for name, rows in (("the list", case.listed(NOBODY)), ("200,000 accounts", None)):
        taken = []
        for _ in range(3):
            began = time.perf_counter()
            type_roles(case.graph, case.known, NOBODY, hints=case.hints(), rows=rows)
            taken.append(time.perf_counter() - began)
        yield name, min(taken)


def main() -> None:
    card = fitted()
    for name, changes in CASES:
        cases = [Case(seed, changes) for seed in DRAWS]
        links = np.mean([case.graph.links for case in cases])
        print(f"\n== {name}: draws {DRAWS}, {links / 1e6:.1f} million links ==")
        roles(cases)
        lanes(cases, hints=False, cleared=False)
        lanes(cases, hints=True, cleared=False)
        if not changes:
            lanes(cases, hints=True, cleared=True)
            print("\nafter fit_roles on 400 reviewed accounts of another platform")
            roles(cases, card)
            for size, best in seconds(cases[0]):
                print(f"  {size}: {best:.2f} s")


if __name__ == "__main__":
    main()

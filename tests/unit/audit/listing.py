"""A platform that always ranks the same list, and remembers what it was asked and told."""

from __future__ import annotations

from collections.abc import Sequence

from havenwall.audit.adapter import Act, Ask, AuditSurface, Profile


class Listing:
    """Offers `ranking` to everybody, less what they followed; every surface has the same."""

    name = "listing"
    surfaces = frozenset(AuditSurface)

    def __init__(self, ranking: Sequence[str]) -> None:
        self.ranking = list(ranking)
        self.asked: list[Ask] = []
        self.acts: list[Act] = []
        self.profiles: list[Profile] = []
        self.resets: list[int] = []
        self._followed: dict[str, set[str]] = {}

    def snapshot_id(self) -> str:
        return "listing-1"

    def reset(self, seed: int) -> None:
        self.resets.append(seed)
        self._followed.clear()

    def create_accounts(self, profiles: Sequence[Profile]) -> list[str]:
        self.profiles += profiles
        self._followed |= {f"their-{each.name}": set() for each in profiles}
        return [f"their-{each.name}" for each in profiles]

    def recommend(self, asks: Sequence[Ask]) -> list[list[str]]:
        self.asked += asks
        return [[e for e in self.ranking if e not in self._followed[a.account]][: a.k] for a in asks]

    def act(self, acts: Sequence[Act]) -> None:
        self.acts += acts
        for act in acts:
            self._followed[act.account].add(act.target)

"""What casework needs to know of the store."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Protocol

from havenwall.model import Action, Case, CaseClass, CaseTopic, Member, Risk, Standing


class CaseworkView(Protocol):
    """Answers about cases and entities."""

    def live_case(self, case_class: CaseClass, topic: CaseTopic, key: str = "") -> Case | None:
        """The newest case of the class, topic and key that is not closed."""
        ...

    def case(self, case_id: str) -> Case | None:
        """A case by its id."""
        ...

    def split_off(self, case: Case) -> set[str]:
        """Members of live cases that persons split off from a case, or from one of its class, topic and key
        before it."""
        ...

    def members(self, case_id: str) -> dict[str, Member]:
        """All members of a case, by entity."""
        ...

    def risks(self, entities: Iterable[str]) -> dict[str, Risk]:
        """The newest risk of each entity that has one."""
        ...

    def care(self, entities: Iterable[str]) -> set[str]:
        """Those of them that a signal says are for care only."""
        ...

    def labels(self, entities: Iterable[str]) -> dict[str, str]:
        """`confirmed`, `cleared` or `was_cleared` (too long ago to count), of those that have a label."""
        ...

    def standings(self, entities: Iterable[str]) -> dict[str, Standing]:
        """The standing of each entity that has one."""
        ...

    def actions(self, entities: Iterable[str]) -> list[Action]:
        """The present state of every action on the entities."""
        ...

"""What the stages of reports need to know of the store."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from havenwall.model import Case, Member, Report


class ReportsView(Protocol):
    """Reports that wait for a person."""

    def undecided(self, subjects: Sequence[str]) -> list[Report]:
        """Reports of these entities that wait for a person, oldest first."""
        ...


class CasesView(Protocol):
    """Cases and their members as they are now."""

    def case(self, case_id: str) -> Case | None:
        """A case by its id."""
        ...

    def members(self, case_id: str) -> dict[str, Member]:
        """All members of a case, by entity."""
        ...

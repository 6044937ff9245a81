"""Term lists that hold once and for all, and those that are kept up with while they are asked."""

from __future__ import annotations

from datetime import datetime

from havenwall.guard import follow
from havenwall.guard.terms.force import InForce
from havenwall.guard.terms.source import TermFiles


class Fixed:
    """What is in force, once and for all."""

    problem = None

    def __init__(self, state: InForce) -> None:
        self._state = state

    def fresh(self) -> InForce:
        """What is in force."""
        return self._state

    def refresh(self) -> bool:
        """There is nothing to look at."""
        return False

    def close(self) -> None:
        """There is nothing to wait for."""

    def newest(self) -> datetime | None:
        """There are no files."""
        return None


class Follower(follow.Follower[InForce]):
    """What is in force by the files as they are now. Safe to share between threads."""

    def __init__(self, files: TermFiles, every: float) -> None:
        """`every`: seconds between two looks.

        Raises:
            BadConfig, BadInput: as `TermFiles.load`.
        """
        super().__init__(files, every, "term lists")
        self._terms = files

    def newest(self) -> datetime | None:
        """When the newest list was written."""
        return self._terms.newest()

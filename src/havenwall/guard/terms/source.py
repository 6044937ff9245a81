"""The files a query guard is made of."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import msgspec

from havenwall.errors import BadInput
from havenwall.guard.follow import file_mark
from havenwall.guard.terms.benign import load_benign
from havenwall.guard.terms.force import InForce, put_in_force
from havenwall.guard.terms.help import load_help
from havenwall.guard.terms.sealed import SUFFIX, open_terms
from havenwall.match.listed.load import read_terms

Mark = tuple[tuple[str, int, int, int], ...]
"""Name, number on the disk and times of change of each file: differs when any of them was replaced."""


class TermFiles(msgspec.Struct, frozen=True, kw_only=True):
    """Sealed lists with all that is read beside them."""

    lists: Path | tuple[Path, ...]
    """A folder, for all sealed lists that lie in it; or files."""
    also: tuple[Path, ...] = ()
    """Sealed lists that count while they are there."""
    key_file: Path
    help: Path | None = None
    benign: tuple[Path, ...] = ()
    budget: float = 2.0

    def load(self, old: InForce | None = None) -> InForce:
        """Read everything. `old`: what was in force; where that had lists, a folder that is gone is an error.

        Raises:
            BadConfig, BadInput: a file cannot be read or is not right, or the budget is exceeded.
        """
        self._check(expected=bool(old and old.terms.version))
        found = [(path.name.removesuffix(SUFFIX), open_terms(path, self.key_file)) for path in self._found()]
        return put_in_force(read_terms(found), load_help(self.help), load_benign(self.benign), self.budget)

    def mark(self) -> Mark:
        """What the files look like from outside; takes some microseconds a file."""
        beside = (self.key_file, *([self.help] if self.help else []), *self.benign)
        return tuple(map(file_mark, (*self._found(), *beside)))

    def newest(self) -> datetime | None:
        """When the newest list was written."""
        times = [path.stat().st_mtime for path in self._found() if path.exists()]
        return datetime.fromtimestamp(max(times), UTC) if times else None

    def _found(self) -> list[Path]:
        named = sorted(self.lists.glob(f"*{SUFFIX}")) if isinstance(self.lists, Path) else self.lists
        return list(dict.fromkeys((*named, *(path for path in self.also if path.exists()))))

    def _check(self, *, expected: bool) -> None:
        if not isinstance(self.lists, Path):
            return
        try:
            # One that is gone, or may not be looked into, is not a folder without lists.
            next(self.lists.iterdir(), None)
        except OSError as error:
            if expected or not isinstance(error, FileNotFoundError):
                raise BadInput("cannot be read", field=str(self.lists), hint=error.strerror) from None

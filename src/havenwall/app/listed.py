"""The sealed term lists as detection uses them: looked at again when a file changes."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import structlog

from havenwall.app.config import Config
from havenwall.app.proposals import sealed_lists
from havenwall.errors import HavenwallError

if TYPE_CHECKING:
    from havenwall.match.listed import Judge

_log = structlog.get_logger()
_Mark = tuple[tuple[Path, int, int], ...]


class SealedLists:
    """All sealed lists, loaded when first asked for and whenever one has changed."""

    def __init__(self, config: Config) -> None:
        self._config = config
        self._mark: _Mark = ()
        self._judge: Judge | None = None

    def __call__(self) -> Judge:
        """The lists as they are; those before, where the files as they are now are not right.

        Raises:
            BadConfig, BadInput: a list does not open or is not right, and there were none before.
        """
        mark = self._look()
        if self._judge is None or mark != self._mark:
            try:
                self._judge = self._load(mark)
            except HavenwallError as error:
                if self._judge is None:
                    raise
                _log.warning("term lists refused, the old ones stay in force", problem=str(error))
            self._mark = mark
        return self._judge

    def _look(self) -> _Mark:
        stats = ((path, path.stat()) for path in sealed_lists(self._config) if path.exists())
        return tuple((path, stat.st_ino, stat.st_mtime_ns) for path, stat in stats)

    def _load(self, mark: _Mark) -> Judge:
        from havenwall.guard.terms import SUFFIX, open_terms
        from havenwall.match.listed import Judge, read_terms

        key = self._config.terms_key_file
        return Judge(read_terms((path.name.removesuffix(SUFFIX), open_terms(path, key)) for path, *_ in mark))

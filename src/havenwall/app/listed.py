"""Lists as detection uses them: read again when a file changes, the old ones kept where it is not right."""

from __future__ import annotations

from collections.abc import Hashable
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec

from havenwall.app.config import Config
from havenwall.app.proposals import sealed_lists
from havenwall.detect import load_hashes
from havenwall.detect.detectors import MediaHashes
from havenwall.guard.follow import Follower, file_mark

if TYPE_CHECKING:
    from havenwall.match.listed import Judge


class SealedLists:
    """All sealed lists of terms, loaded when first asked for and whenever one has changed."""

    def __init__(self, config: Config) -> None:
        self._files = _SealedFiles(config=config)
        self._follower: Follower[Judge] | None = None

    def __call__(self) -> Judge:
        """The lists as they are; those before, where the files as they are now are not right.

        Raises:
            BadConfig, BadInput: a list does not open or is not right, and there were none before.
        """
        if self._follower is None:
            self._follower = Follower(self._files, 0, "sealed term lists")
        return self._follower.refreshed()


class ListedHashes:
    """One detector for each hash list of the settings, made anew when one has changed."""

    def __init__(self, paths: tuple[Path, ...]) -> None:
        """Raises BadInput when a list cannot be read or is not right."""
        self._follower = Follower(_HashFiles(paths=paths), 0, "hash lists")

    def __call__(self) -> tuple[MediaHashes, ...]:
        """The detectors by the lists as they are; those before, where a list is not right now."""
        return self._follower.refreshed()


class _SealedFiles(msgspec.Struct, frozen=True, kw_only=True):
    config: Config

    def mark(self) -> Hashable:
        return tuple(file_mark(path) for path in self._found())

    def load(self, old: Judge | None = None) -> Judge:
        from havenwall.guard.terms import SUFFIX, open_terms
        from havenwall.match.listed import Judge, read_terms

        key, found = self.config.terms_key_file, self._found()
        return Judge(read_terms((path.name.removesuffix(SUFFIX), open_terms(path, key)) for path in found))

    def _found(self) -> list[Path]:
        return [path for path in sealed_lists(self.config) if path.exists()]


class _HashFiles(msgspec.Struct, frozen=True, kw_only=True):
    paths: tuple[Path, ...]

    def mark(self) -> Hashable:
        return tuple(map(file_mark, self.paths))

    def load(self, old: tuple[MediaHashes, ...] | None = None) -> tuple[MediaHashes, ...]:
        return tuple(MediaHashes(load_hashes(path)) for path in self.paths)

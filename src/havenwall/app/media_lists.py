"""Lists of known pictures and clips that the settings name: read when first asked, and when they change."""

from __future__ import annotations

from collections.abc import Hashable
from pathlib import Path

import msgspec

from havenwall.app.config import Config
from havenwall.detect import load_hashes
from havenwall.detect.media.listed import list_search
from havenwall.detect.media.matching import Knows
from havenwall.detect.media.video.clip import load_clips
from havenwall.detect.media.video.known import KnownClips
from havenwall.guard.follow import Follower, file_mark

LOOK_EVERY = 1.0
"""Seconds between two looks at the files."""


class MediaLists(msgspec.Struct, frozen=True, kw_only=True):
    """What is in force."""

    hashes: Knows
    entries: int
    clips: KnownClips


class MediaListFiles(msgspec.Struct, frozen=True, kw_only=True):
    """The files of the settings."""

    hash_lists: tuple[Path, ...]
    clip_lists: tuple[Path, ...]

    def mark(self) -> Hashable:
        """What they look like from outside."""
        return tuple(map(file_mark, (*self.hash_lists, *self.clip_lists)))

    def load(self, old: MediaLists | None = None) -> MediaLists:
        """Read them all. Raises BadInput, with the file and the line, when one is not right."""
        lists = [load_hashes(path) for path in self.hash_lists]
        return MediaLists(
            hashes=list_search(lists),
            entries=sum(len(each.entries) for each in lists),
            clips=KnownClips(clip for path in self.clip_lists for clip in load_clips(path)),
        )


def follow_media_lists(config: Config, every: float = LOOK_EVERY) -> Follower[MediaLists]:
    """The lists of the settings, kept up with. Raises BadInput when one is not right."""
    files = MediaListFiles(hash_lists=config.hash_lists, clip_lists=config.clip_lists)
    return Follower(files, every, "lists of known media")

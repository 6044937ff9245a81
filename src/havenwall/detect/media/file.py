"""One file, picture or video → its hashes, decoded where it can do no harm."""

from __future__ import annotations

import hashlib
import io
import os
from collections.abc import Iterable
from typing import BinaryIO

from havenwall.detect.media.hash import digests
from havenwall.detect.media.matching import HashedMedia
from havenwall.detect.media.pool import DecodePool
from havenwall.detect.media.record import Digests, MediaRecord, Outcome, Want
from havenwall.detect.media.video.frames import Sampling
from havenwall.detect.media.video.reader import Tell, VideoBudget, read_clip
from havenwall.detect.media.video.sniff import HEAD, is_playlist, is_video

_CHUNK = 1 << 20
VARY = 1.0
"""Seconds between frames of a video whose variants are made: as far apart as a known clip's frames are."""


def hash_file(
    file: BinaryIO,
    pool: DecodePool,
    want: Want,
    *,
    segments: Iterable[bytes] | None = None,
    sampling: Sampling | None = None,
    budget: VideoBudget | None = None,
    tell: Tell | None = None,
) -> HashedMedia:
    """Hashes of an open file at its beginning; what cannot be read has an outcome and a reason.

    Args:
        segments: the parts that a playlist names, when the file is one.
        tell: hears of each frame of a video at once.

    Raises:
        NotReady: it is a video, and the package that decodes them is missing.
    """
    head = file.read(HEAD)
    file.seek(0)
    playlist = is_playlist(head)
    if playlist and segments is None:
        data = file.read(want.limits.most_bytes)
        reason = "a playlist names other files, which are not fetched"
        return HashedMedia(
            media=MediaRecord(
                digests=digests(data), size=len(data), outcome=Outcome.UNREADABLE, reason=reason
            )
        )
    if not playlist and not is_video(head):
        return HashedMedia(media=pool.hash_bytes(file.read(want.limits.most_bytes + 1), want))
    exact, size = digests_of(file)
    file.seek(0)
    chosen = sampling or (Sampling(vary=VARY) if want.variants else Sampling())
    clip = read_clip(segments if playlist and segments else file, chosen, budget, tell=tell)
    record = MediaRecord(digests=exact, size=size, outcome=clip.outcome, reason=clip.reason)
    return HashedMedia(media=record, clip=clip)


def in_memory(data: bytes) -> BinaryIO:
    """The bytes as an open file that a child can inherit, on no disk."""
    if not is_video(data[:HEAD]):
        return io.BytesIO(data)
    file = os.fdopen(os.memfd_create("media", os.MFD_CLOEXEC), "w+b")
    file.write(data)
    file.seek(0)
    return file


def digests_of(file: BinaryIO) -> tuple[Digests, int]:
    """Exact hashes of an open file, and its size in bytes."""
    md5, sha1 = hashlib.md5(usedforsecurity=False), hashlib.sha1(usedforsecurity=False)
    sha256, size = hashlib.sha256(), 0
    while part := file.read(_CHUNK):
        size += len(part)
        for each in (md5, sha1, sha256):
            each.update(part)
    return Digests(md5=md5.hexdigest(), sha1=sha1.hexdigest(), sha256=sha256.hexdigest()), size
